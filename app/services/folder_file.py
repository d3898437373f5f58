"""One file of a watch folder: read when it is finished, then taken away if that is wished."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import BinaryIO

from app.core.clock import Clock, from_ms
from app.core.events import AttentionChanged, EventBus
from app.models.attention import Attention, ItemKind, NewItem
from app.models.folders import FileMark, Files, Folders, WatchFolder
from app.services.folder_readiness import SETTLE_S, Readiness, Seen
from app.services.folder_settings import FolderSettings
from app.services.intake import IntakeSource
from app.services.intake_files import CarrierFile, FileIntake, FileResult, setup_of
from app.services.intake_reading import is_answer, is_whole_answer

TAIL_S = 30.0
"""A file that does not end with a line break must stand still for so much longer."""

DONE, FAILED = "done", "failed"
_ENDS = (b"\n", b"\r", b"\n\x00", b"\r\x00")


@dataclass(frozen=True, slots=True)
class Means:
    """What a look works with."""

    folders: Folders
    files: Files
    attention: Attention
    intake: FileIntake
    bus: EventBus
    clock: Clock

    def tell(self, item: NewItem) -> None:
        """Put before a person what only a person can settle, unless it is there already."""
        if self.attention.reopen(item):
            self.bus.publish(AttentionChanged())


class FolderFile:
    """A file of the list, and what is to be done with it."""

    def __init__(
        self,
        means: Means,
        folder: WatchFolder,
        settings: FolderSettings,
        seen: Seen,
        mark: FileMark | None,
    ) -> None:
        self._means = means
        self._folder = folder
        self._settings = settings
        self._seen = seen
        self._mark = mark
        self._path = Path(folder.path) / seen.name

    def handle(self, readiness: Readiness, stopping: Event, sign: Callable[[], None]) -> None:
        """Read it when it is finished and not read yet; raises what the look raises."""
        if self._is_read():
            readiness.done(self._seen.name)
            self._put_away(FAILED if self._is_failed() else DONE)
            return
        now = self._means.clock.monotonic()
        still_s = readiness.look(self._seen, now)
        is_final = self._tail(still_s)
        if is_final is None:
            if readiness.is_slow(self._seen.name, now):
                self._tell_slow()
            return
        if self._read(stopping, sign, is_final=is_final):
            readiness.done(self._seen.name)

    def leave_out(self, stopping: Event, sign: Callable[[], None]) -> None:
        """Note what is in it without entering it."""
        with self._path.open("rb") as stream:
            self._take(stream, None, stopping, sign, is_final=False, notes_only=True)

    def _is_read(self) -> bool:
        mark, seen = self._mark, self._seen
        if mark is None or (mark.size, mark.mtime) != (seen.size, seen.mtime):
            return False
        return mark.state in ("read", "skipped") or self._is_failed()

    def _is_failed(self) -> bool:
        """True when it could not be read with the settings of now."""
        mark = self._mark
        return (
            mark is not None
            and mark.state == "failed"
            and mark.setup == setup_of(self._settings.layout)
        )

    def _tail(self, still_s: float | None) -> bool | None:
        """None: it may be unfinished; else whether its end counts although no line break is there.

        A file that another program keeps locked is not finished yet: no error.
        """
        if still_s is None:
            return None
        try:
            with self._path.open("rb") as stream:
                if is_answer(stream):
                    return is_whole_answer(stream) or None
                stream.seek(-min(self._seen.size, 4), os.SEEK_END)
                tail = stream.read()
        except OSError:
            return None
        if tail.endswith(_ENDS):
            return False
        return True if still_s >= TAIL_S + SETTLE_S else None

    def _tell_slow(self) -> None:
        item = NewItem(
            ItemKind.SLOW_FILE,
            f"{self._folder.source}/{self._seen.name}",
            "file_slow" if self._seen.size else "file_stays_empty",
            {"file": self._seen.name},
            self._folder.source,
            self._seen.name,
            connection_id=self._folder.connection_id,
        )
        self._means.tell(item)

    def _source(self) -> IntakeSource:
        folder, settings = self._folder, self._settings
        return IntakeSource(
            folder.source,
            f"folder:{folder.name}",
            folder.connection_id,
            settings.collect_s,
            settings.prefix,
            settings.suffix,
        )

    def _read(self, stopping: Event, sign: Callable[[], None], *, is_final: bool) -> bool:
        """True when all that is in the file now was dealt with."""
        try:
            stream = self._path.open("rb")
        except OSError:  # gone, or locked since: the next look sees
            return False
        with stream:
            result = self._take(stream, self._mark, stopping, sign, is_final=is_final)
        if result.was_stopped:
            return False
        self._keep_layout(result)
        self._mark = self._means.files.of(self._folder.source).get(self._seen.name)
        self._put_away(FAILED if result.trouble else DONE)
        return True

    def _keep_layout(self, result: FileResult) -> None:
        """What was found out about the first file holds for all that come after it."""
        if result.layout and not self._settings.found and any(result.counts.values()):
            settings = self._settings.with_changes({"found": result.layout})
            self._means.folders.keep_settings(self._folder.id, settings.to_plain())
            self._settings = settings

    def _take(
        self,
        stream: BinaryIO,
        mark: FileMark | None,
        stopping: Event,
        sign: Callable[[], None],
        *,
        is_final: bool,
        notes_only: bool = False,
    ) -> FileResult:
        seen = self._seen
        return self._means.intake.take(
            self._source(),
            CarrierFile(seen.name, seen.size, seen.mtime, is_final),
            stream,
            self._settings.found or self._settings.layout,
            mark,
            actor="",
            fallback=self._settings.layout if self._settings.found else None,
            since=None if notes_only else _since(self._folder, self._settings),
            stopping=stopping,
            watch=lambda done, total: sign(),
            notes_only=notes_only,
        )

    def _put_away(self, where: str) -> None:
        """Move a file that was read out of the way, if that is wished; never one that was not."""
        mark = self._mark
        if self._settings.mode != "take" or mark is None or mark.state == "skipped":
            return
        target = _free_name(self._path.parent / where, self._seen.name, self._means.clock.now_ms())
        try:
            target.parent.mkdir(exist_ok=True)
            self._path.rename(target)
        except FileNotFoundError:
            return
        except OSError as error:
            self._tell_left(error)
            return
        self._read_rest(target, mark)
        self._means.files.forget(mark)
        self._means.attention.close_file(ItemKind.LEFT_BEHIND, self._folder.source, self._seen.name)

    def _read_rest(self, target: Path, mark: FileMark) -> None:
        """What another program wrote between our reading and our moving is in the moved file."""
        facts = target.stat()
        if facts.st_size == mark.size or mark.state == "failed":
            return
        self._seen = Seen(self._seen.name, facts.st_size, facts.st_mtime_ns)
        with target.open("rb") as stream:
            self._take(stream, mark, Event(), lambda: None, is_final=True)

    def _tell_left(self, error: OSError) -> None:
        item = NewItem(
            ItemKind.LEFT_BEHIND,
            f"{self._folder.source}/{self._seen.name}",
            "file_left_behind",
            {"file": self._seen.name, "reason": error.strerror or str(error)},
            self._folder.source,
            self._seen.name,
            connection_id=self._folder.connection_id,
        )
        self._means.tell(item)


def _since(folder: WatchFolder, settings: FolderSettings) -> date | None:
    """Rows shipped before this day are not entered."""
    if settings.start == "all":
        return None
    days = settings.start_days if settings.start == "days" else 1
    began = from_ms(folder.created_at).astimezone().date()
    return began - timedelta(days=days)


def _free_name(folder: Path, name: str, now_ms: int) -> Path:
    """Where a file goes without taking the place of another."""
    target = folder / name
    stem, stamp = Path(name).stem, from_ms(now_ms).astimezone().strftime("%Y%m%dT%H%M%S")
    number = 1
    while target.exists():
        more = stamp if number == 1 else f"{stamp}-{number}"
        target = folder / f"{stem}-{more}{Path(name).suffix}"
        number += 1
    return target
