"""What the page says of folders and items, in the window's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.services.attention import ItemInWords, ItemKind, ItemState, where
from app.services.folders import FolderStatus, Light
from app.services.intake_counts import counts_text
from app.ui.connections.facts import Lamp, ago

_LAMPS = {
    Light.GREEN: (Lamp.GREEN, "Watching"),
    Light.YELLOW: (Lamp.YELLOW, "Watching, a file needs you"),
    Light.RED: (Lamp.RED, "Cannot be read"),
    Light.NONE: (Lamp.NONE, "Not looked into"),
}
_STATES = {
    "skipped": "lay there before",
    "failed": "could not be read",
}
_LOOKS: Mapping[ItemKind, tuple[str, str]] = {
    ItemKind.REJECTED_ROW: ("state_failed", "danger"),
    ItemKind.REJECTED_FILE: ("state_failed", "danger"),
    ItemKind.VOID_WRITTEN: ("state_failed", "danger"),
    ItemKind.CARRIER: ("state_doubt", "doubt"),
    ItemKind.SLOW_FILE: ("state_waiting", "warning"),
    ItemKind.LEFT_BEHIND: ("state_waiting", "warning"),
}
_HINTS = {
    "carrier_unknown": "Say below which carrier it is. Until then the name is sent as it is.",
    "folder_connection_gone": "Choose another one with Edit.",
}
"""Where the catalogue names a command."""

_NOT_RUNNING = "Nothing is read while Backhaul does not run."
_SHOWN_FILES = 3
_WATCHED = "every few seconds"


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file that was read: its name, when, and what became of its rows."""

    name: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """One folder, ready to show. `why` and `hint` are empty while it can be read."""

    status: FolderStatus
    lamp: Lamp
    word: str
    line: str
    why: str
    hint: str
    files: tuple[FileLine, ...]

    @property
    def id(self) -> int:
        """The folder's number."""
        return self.status.folder.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.status.folder.name

    @property
    def can_look(self) -> bool:
        """True while the next look is waited for; a folder that is well is looked into always."""
        return self.lamp is Lamp.RED and bool(self.status.connection)


def folder_facts(status: FolderStatus, now_ms: int) -> FolderFacts:
    """What a card shows at this moment."""
    lamp, word = _LAMPS[status.light]
    line, why, hint = "", "", ""
    if status.light is Light.GREEN:
        line = _WATCHED
    elif status.light is Light.NONE:
        at = status.looked_at
        word = f"Not looked into since {ago(at, now_ms)}" if at else "Not looked into yet"
        line = _NOT_RUNNING if at else ""
    else:
        why, hint = status.text, status.hint
    if not status.connection:
        word, hint = "Stopped", _HINTS["folder_connection_gone"]
    files = tuple(
        FileLine(Path(mark.name).name, ago(mark.read_at, now_ms), _file(mark.state, mark.counts))
        for mark in [one for one in status.files if one.state != "reading"][:_SHOWN_FILES]
    )
    return FolderFacts(status, lamp, word, line, why, hint, files)


def _file(state: str, counts: Mapping[str, int]) -> str:
    said = [text for text in (_STATES.get(state, ""), counts_text(counts)) if text]
    return "; ".join(said) or "no rows"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as the list shows it. `name` stands over `reason`, `kind` over `place`."""

    item: ItemInWords
    name: str
    reason: str
    kind: str
    place: str
    look: tuple[str, str]  # icon and colour token

    @property
    def id(self) -> int:
        """The item's number."""
        return self.item.item.id

    @property
    def is_open(self) -> bool:
        """True while it waits for a person."""
        return self.item.item.state is ItemState.OPEN


def item_line(one: ItemInWords) -> ItemLine:
    """What the list shows of it."""
    item = one.item
    look = _LOOKS[item.kind]
    if item.state is ItemState.RESOLVED:
        look = ("state_done", "success")
    elif item.state is ItemState.IGNORED:
        look = ("state_removed", "muted")
    in_file = where("", item.file, item.line)
    place = one.where.removesuffix(in_file).removesuffix(": ") or one.connection
    name = where("", Path(item.file).name, item.line) if item.file else one.title
    return ItemLine(one, name, one.text, one.title, place, look)


def hint_of(one: ItemInWords) -> str:
    """What to do, without naming a command."""
    return _HINTS.get(one.item.code, one.hint)


def closed_text(one: ItemInWords, now_ms: int) -> str:
    """ "Ignored by ann 5 min ago"; empty while it is open."""
    item = one.item
    if item.closed_at is None:
        return ""
    what = "Settled" if item.state is ItemState.RESOLVED else "Ignored"
    by = f" by {item.actor}" if item.actor else " by itself"
    note = f": {item.note}" if item.note else ""
    return f"{what}{by} {ago(item.closed_at, now_ms)}{note}"


def as_text(one: ItemInWords, now_ms: int) -> str:
    """An item as it is copied: a line for each fact."""
    item = one.item
    facts = (
        (one.title, one.text),
        ("Where", one.where),
        ("Connection", one.connection),
        ("What to do", hint_of(one) if item.closed_at is None else ""),
        ("Who must act", one.who if item.closed_at is None else ""),
        ("Since", ago(item.created_at, now_ms)),
        ("Now", closed_text(one, now_ms)),
        ("The row as read", item.text),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def items_text(count: int) -> str:
    """ "1 item", "17 items"."""
    return "1 item" if count == 1 else f"{count:,} items"
