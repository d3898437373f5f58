"""Keeps the local intake served while it is switched on, and says why when it cannot be."""

import errno
import logging
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.core.clock import Clock
from app.core.errors import SecretUnavailable, StorageError
from app.core.events import EventBus, LocalIntakeChanged, StorageTrouble, StoreChanged
from app.core.types import Params
from app.models.local_intake import IntakeSetup, IntakeSetups
from app.services.local_intake import LocalIntake, free_port_near

logger = logging.getLogger(__name__)

LOOK_S = 10.0
"""How often a port is tried again, and counts are stored, while it is switched on."""

_LONG_S = 3600.0
_ENDING_S = 3.0
_EVENTS = (LocalIntakeChanged, StoreChanged, StorageTrouble)


class Server(Protocol):
    """What answers at a port; it listens from the moment it is made."""

    def is_alive(self) -> bool: ...
    def stop(self, patience_s: float) -> None: ...


Serve = Callable[[int], Server]
"""Makes a server for a port. Raises: OSError."""


class LocalServer:
    """Follows the stored setup on a thread of its own: asking for the key may take seconds."""

    def __init__(
        self,
        local: LocalIntake,
        setups: IntakeSetups,
        serve: Serve,
        bus: EventBus,
        clock: Clock,
        end_thread: Callable[[], None],
    ) -> None:
        self._local = local
        self._setups = setups
        self._serve = serve
        self._bus = bus
        self._clock = clock
        self._end_thread = end_thread
        self._server: Server | None = None
        self._port = 0
        self._patience_s = 3.0
        self._since: int | None = None
        self._tried: tuple[int, int] | None = None  # port and key the password store refused
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="local-intake", daemon=True)
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin to follow; returns at once."""
        self._unsubscribe = [self._bus.subscribe(kind, self._changed) for kind in _EVENTS]
        self._thread.start()

    def stop(self, patience_s: float = 3.0) -> None:
        """Take no more calls; those under way are answered, for some seconds."""
        self._patience_s = patience_s
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(patience_s + _ENDING_S)

    def look(self, setup: IntakeSetup) -> None:
        """Serve as the setup says. Raises: StorageError."""
        if self._server is not None and not (
            setup.is_on and setup.port == self._port and self._server.is_alive()
        ):
            self._close(setup)
        if not setup.is_on:
            self._tried = None
            return
        if self._server is None:
            self._open(setup)
        elif setup.serving_since != self._since:
            self._tell(self._since)

    def _open(self, setup: IntakeSetup) -> None:
        if self._tried == (setup.port, setup.key_version) and setup.trouble_code:
            return  # the password store would ask a person again
        self._tried = None
        try:
            self._local.key()
        except SecretUnavailable as error:
            self._tried = (setup.port, setup.key_version)
            self._tell(None, setup, error.code, error.params)
            return
        try:
            self._server = self._serve(setup.port)
        except OSError as error:
            self._tell(None, setup, *_trouble(error, setup.port))
            return
        self._port, self._since = setup.port, self._clock.now_ms()
        logger.info("the local intake listens at port %d", setup.port)
        self._tell(self._since)

    def _close(self, setup: IntakeSetup) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop(self._patience_s)
            logger.info("the local intake listens no more at port %d", self._port)
            self._since = None
            if setup.serving_since is not None:
                self._tell(None)

    def _tell(
        self,
        since: int | None,
        setup: IntakeSetup | None = None,
        code: str = "",
        params: Params | None = None,
    ) -> None:
        """Store how it stands, if that is news."""
        if setup is not None and setup.trouble_code == code and setup.serving_since == since:
            return
        if code:
            logger.warning("the local intake is not served: %s", code)
        self._setups.stands(since, code, params)
        self._bus.publish(LocalIntakeChanged())

    def _changed(self, event: object) -> None:
        self._wake.set()

    def _watch(self) -> None:
        try:
            self._guarded(self._begin)
            while not self._stopping.is_set():
                self._wake.clear()
                is_on = self._guarded(self._step)
                self._clock.wait(self._wake, LOOK_S if is_on else _LONG_S)
        finally:
            self._guarded(self._end)
            self._end_thread()

    def _begin(self) -> bool:
        """What the last engine left behind says nothing of this one."""
        setup = self._setups.load()
        if setup.serving_since is not None or setup.trouble_code:
            self._setups.stands(None)
        return setup.is_on

    def _step(self) -> bool:
        if self._stopping.is_set():
            return False
        setup = self._setups.load()
        self.look(setup)
        self._local.keep_counts()
        return setup.is_on

    def _end(self) -> bool:
        server, self._server = self._server, None
        if server is not None:
            server.stop(self._patience_s)
            self._local.keep_counts()
            self._setups.stands(None)
        return False

    def _guarded(self, action: Callable[[], bool]) -> bool:
        """Whether it is switched on; after an error it is looked again soon."""
        try:
            return action()
        except StorageError as error:
            logger.warning("the local intake could not be looked after: %s", error)
        except Exception:  # a fault of the program: it looks again
            logger.exception("the local intake could not be looked after")
        return True


def _trouble(error: OSError, port: int) -> tuple[str, Params]:
    """Why a port cannot be had, as a code with parameters."""
    is_taken = error.errno in (errno.EADDRINUSE, errno.EACCES) or (
        getattr(error, "winerror", None) in (10013, 10048)
    )
    if not is_taken:
        return "local_intake_fault", {"port": port, "reason": error.strerror or str(error)}
    params: dict[str, str | int | None] = {"port": port, "free": free_port_near(port)}
    by = program_at(port)
    return ("local_intake_taken_by", {**params, "by": by}) if by else ("local_intake_taken", params)


def program_at(port: int) -> str:
    """The name of the program that listens at a port of this computer; empty where unknown.

    Known on Linux, for programs of the same user.
    """
    try:
        lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        listening = {
            fields[9]
            for fields in map(str.split, lines)
            if fields[3] == "0A" and int(fields[1].partition(":")[2], 16) == port
        }
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and listening & _sockets_of(process):
                name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
                return f"{name}, process {process.name}"
    except (OSError, ValueError, IndexError):
        pass
    return ""


def _sockets_of(process: Path) -> set[str]:
    found = set()
    try:
        for link in (process / "fd").iterdir():
            match = re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink()))
            if match:
                found.add(match.group(1))
    except OSError:  # of another user, or gone
        return found
    return found
