"""Attention items as people handle them: in words, resolved, ignored, carrier names mapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.carriers import BY_CODE, OTHER
from app.core.errors import UsageError
from app.core.events import AttentionChanged, EventBus
from app.models.attention import Attention
from app.models.attention import AttentionItem as AttentionItem
from app.models.attention import ItemKind as ItemKind
from app.models.attention import ItemState as ItemState
from app.models.folders import Folders
from app.services.connection_book import ConnectionBook
from app.services.wording import Wordsmith

TITLES: Mapping[ItemKind, str] = {
    ItemKind.REJECTED_ROW: "Row not read",
    ItemKind.REJECTED_FILE: "File not read",
    ItemKind.VOID_WRITTEN: "Void label",
    ItemKind.CARRIER: "New carrier name",
    ItemKind.SLOW_FILE: "Unfinished file",
    ItemKind.LEFT_BEHIND: "File not moved",
}


@dataclass(frozen=True, slots=True)
class ItemInWords:
    """One item, ready to show. `where`: folder or file with its row; may be empty."""

    item: AttentionItem
    title: str
    text: str
    hint: str
    who: str
    where: str
    connection: str


class AttentionService:
    """What only a person can settle."""

    def __init__(
        self,
        attention: Attention,
        folders: Folders,
        connections: ConnectionBook,
        wordsmith: Wordsmith,
        bus: EventBus,
    ) -> None:
        self._attention = attention
        self._folders = folders
        self._connections = connections
        self._wordsmith = wordsmith
        self._bus = bus

    def items(
        self, states: Sequence[ItemState] = (ItemState.OPEN,), limit: int = 1000
    ) -> list[ItemInWords]:
        """Items in those states, newest first."""
        names, folders = self._connections.names(), self._folders.names()
        return [
            self._in_words(item, names, folders) for item in self._attention.items(states, limit)
        ]

    def ids(self, states: Sequence[ItemState] = (ItemState.OPEN,)) -> list[int]:
        """The numbers of all items in those states, newest first."""
        return self._attention.ids(states)

    def some(self, item_ids: Sequence[int]) -> list[ItemInWords]:
        """Those items, newest first; at most some hundreds. What is not there is left out."""
        names, folders = self._connections.names(), self._folders.names()
        return [self._in_words(item, names, folders) for item in self._attention.some(item_ids)]

    def one(self, item_id: int) -> ItemInWords:
        """One item, whatever became of it.

        Raises: UsageError attention_missing.
        """
        item = self._attention.find(item_id)
        return self._in_words(item, self._connections.names(), self._folders.names())

    def count(self) -> int:
        """How many wait for a person."""
        return sum(self._attention.counts().values())

    def counts(self) -> dict[ItemKind, int]:
        """The same by kind."""
        return self._attention.counts()

    def resolve(self, item_ids: Sequence[int], actor: str, note: str = "") -> list[int]:
        """Settled by a person; returns the numbers of those that were open.

        Raises: UsageError attention_missing; then none was changed.
        """
        return self._close(item_ids, ItemState.RESOLVED, actor, note)

    def ignore(self, item_ids: Sequence[int], actor: str, note: str = "") -> list[int]:
        """Not wanted; the same thing does not come up again.

        Raises: UsageError attention_missing; then none was changed.
        """
        return self._close(item_ids, ItemState.IGNORED, actor, note)

    def map_carrier(self, item_id: int, code: str, actor: str) -> None:
        """Say which carrier a new name means; rows that come from now on have its code.

        Raises: UsageError attention_missing, attention_no_carrier, carrier_code_unknown.
        """
        item = self._attention.find(item_id)
        if item.kind is not ItemKind.CARRIER:
            raise UsageError("attention_no_carrier", item=item_id)
        if code.lower() not in BY_CODE:
            codes = ", ".join(known for known in BY_CODE if known != OTHER)
            raise UsageError("carrier_code_unknown", carrier=code, codes=codes)
        self._attention.map_carrier(item_id, str(item.params["name"]), code.lower(), actor)
        self._bus.publish(AttentionChanged())

    def _close(self, item_ids: Sequence[int], state: ItemState, actor: str, note: str) -> list[int]:
        for item_id in item_ids:
            self._attention.find(item_id)
        closed = self._attention.close(item_ids, state, actor, note)
        if closed:
            self._bus.publish(AttentionChanged())
        return closed

    def _in_words(
        self, item: AttentionItem, names: Mapping[int, str], folders: Mapping[str, str]
    ) -> ItemInWords:
        said = self._wordsmith.say(item.code, {"item": item.id, **item.params})
        return ItemInWords(
            item,
            self._wordsmith.text(TITLES[item.kind]),
            said.summary,
            said.hint,
            said.who,
            where(folders.get(item.source, ""), item.file, item.line),
            names.get(item.connection_id or 0, ""),
        )


def where(folder: str, file: str, line: int | None) -> str:
    """ "WorldShip: export.csv, row 12"."""
    place = f"{file}, row {line}" if file and line else file
    return f"{folder}: {place}" if folder and place else folder or place
