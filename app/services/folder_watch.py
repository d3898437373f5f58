"""Looks into the watch folders every few seconds; each on a thread of its own.

Source: shipment intake contract, B1: polled, because file events come early, twice or never.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.clock import Clock
from app.core.errors import StorageError, UsageError
from app.core.events import AttentionChanged, EventBus, FolderChanged
from app.core.types import Params
from app.models.attention import Attention
from app.models.folders import Folders, WatchFolder
from app.services.folder_look import FolderLook
from app.services.folder_readiness import Readiness

logger = logging.getLogger(__name__)

TICK_S = 2.0
POLL_S = 3.0
DEADLINE_S = 30.0
"""A look that gives no sign for so long hangs in the share; the other folders go on."""

_NOTE_MS = 60_000  # how often a folder that is well says so
_FIRST_WAIT_S, _LONGEST_WAIT_S = 5.0, 300.0


@dataclass(slots=True)
class _Watched:
    """One folder between two looks; times are monotonic seconds."""

    readiness: Readiness = field(default_factory=Readiness)
    thread: threading.Thread | None = None
    sign_at: float = 0.0  # the look under way was alive then
    next_at: float = 0.0
    failures: int = 0
    trouble: str = ""
    setup: object = None  # under which settings it was looked into

    @property
    def is_looking(self) -> bool:
        """True while a look is under way."""
        return self.thread is not None and self.thread.is_alive()


class FolderWatch:
    """Called by the engine's scheduler; a share that hangs holds up nothing but itself."""

    def __init__(
        self,
        folders: Folders,
        attention: Attention,
        look: FolderLook,
        bus: EventBus,
        clock: Clock,
        end_thread: Callable[[], None],
    ) -> None:
        self._folders = folders
        self._attention = attention
        self._look = look
        self._bus = bus
        self._clock = clock
        self._end_thread = end_thread
        self._stopping = threading.Event()
        self._watched: dict[int, _Watched] = {}

    def tick(self) -> None:
        """Start a look into every folder that is due; returns at once.

        Raises: StorageError.
        """
        if self._attention.settle():
            self._bus.publish(AttentionChanged())
        folders = self._folders.all()
        for gone in self._watched.keys() - {folder.id for folder in folders}:
            del self._watched[gone]
        now = self._clock.monotonic()
        for folder in folders:
            one = self._watched.setdefault(folder.id, _Watched())
            setup = (folder.path, folder.connection_id, repr(folder.settings))
            if one.setup != setup:
                one.setup, one.next_at = setup, now
            if folder.failures == 0 < one.failures and not one.is_looking:  # a person asks
                one.failures, one.next_at = 0, now
            if one.is_looking:
                self._judge(folder, one, now)
            elif now >= one.next_at and not self._stopping.is_set():
                self._start(folder, one, now)

    @property
    def has_folders(self) -> bool:
        """True when the last tick found any."""
        return bool(self._watched)

    def stop(self, patience_s: float = 2.0) -> None:
        """No more looks; a file that is being entered stops after the commit under way."""
        self._stopping.set()
        for one in list(self._watched.values()):
            if one.thread is not None:
                one.thread.join(patience_s)

    def _start(self, folder: WatchFolder, one: _Watched, now: float) -> None:
        one.sign_at = now
        one.thread = threading.Thread(
            target=self._run, args=(folder, one), name=f"folder-{folder.id}", daemon=True
        )
        one.thread.start()

    def _judge(self, folder: WatchFolder, one: _Watched, now: float) -> None:
        """Tell a look that hangs; it is let alone, since nothing can end it."""
        if now - one.sign_at >= DEADLINE_S and one.trouble != "folder_hangs":
            self._note(folder, one, "folder_hangs", {"path": folder.path})

    def _run(self, folder: WatchFolder, one: _Watched) -> None:
        def sign() -> None:
            one.sign_at = self._clock.monotonic()

        code: str = ""
        params: Params = {}
        try:
            self._look.into(folder, one.readiness, self._stopping, sign)
        except (StorageError, UsageError) as error:
            logger.warning("folder %s: %s", folder.name, error)
            code, params = error.code, error.params
        except OSError as error:
            reason = error.strerror or str(error)
            code, params = "folder_unreachable", {"path": folder.path, "reason": reason}
        except Exception:  # a fault of the program: this folder only
            logger.exception("folder %s: a fault of the program", folder.name)
            code, params = "folder_fault", {"path": folder.path}
        try:
            self._ended(folder, one, code, params)
        except StorageError as error:
            logger.warning("folder %s: its state cannot be stored: %s", folder.name, error)
        finally:
            self._end_thread()

    def _ended(self, folder: WatchFolder, one: _Watched, code: str, params: Params) -> None:
        one.failures = one.failures + 1 if code else 0
        wait = POLL_S
        if code:
            wait = min(_FIRST_WAIT_S * 2 ** min(one.failures - 1, 10), _LONGEST_WAIT_S)
        one.next_at = self._clock.monotonic() + wait
        looked_at = folder.looked_at or 0
        was_well = folder.trouble_code == one.trouble == ""
        if code or not was_well or self._clock.now_ms() - looked_at >= _NOTE_MS:
            self._note(folder, one, code, params)

    def _note(self, folder: WatchFolder, one: _Watched, code: str, params: Params) -> None:
        is_news = code != one.trouble or code != folder.trouble_code or folder.looked_at is None
        one.trouble = code
        self._folders.stands(folder.id, code, params, one.failures)
        if is_news:
            self._bus.publish(FolderChanged(folder.id))
