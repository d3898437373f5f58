"""Watch folders as people handle them: add, edit, remove, try out, and how each stands."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.core.clock import Clock, clock_time
from app.core.errors import UsageError
from app.core.events import EventBus, FolderChanged
from app.models.attention import Attention, ItemKind
from app.models.folders import FileMark, Files, Folders
from app.models.folders import WatchFolder as WatchFolder
from app.services.connection_book import ConnectionBook
from app.services.folder_readiness import Seen, list_files
from app.services.folder_settings import FolderSettings, settings_from_plain
from app.services.folder_trial import Glance, Trials
from app.services.folder_trial import Trial as Trial
from app.services.wording import Wordsmith

_STALE_MS = 10 * 60_000
_SHOWN_FILES = 10
_TROUBLED = (ItemKind.REJECTED_FILE, ItemKind.SLOW_FILE, ItemKind.LEFT_BEHIND)


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
        self._trials = Trials(wordsmith)
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

    def look_soon(self, folder: WatchFolder) -> None:
        """A folder that could not be read is looked for at once, by whichever engine runs."""
        self._folders.forget_failures(folder.id)

    def try_out(self, path: Path, settings: FolderSettings, file: Path | None = None) -> Trial:
        """Look at the newest file of a folder, or at that one, entering nothing.

        Raises: UsageError folder_not_there, file_problem, or why the file is none that is read.
        """
        if file is None:
            found = self._require_there(path, settings.patterns)
            return self._trials.newest(path, found, settings)
        return self._trials.of(file, settings)

    def glance(self, path: Path, patterns: str) -> Glance:
        """What lies in a folder. May take as long as a share takes to answer.

        Raises: UsageError folder_not_there.
        """
        found = self._require_there(path, patterns)
        return Glance(len(found), os.access(path, os.W_OK))

    def source_names(self) -> Mapping[str, str]:
        """What people call the sources of folders in the ledger, removed ones included."""
        return self._folders.names()

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
        waiting = self._attention.newest_of(_TROUBLED, folder.source)
        if waiting is not None:
            said = self._wordsmith.say(waiting.code, waiting.params)
            return Light.YELLOW, said.summary, said.hint
        return Light.GREEN, self._wordsmith.text("Looked into {at}", at=at), ""


def with_found(settings: FolderSettings, layout: Mapping[str, Any]) -> FolderSettings:
    """The settings with what a look at a file found out about it."""
    return replace(settings, found=dict(layout))
