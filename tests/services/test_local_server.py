"""The server follows the switch, the port and the key; what is in the way is said."""

import errno
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring.errors
import pytest

from app.core.errors import StorageError
from app.core.events import StoreChanged
from app.services.local_server import LOOK_S, LocalServer, program_at
from tests.processes import until
from tests.services.test_local_intake import Bench

PORT, OTHER_PORT = 9001, 9002


class Fake:
    """A server that only says that it is there."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.lives = True

    def is_alive(self) -> bool:
        return self.lives

    def stop(self, patience_s: float) -> None:
        self.lives = False


class Served(Bench):
    """A local intake, and what would listen for it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ownership.take()
        self.made: list[Fake] = []
        self.taken: set[int] = set()
        self.tries = 0
        self.server = LocalServer(
            self.local, self.setups, self.serve, self.bus, self.clock,
            self.store.database.close_thread,
        )  # fmt: skip

    def serve(self, port: int) -> Fake:
        self.tries += 1
        if port in self.taken:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        self.made.append(Fake(port))
        return self.made[-1]

    @property
    def ports(self) -> list[int]:
        """Where somebody listens now."""
        return [one.port for one in self.made if one.lives]

    def settled(self, ports: list[int], trouble: str = "") -> bool:
        """Until it stands so."""
        return until(
            lambda: (
                self.ports == ports
                and self.local.status().trouble == trouble
                and self.local.status().is_serving == bool(ports)
            )
        )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.server.stop()
    served.ownership.release()
    served.store.database.close_thread()


def test_nothing_listens_until_it_is_switched_on(served: Served) -> None:
    served.server.start()
    assert served.clock.until_waiting()
    assert (served.tries, served.ring.asked) == (0, 0)
    served.local.switch(True, PORT, "ann")
    assert served.settled([PORT])
    served.local.switch(True, OTHER_PORT, "ann")
    assert served.settled([OTHER_PORT])
    served.local.switch(False, None, "ann")
    assert served.settled([])


def test_what_another_process_switched_is_followed(served: Served) -> None:
    served.server.start()
    assert served.clock.until_waiting()
    beside = served.start()
    beside._bus = type(served.bus)()  # of another process: nothing is heard of it here
    beside.switch(True, PORT, "ann")
    served.bus.publish(StoreChanged())
    assert served.settled([PORT])


def test_it_stands_as_switched_at_the_start(served: Served) -> None:
    served.local.switch(True, PORT, "ann")
    served.setups.stands(1, "")  # an engine that was killed left this behind
    served.server.start()
    assert served.settled([PORT])
    assert served.local.status().since == served.clock.now_ms()


def test_switching_on_twice_leaves_it_running(served: Served) -> None:
    served.local.switch(True, PORT, "ann")
    served.server.start()
    assert served.settled([PORT])
    served.local.switch(True, PORT, "ann")
    assert served.settled([PORT])
    assert len(served.made) == 1


def test_a_taken_port_is_told_and_tried_again(served: Served) -> None:  # F12
    served.taken.add(PORT)
    served.local.switch(True, PORT, "ann")
    served.server.start()
    assert served.settled([], "local_intake_taken")
    told = len(served.told)
    for _ in range(3):
        tries = served.tries
        assert until(lambda tries=tries: _passes(served) and served.tries > tries)
    assert len(served.told) == told  # told once
    served.taken.clear()
    assert until(lambda: _passes(served) and served.ports == [PORT])
    assert served.settled([PORT])


def _passes(served: Served) -> bool:
    served.clock.advance(LOOK_S)
    return True


def test_a_server_that_died_is_replaced(served: Served) -> None:
    served.local.switch(True, PORT, "ann")
    served.server.start()
    assert served.settled([PORT])
    served.made[0].lives = False
    assert until(lambda: _passes(served) and len(served.made) == 2)
    assert served.settled([PORT])


def test_a_locked_password_store_is_asked_once(served: Served) -> None:  # E1
    served.local.switch(True, PORT, "ann")
    served.ring.trouble = keyring.errors.KeyringLocked()
    served.server.start()
    assert served.settled([], "keyring_locked")
    asked = served.ring.asked
    for _ in range(5):
        waited = served.clock.monotonic()
        assert until(lambda waited=waited: _passes(served) and served.clock.until_waiting())
        assert served.clock.monotonic() > waited
    assert served.ring.asked == asked
    served.ring.trouble = None
    served.local.try_again()  # a person opened it
    assert served.settled([PORT])


def test_a_store_that_is_busy_is_no_end(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.local.switch(True, PORT, "ann")
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise StorageError("store_busy")

    with monkeypatch.context() as patch:
        patch.setattr(served.setups, "load", fail)
        served.server.start()
        assert failed.wait(20)
    assert until(lambda: _passes(served) and served.ports == [PORT])


def test_at_the_end_nobody_listens_and_counts_are_kept(served: Served) -> None:
    served.local.switch(True, PORT, "ann")
    served.server.start()
    assert served.settled([PORT])
    served.local.count(has_key=False, is_refused=True)
    served.server.stop()
    assert served.ports == []
    assert served.setups.load().serving_since is None
    assert served.setups.load().refused == 1
    served.local.switch(True, OTHER_PORT, "ann")
    assert served.ports == []


def test_it_stops_before_it_was_started(served: Served) -> None:
    served.server.stop()


def test_who_has_a_port_is_known_by_name() -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("only Linux tells")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = program_at(listening.getsockname()[1])
    assert found.endswith(f", process {os.getpid()}")
    assert program_at(1) == ""
