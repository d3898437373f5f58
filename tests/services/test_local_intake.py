"""The local intake as people handle it: the switch, the port, the key, and how it stands."""

from collections.abc import Iterator
from pathlib import Path

import keyring.errors
import pytest

from app.core import words_local_intake
from app.core.errors import SecretUnavailable, UsageError
from app.core.events import EventBus, LocalIntakeChanged
from app.core.redact import HIDDEN, Redactor
from app.core.words import Catalogue
from app.models.intake import Ledger
from app.models.local_intake import DEFAULT_PORT, IntakeSetups
from app.models.received import Received
from app.services.local_intake import KEY_VARIABLE, LocalIntake, free_port_near
from app.services.ownership import Ownership
from app.services.secrets import Secrets
from app.services.wording import Wordsmith
from tests.builders import a_store
from tests.fakes.ring import Ring
from tests.processes import Caller

STRONG = "x1Y" * 12


class Bench:
    """A local intake over a real store and a password store in memory."""

    def __init__(self, folder: Path) -> None:
        self.store = a_store(folder)
        self.clock = self.store.clock
        self.ring = Ring()
        self.environment: dict[str, str] = {}
        self.redactor = Redactor()
        self.ownership = Ownership(self.store.folder, self.clock)
        self.setups = IntakeSetups(self.store.database, self.clock)
        self.told: list[LocalIntakeChanged] = []
        self.bus = EventBus()
        self.bus.subscribe(LocalIntakeChanged, self.told.append)
        self.local = self.start()

    def start(self) -> LocalIntake:
        """The program, started anew."""
        database = self.store.database
        secrets = Secrets(
            "uid", self.redactor, backends=lambda: [self.ring], environment=self.environment
        )
        return LocalIntake(
            self.setups,
            Received(database, Ledger(database, self.store.outbox, self.clock), self.clock),
            secrets,
            self.ownership,
            Wordsmith(Catalogue(words_local_intake.SENTENCES)),
            self.bus,
            self.clock,
            self.environment,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.ownership.release()
    bench.store.database.close_thread()


def test_it_is_off_until_it_is_switched_on(bench: Bench) -> None:
    status = bench.local.status()
    assert (status.is_on, status.port, status.text) == (False, DEFAULT_PORT, "Off")
    with pytest.raises(UsageError) as refused:
        bench.local.is_key(b"anything")
    assert refused.value.code == "local_intake_off"


def test_the_first_switch_makes_a_key(bench: Bench) -> None:
    key = bench.local.switch(True, 9001, "ann")
    assert len(key) == 43
    assert bench.local.key() == key
    assert bench.local.is_key(key.encode())
    assert list(bench.ring.values.values()) == [key]
    status = bench.local.status()
    assert (status.is_on, status.address) == (True, "http://127.0.0.1:9001/intake")
    assert bench.told
    assert bench.local.switch(False, None, "ann") == ""
    assert bench.local.switch(True, None, "ann") == ""  # the key of before
    assert (bench.local.key(), bench.local.status().port) == (key, 9001)


def test_a_restart_keeps_the_key(bench: Bench) -> None:
    key = bench.local.switch(True, None, "ann")
    assert bench.start().is_key(key.encode())


def test_two_keys_differ(bench: Bench) -> None:
    bench.local.switch(True, None, "ann")
    assert len({bench.local.new_key("ann") for _ in range(20)}) == 20


def test_a_new_key_ends_the_old_one_in_every_process_at_once(bench: Bench) -> None:
    old = bench.local.switch(True, None, "ann")
    engine = bench.start()
    assert engine.is_key(old.encode())
    new = bench.local.new_key("ann")  # by another process
    assert not engine.is_key(old.encode())
    assert engine.is_key(new.encode())


@pytest.mark.parametrize("given", [b"", b"x", "é".encode(), b"\xff" * 43, b"x" * 10_000])
def test_other_bytes_are_no_key(bench: Bench, given: bytes) -> None:  # T9
    bench.local.switch(True, None, "ann")
    assert not bench.local.is_key(given)


def test_the_key_is_never_in_the_data_file_or_a_log_line(bench: Bench) -> None:  # E6
    key = bench.local.switch(True, None, "ann")
    bench.store.database.checkpoint()
    files = b"".join(file.read_bytes() for file in bench.store.folder.iterdir() if file.is_file())
    assert key.encode() not in files
    assert bench.redactor.clean(f"found {key} in it") == f"found {HIDDEN} in it"


def test_the_password_store_is_asked_once_for_many_calls(bench: Bench) -> None:
    key = bench.local.switch(True, None, "ann").encode()
    asked = bench.ring.asked
    assert all(bench.local.is_key(key) for _ in range(50))
    assert bench.ring.asked == asked + 1


def test_a_key_of_the_environment_counts(bench: Bench) -> None:
    bench.environment[KEY_VARIABLE] = STRONG
    assert bench.local.switch(True, None, "ann") == ""
    assert bench.local.is_key(STRONG.encode())
    assert bench.ring.values == {}
    with pytest.raises(UsageError) as refused:
        bench.local.new_key("ann")
    assert (refused.value.code, refused.value.params) == (
        "local_intake_key_set", {"variable": KEY_VARIABLE},
    )  # fmt: skip


@pytest.mark.parametrize("weak", ["test", "x" * 31])
def test_a_weak_key_of_the_environment_does_not(bench: Bench, weak: str) -> None:  # F2
    bench.environment[KEY_VARIABLE] = weak
    with pytest.raises(SecretUnavailable) as refused:
        bench.local.switch(True, None, "ann")
    assert refused.value.code == "local_intake_weak_key"
    assert not bench.local.status().is_on


def test_without_a_password_store_it_stays_off_and_says_how(bench: Bench) -> None:  # E2
    bench.ring.trouble = keyring.errors.NoKeyringError()
    with pytest.raises(SecretUnavailable) as refused:
        bench.local.switch(True, None, "ann")
    assert refused.value.code == "keyring_none"
    assert refused.value.params["variable"] == KEY_VARIABLE
    assert not bench.local.status().is_on


def test_a_new_key_that_cannot_be_kept_leaves_the_old_one(bench: Bench) -> None:
    old = bench.local.switch(True, None, "ann")
    bench.ring.trouble = keyring.errors.KeyringLocked()
    with pytest.raises(SecretUnavailable):
        bench.local.new_key("ann")
    bench.ring.trouble = None
    assert bench.local.is_key(old.encode())


def test_before_the_first_key_there_is_none_to_show(bench: Bench) -> None:
    with pytest.raises(SecretUnavailable) as refused:
        bench.local.key()
    assert refused.value.code == "local_intake_no_key"


@pytest.mark.parametrize("port", [0, 80, 1023, 65536, -1])
def test_some_ports_are_not_for_us(bench: Bench, port: int) -> None:
    with pytest.raises(UsageError) as refused:
        bench.local.switch(True, port, "ann")
    assert refused.value.code == "local_intake_port"
    assert bench.ring.values == {}


def test_it_says_whether_somebody_listens(bench: Bench) -> None:
    bench.local.switch(True, None, "ann")
    status = bench.local.status()
    assert (status.is_serving, status.trouble) == (False, "local_intake_idle")
    assert "backhaul run" in status.hint
    bench.ownership.take()
    assert bench.local.status().text == "Starting"
    bench.setups.stands(bench.clock.now_ms())
    status = bench.local.status()
    assert (status.is_serving, status.since) == (True, bench.clock.now_ms())
    assert status.text.startswith("Ready for other programs since ")
    bench.setups.stands(None, "local_intake_taken", {"port": 8765, "free": 8766})
    status = bench.local.status()
    assert (status.is_serving, status.text) == (False, "Port 8765 is used by another program")
    assert "8766" in status.hint
    trouble = bench.local.trouble()
    assert trouble is not None
    assert trouble.text == status.text
    bench.local.switch(False, None, "ann")
    assert bench.local.trouble() is None


def test_trouble_keeps_its_beginning(bench: Bench) -> None:
    bench.local.switch(True, None, "ann")
    bench.ownership.take()
    began = bench.clock.now_ms()
    bench.setups.stands(None, "local_intake_taken", {"port": 8765})
    bench.clock.advance(60)
    bench.setups.stands(None, "local_intake_taken", {"port": 8765})
    trouble = bench.local.trouble()
    assert trouble is not None
    assert trouble.since == began


def test_counts_add_up_over_threads_and_restarts(bench: Bench) -> None:
    bench.local.switch(True, None, "ann")

    def refuse() -> None:
        for _ in range(500):
            bench.local.count(has_key=False, is_refused=True)

    for caller in [Caller(refuse) for _ in range(4)]:
        caller.result()
    bench.local.keep_counts()
    bench.local.count(has_key=True, is_refused=True)
    bench.local.keep_counts()
    bench.local.keep_counts()
    status = bench.start().status()
    assert (status.refused, status.last_at) == (2001, bench.clock.now_ms())


def test_who_switched_it_is_in_the_history(bench: Bench) -> None:
    bench.local.switch(True, None, "ann")
    bench.local.switch(False, None, "bob")
    lines = [(line.what, line.actor) for line in bench.store.history.recent(3)]
    assert sorted(lines) == [
        ("local_intake_key", "ann"), ("local_intake_off", "bob"), ("local_intake_on", "ann"),
    ]  # fmt: skip


def test_a_free_port_is_one_above() -> None:
    found = free_port_near(40_000)
    assert found is not None
    assert 40_000 < found <= 40_020
    assert free_port_near(65_535) is None
