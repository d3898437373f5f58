"""What was typed into an assistant that was closed: offered again until Backhaul ends."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.connection_setup import Draft
from app.ui.connections.assistant_pages import Choice


@dataclass(frozen=True, slots=True)
class Kept:
    """Name and settings, as text by the name of their field. Never a secret."""

    choice: Choice
    texts: Mapping[str, str]


class Shelf:
    """One text per assistant: that of adding, and that of each connection that is edited."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}

    def take(self, connection_id: int) -> Kept | None:
        """What was kept, once. 0: of a connection that is not there yet."""
        return self._kept.pop(connection_id, None)

    def put(self, connection_id: int, kept: Kept) -> None:
        """Keep it until it is taken."""
        self._kept[connection_id] = kept


def without_secrets(draft: Draft) -> dict[str, str]:
    """The texts of a draft that may be kept."""
    return {"name": draft.name, **draft.typed}
