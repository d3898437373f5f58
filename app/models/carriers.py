"""What people said about carriers: the names sources use for them, and links of their own."""

from app.models.database import Database


class CarrierWords:
    """Names are kept in small letters; codes are those of `core.carriers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self) -> dict[str, str]:
        """Name in small letters → carrier code."""
        return dict(self._database.read("SELECT name, code FROM carrier_names ORDER BY name"))

    def set_name(self, name: str, code: str) -> None:
        """That name, in small letters, means this carrier from now on."""
        sql = "INSERT OR REPLACE INTO carrier_names (name, code) VALUES (?, ?)"
        self._database.write(lambda c: c.execute(sql, (name, code)))

    def forget_name(self, name: str) -> None:
        """That name means nothing any more."""
        sql = "DELETE FROM carrier_names WHERE name = ?"
        self._database.write(lambda c: c.execute(sql, (name,)))

    def links(self) -> dict[str, str]:
        """Carrier code → the link that was put over ours."""
        return dict(self._database.read("SELECT code, link FROM carrier_links"))

    def set_link(self, code: str, link: str) -> None:
        """A link over ours."""
        sql = "INSERT OR REPLACE INTO carrier_links (code, link) VALUES (?, ?)"
        self._database.write(lambda c: c.execute(sql, (code, link)))

    def forget_link(self, code: str) -> None:
        """Ours holds again."""
        sql = "DELETE FROM carrier_links WHERE code = ?"
        self._database.write(lambda c: c.execute(sql, (code,)))
