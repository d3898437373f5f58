"""Watch folders as people handle them: add, edit, remove, try out, and how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.core.clock import Clock, clock_time
from app.core.errors import UsageError
from app.core.events import EventBus, FolderChanged
from app.core.intake import RejectedRow
from app.core.tracking import clean_order_ref
from app.models.attention import Attention, ItemKind, ItemState
from app.models.folders import FileMark, Files, Folders
from app.models.folders import WatchFolder as WatchFolder
from app.services.connection_book import ConnectionBook
from app.services.folder_readiness import Seen, list_files
from app.services.folder_settings import FolderSettings, settings_from_plain
from app.services.intake_reading import Examination, look_at, plain_layout
from app.services.intake_rows import is_return, order_ref
from app.services.wording import Wordsmith

_STALE_MS = 10 * 60_000
_SHOWN_FILES, _SHOWN_ROWS = 10, 20
_TROUBLED = frozenset({ItemKind.REJECTED_FILE, ItemKind.SLOW_FILE, ItemKind.LEFT_BEHIND})


class Light(StrEnum):
    """How a folder stands; green only when it was looked into in the last ten minutes."""

    GREEN = "green"
    YELLOW = "yellow"  # it works, but a file in it needs a person
    RED = "red"  # it cannot be read
    NONE = "none"  # nobody looked, or too long ago


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """One folder, ready to show. `looked_at`: ms since 1970; `files`: those read last."""

    folder: WatchFolder
    settings: FolderSettings
    connection: str
    light: Light
    text: str
    hint: str
    looked_at: int | None
    files: tuple[FileMark, ...]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What one row of a file would do: `reason` says why it would not be written."""

    line: int
    order: str
    tracking: str
    service: str
    will_write: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a look at the newest file of a folder showed; `file` empty: there is none."""

    file: str
    layout: Mapping[str, Any]
    guesses: tuple[tuple[str, str, str], ...] = ()  # what, value, why
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    rows: tuple[TrialRow, ...] = ()


class FolderService:
    """The watch folders of a data file."""

    def __init__(
        self,
        folders: Folders,
        files: Files,
        attention: Attention,
        connections: ConnectionBook,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self._folders = folders
        self._files = files
        self._attention = attention
        self._connections = connections
        self._wordsmith = wordsmith
        self._bus = bus
        self._clock = clock

    def all(self) -> list[FolderStatus]:
        """Every folder, by name."""
        names = {one.id: one.name for one in self._connections.all()}
        return [self._status(folder, names) for folder in self._folders.all()]

    def named(self, name: str) -> FolderStatus:
        """The folder with that name, whatever its capitals.

        Raises: UsageError folder_missing.
        """
        for status in self.all():
            if status.folder.name.casefold() == name.casefold():
                return status
        raise UsageError("folder_missing", name=name)

    def add(
        self,
        name: str,
        path: Path,
        connection_id: int,
        settings: FolderSettings,
        *,
        actor: str,
        anyway: bool = False,
    ) -> FolderStatus:
        """Watch a folder from now on; what lies there already is read as `settings.start` says.

        `anyway`: also when the folder cannot be read now.
        Raises: UsageError.
        """
        name = name.strip() or path.name
        self._require_free(name, path, 0)
        if not anyway:
            self._require_there(path)
        settings = settings.checked()
        folder_id = self._folders.add(name, str(path), connection_id, settings.to_plain(), actor)
        self._bus.publish(FolderChanged(folder_id))
        return self.named(name)

    def edit(
        self,
        folder: WatchFolder,
        *,
        name: str | None = None,
        path: Path | None = None,
        connection_id: int | None = None,
        changes: Mapping[str, Any] | None = None,
        actor: str,
        anyway: bool = False,
    ) -> None:
        """Store other settings; rows that were read stay read.

        Raises: UsageError.
        """
        settings = settings_from_plain(folder.settings).with_changes(changes or {})
        new_name, new_path = name or folder.name, path or Path(folder.path)
        self._require_free(new_name, new_path, folder.id)
        if path is not None and not anyway:
            self._require_there(path)
        self._folders.change(
            folder,
            name=new_name,
            path=str(new_path),
            connection_id=connection_id or folder.connection_id,
            settings=settings.to_plain(),
            actor=actor,
        )
        self._bus.publish(FolderChanged(folder.id))

    def remove(self, folder: WatchFolder, actor: str) -> None:
        """Watch it no more; its files and the rows of the queue stay as they are."""
        self._folders.remove(folder, actor)
        self._bus.publish(FolderChanged(folder.id))

    def try_out(self, path: Path, settings: FolderSettings, file: Path | None = None) -> Trial:
        """Look at the newest file of a folder, or at that one, entering nothing.

        Raises: UsageError folder_not_there, file_problem, or why the file is none that is read.
        """
        if file is None:
            found = self._require_there(path, settings.patterns)
            if not found:
                return Trial("", settings.layout)
            file = path / found[-1].name
        try:
            with file.open("rb") as stream:
                seen = look_at(stream, settings.found or settings.layout, _SHOWN_ROWS)
                if seen.errors and settings.found:  # another kind of file than the first
                    seen = look_at(stream, settings.layout, _SHOWN_ROWS)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError("file_problem", path=str(file), reason=reason) from error
        return self._trial(file.name, seen, settings)

    def source_names(self) -> Mapping[str, str]:
        """What people call the sources of folders in the ledger, removed ones included."""
        return self._folders.names()

    def _trial(self, file: str, seen: Examination, settings: FolderSettings) -> Trial:
        say = self._wordsmith.say
        return Trial(
            file,
            plain_layout(seen),
            tuple((g.what, g.value, say(g.why, g.params).summary) for g in seen.guesses),
            tuple(
                _sentence(say(note.code, note.params))
                for note in seen.warnings
                if note.code != "rows_rejected"  # each of them says why itself
            ),
            tuple(_sentence(say(note.code, note.params)) for note in seen.errors),
            tuple(self._trial_row(row.line_no, row.found, settings) for row in seen.found),
        )

    def _trial_row(self, line: int, found: Any, settings: FolderSettings) -> TrialRow:
        if isinstance(found, RejectedRow):
            why = self._wordsmith.say(found.code, found.params).summary
            return TrialRow(line, "", found.text, "", False, why)
        ref = order_ref(found.order_ref, settings.prefix, settings.suffix)
        reason = ""
        if found.is_void:
            reason = self._wordsmith.text("Void: takes its label back")
        elif is_return(found):
            reason = self._wordsmith.text("Return label: not written back")
        return TrialRow(
            line, ref or clean_order_ref(found.order_ref), found.tracking, found.service,
            not reason, reason,
        )  # fmt: skip

    def _require_free(self, name: str, path: Path, own_id: int) -> None:
        for other in self._folders.all():
            if other.id == own_id:
                continue
            if other.name.casefold() == name.casefold():
                raise UsageError("folder_name_taken", name=other.name)
            if Path(other.path) == path:
                raise UsageError("folder_path_taken", name=other.name, path=other.path)

    def _require_there(self, path: Path, patterns: str = "*") -> Sequence[Seen]:
        try:
            return list_files(path, patterns)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError("folder_not_there", path=str(path), reason=reason) from error

    def _status(self, folder: WatchFolder, names: Mapping[int, str]) -> FolderStatus:
        light, text, hint = self._stands(folder)
        connection = names.get(folder.connection_id, "")
        if not connection:
            said = self._wordsmith.say("folder_connection_gone", {"name": folder.name})
            light, text, hint = Light.RED, said.summary, said.hint
        files = self._files.last(folder.source, _SHOWN_FILES)
        settings = settings_from_plain(folder.settings)
        return FolderStatus(
            folder, settings, connection, light, text, hint, folder.looked_at, tuple(files)
        )

    def _stands(self, folder: WatchFolder) -> tuple[Light, str, str]:
        if folder.trouble_code:
            said = self._wordsmith.say(folder.trouble_code, folder.trouble_params)
            since = clock_time(folder.trouble_since or self._clock.now_ms())
            text = self._wordsmith.text("{why}, since {since}", why=said.summary, since=since)
            return Light.RED, text, said.hint
        looked_at = folder.looked_at
        if looked_at is None:
            return Light.NONE, self._wordsmith.text("Not looked into yet"), ""
        at = clock_time(looked_at)
        if self._clock.now_ms() - looked_at > _STALE_MS:
            text = self._wordsmith.text("Not looked into since {at}", at=at)
            return Light.NONE, text, self._wordsmith.text("Start Backhaul: backhaul run")
        waiting = [
            item for item in self._attention.items((ItemState.OPEN,))
            if item.source == folder.source and item.kind in _TROUBLED
        ]  # fmt: skip
        if waiting:
            said = self._wordsmith.say(waiting[0].code, waiting[0].params)
            return Light.YELLOW, said.summary, said.hint
        return Light.GREEN, self._wordsmith.text("Looked into {at}", at=at), ""


def _sentence(said: Any) -> str:
    return f"{said.summary}. {said.hint}".rstrip(". ")


def with_found(settings: FolderSettings, layout: Mapping[str, Any]) -> FolderSettings:
    """The settings with what a look at a file found out about it."""
    return replace(settings, found=dict(layout))
