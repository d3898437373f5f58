"""Finds connections, by number or by the name people gave them."""

from collections.abc import Mapping

from app.core.errors import Param, UsageError
from app.core.types import ConnectionGate, ConnectionInfo
from app.integrations.base import Kind
from app.models.connections import Connections
from app.services.adapters import Finder


class ConnectionBook:
    """Reads only."""

    def __init__(self, connections: Connections, kind_named: Finder) -> None:
        self._connections = connections
        self._kind_named = kind_named

    def all(self) -> list[ConnectionInfo]:
        """Every connection, by name."""
        return self._connections.all()

    def gate(self, connection_id: int) -> ConnectionGate:
        """Why it sends nothing now, if so."""
        return self._connections.gate(connection_id)

    def names(self) -> dict[int, str]:
        """Names by id, removed connections included."""
        return self._connections.names()

    def kind_of(self, connection_id: int) -> Kind:
        """The kind of a connection, also of a removed one."""
        return self._kind_named(self._connections.kind_name(connection_id))

    def ways_of(self, connection_id: int) -> tuple[Kind, Mapping[str, Param]]:
        """Kind and settings of a connection; of a removed one the settings are forgotten."""
        found = self._connections.find(connection_id)
        return self.kind_of(connection_id), found.settings if found else {}

    def fields_sent(self, connection_id: int) -> frozenset[str]:
        """What of a shipment is sent there besides the tracking number, as it is set up now."""
        kind, settings = self.ways_of(connection_id)
        return kind.ship_fields - kind.ship_fields_off(settings)

    def why_kept(self, connection_id: int, field: str) -> str:
        """Why this field of a shipment is kept here and not sent; empty: it is sent."""
        kind, settings = self.ways_of(connection_id)
        if field not in kind.ship_fields:
            return f"{kind.title} takes none"
        if field in kind.ship_fields_off(settings):
            name = self.names().get(connection_id, kind.title)
            return f"switched off in the settings of {name}"
        return ""

    def kind(self, connection: ConnectionInfo) -> Kind:
        """What kind of system it is."""
        return self._kind_named(connection.kind)

    def named(self, name: str) -> ConnectionInfo:
        """The connection with that name, whatever its capitals.

        Raises: UsageError.
        """
        for connection in self.all():
            if connection.name.casefold() == name.casefold():
                return connection
        raise UsageError("connection_missing", name=name)

    def only_one(self, name: str | None) -> ConnectionInfo:
        """The named connection, or the only one there is.

        Raises: UsageError when there is none, or a choice.
        """
        if name is not None:
            return self.named(name)
        found = self.all()
        if not found:
            raise UsageError("connection_none")
        if len(found) > 1:
            raise UsageError("connection_needed", names=", ".join(c.name for c in found))
        return found[0]
