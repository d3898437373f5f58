"""One look into a watch folder: finished files are read, and taken away if that is wished."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.events import EventBus
from app.models.attention import Attention, ItemKind
from app.models.folders import Files, Folders, WatchFolder
from app.services.folder_file import FolderFile, Means
from app.services.folder_readiness import Readiness, Seen, list_files, mount_of
from app.services.folder_settings import FolderSettings, settings_from_plain
from app.services.intake_files import FileIntake

_DAY_MS = 86_400_000


class FolderLook:
    """Called on the thread of a folder."""

    def __init__(
        self,
        folders: Folders,
        files: Files,
        attention: Attention,
        intake: FileIntake,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self._means = Means(folders, files, attention, intake, bus, clock)

    def into(
        self, folder: WatchFolder, readiness: Readiness, stopping: Event, sign: Callable[[], None]
    ) -> None:
        """Look once. `sign` is called whenever the folder answered.

        Raises: OSError when the folder cannot be reached; UsageError when its connection is gone;
        StorageError.
        """
        if not self._means.intake.has_connection(folder.connection_id):
            raise UsageError("folder_connection_gone", name=folder.name)
        settings = settings_from_plain(folder.settings)
        place = Path(folder.path)
        mount = mount_of(place)
        if folder.primed_at is not None and mount != folder.mount:
            raise OSError(0, f"what was mounted at {folder.mount} is not there")
        found = list_files(place, settings.patterns)
        sign()
        if folder.primed_at is None:
            self._prime(folder, settings, mount, found, stopping, sign)
        marks = self._means.files.of(folder.source)
        for gone in readiness.keep({seen.name for seen in found}):
            self._means.attention.close_file(ItemKind.SLOW_FILE, folder.source, gone)
        for seen in found:
            if stopping.is_set():
                return
            one = FolderFile(self._means, folder, settings, seen, marks.get(seen.name))
            one.handle(readiness, stopping, sign)
            sign()

    def _prime(
        self,
        folder: WatchFolder,
        settings: FolderSettings,
        mount: str,
        found: list[Seen],
        stopping: Event,
        sign: Callable[[], None],
    ) -> None:
        """Leave out what lay there before the folder was watched, as its owner chose."""
        from_ns = _from_ns(folder, settings)
        for seen in found:
            if seen.mtime < from_ns and seen.size and not stopping.is_set():
                FolderFile(self._means, folder, settings, seen, None).leave_out(stopping, sign)
        if not stopping.is_set():
            self._means.folders.prime(folder.id, mount)


def _from_ns(folder: WatchFolder, settings: FolderSettings) -> int:
    """Files changed before this moment (ns) are not read at first."""
    if settings.start == "all":
        return 0
    days = settings.start_days if settings.start == "days" else 0
    return (folder.created_at - days * _DAY_MS) * 1_000_000
