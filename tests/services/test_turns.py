"""Together or alone: a suspect job has the program to itself, and nobody waits for ever."""

import threading
from collections.abc import Iterator

import pytest

from app.services.turns import Turns
from tests.processes import Caller, until


class Runs:
    """Threads that hold a turn until they are let go."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.inside: list[str] = []
        self.seen_beside: dict[str, list[str]] = {}
        self._go: dict[str, threading.Event] = {}
        self._callers: dict[str, Caller] = {}

    def start(self, name: str, *, alone: bool = False) -> None:
        """Ask for a turn; whether it has one shows in `inside`."""
        self._go[name] = threading.Event()
        turn = self.turns.alone if alone else self.turns.together

        def run() -> None:
            with turn():
                self.seen_beside[name] = [*self.inside]
                self.inside.append(name)
                assert self._go[name].wait(20)
                self.inside.remove(name)

        self._callers[name] = Caller(run)

    def end(self, name: str) -> None:
        self._go[name].set()
        self._callers[name].result()

    def end_all(self) -> None:
        for event in self._go.values():
            event.set()
        for caller in self._callers.values():
            caller.result()


@pytest.fixture
def runs() -> Iterator[Runs]:
    runs = Runs()
    yield runs
    runs.end_all()


def waiting(runs: Runs) -> int:
    """Threads that asked for a turn and have none yet."""
    return len(runs.turns._free._waiters)  # type: ignore[attr-defined]


def test_ordinary_runs_share_the_program(runs: Runs) -> None:
    for name in "abc":
        runs.start(name)
    assert until(lambda: len(runs.inside) == 3)


def test_lone_run_waits_for_those_under_way_and_starts_when_the_last_ends(runs: Runs) -> None:
    runs.start("a")
    runs.start("b")
    assert until(lambda: len(runs.inside) == 2)
    runs.start("alone", alone=True)
    assert until(lambda: waiting(runs) == 1)
    runs.end("a")
    assert "alone" not in runs.inside
    runs.end("b")
    assert until(lambda: runs.inside == ["alone"])
    assert runs.seen_beside["alone"] == []


def test_later_runs_wait_behind_a_lone_one_so_that_it_is_not_starved(runs: Runs) -> None:
    runs.start("a")
    assert until(lambda: runs.inside == ["a"])
    runs.start("alone", alone=True)
    assert until(lambda: waiting(runs) == 1)
    runs.start("late")
    assert until(lambda: waiting(runs) == 2)
    runs.end("a")
    assert until(lambda: runs.inside == ["alone"])
    runs.end("alone")
    assert until(lambda: runs.inside == ["late"])


def test_lone_runs_go_one_after_another(runs: Runs) -> None:
    for name in ("one", "two", "three"):
        runs.start(name, alone=True)
    for _ in range(3):
        assert until(lambda: len(runs.inside) == 1)
        runs.end(runs.inside[0])
    assert list(runs.seen_beside.values()) == [[], [], []]


@pytest.mark.parametrize("alone", [True, False])
def test_run_that_fails_gives_its_turn_back(alone: bool) -> None:
    turns = Turns()

    def fail() -> None:
        with turns.alone() if alone else turns.together():
            raise LookupError("on purpose")

    with pytest.raises(LookupError):
        fail()
    with turns.alone():
        pass
    with turns.together():
        pass


def test_many_runs_of_both_kinds_all_end_and_none_is_beside_a_lone_one() -> None:
    turns, lock = Turns(), threading.Lock()
    inside: set[str] = set()
    broken: list[set[str]] = []

    def many(name: str, *, alone: bool) -> None:
        for _ in range(100):
            with turns.alone() if alone else turns.together():
                with lock:
                    inside.add(name)
                    if len(inside) > 1 and any(one.startswith("alone") for one in inside):
                        broken.append(set(inside))
                with lock:
                    inside.discard(name)

    callers = [
        Caller(lambda n=n: many(f"{'alone' if n % 3 == 0 else 'run'}{n}", alone=n % 3 == 0))
        for n in range(9)
    ]
    for caller in callers:
        caller.result()
    assert broken == []
