"""Several processes write to one file: nothing is lost, nobody is refused, nobody starves."""

import sqlite3
import threading
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.models import gate
from tests.builders import Store, a_new_job, a_store, some_new_jobs
from tests.processes import Caller, Child, child, until


def orders(store: Store, stem: str) -> int:
    (count,) = store.rows("SELECT COUNT(*) FROM jobs WHERE order_ref GLOB ?", (f"{stem}*",))[0]
    return int(count)


def hammer(folder: Path, *, others: int, threads: int, each: int) -> None:
    """Other processes and threads of this one enter jobs one by one; all must be there."""
    store = a_store(folder)

    def enter(stem: str) -> None:
        for job in some_new_jobs(each, stem=stem):
            store.enter(job)
        store.database.close_thread()

    stems = [f"P{number}x" for number in range(others)]
    with (
        child("enter", folder, "X", each) as one,
        child("enter", folder, "Y", each) as two,
    ):
        children = [one, two]
        for each_child in children:
            assert each_child.hear() == "ready"
        for each_child in children:
            each_child.tell()
        callers = [Caller(lambda stem=stem: enter(stem)) for stem in stems[:threads]]
        assert [each_child.hear() for each_child in children] == ["[]", "[]"]
        for caller in callers:
            caller.result()
        assert [each_child.end() for each_child in children] == [0, 0]
    for stem in ("X", "Y", *stems[:threads]):
        assert orders(store, stem) == each
    ids = store.rows("SELECT COUNT(DISTINCT public_id), COUNT(*) FROM jobs")[0]
    assert ids[0] == ids[1] == each * (2 + threads)
    assert store.rows("SELECT COUNT(*) FROM history WHERE what = 'entered'") == [(ids[1],)]
    assert store.rows("PRAGMA integrity_check") == [("ok",)]
    store.database.close_thread()


def test_three_processes_lose_nothing_and_are_never_refused(tmp_path: Path) -> None:
    hammer(tmp_path, others=2, threads=2, each=400)


@pytest.mark.battery
@pytest.mark.timeout(300)
def test_three_processes_lose_nothing_in_a_long_run(tmp_path: Path) -> None:
    hammer(tmp_path, others=4, threads=4, each=5000)


def commits_waited(store: Store, hot: Child, writes: int) -> list[int]:
    """How many commits another process without gaps made while each of our writes waited."""
    assert hot.hear() == "ready"
    hot.tell()
    assert until(lambda: orders(store, "HOT") > 20)
    waited = []
    for number in range(writes):
        before = orders(store, "HOT")
        store.enter(a_new_job(f"mine{number}"))
        waited.append(orders(store, "HOT") - before)
    return waited


def test_writer_gets_in_while_another_process_writes_without_a_gap(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with child("enter_on", tmp_path, "HOT", "quietly") as hot:
        waited = commits_waited(store, hot, writes=20)
        hot.kill()
    assert orders(store, "mine") == 20
    assert max(waited) < 1000, waited
    store.database.close_thread()


def test_file_held_by_another_program_is_waited_for(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.database.checkpoint()
    store.database.close_thread()
    with child("hold", tmp_path) as scanner:
        assert scanner.hear() == "ready"

        def work() -> list[object]:
            found = [store.enter(a_new_job()), store.database.read("SELECT COUNT(*) FROM jobs")]
            store.database.close_thread()
            return found

        caller = Caller(work)
        caller.join(0.1)
        assert caller.is_alive(), "it did not wait"
        scanner.tell()
        assert caller.result() == [[(1, store.clock.now_ms(), True)], [(1,)]]


def test_file_held_too_long_is_said_and_nothing_was_written(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with child("hold", tmp_path) as scanner:
        store.database.close_thread()
        assert scanner.hear() == "ready"
        busy = sqlite3.connect(store.path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError) as caught:
            gate.patiently(lambda: busy.execute("BEGIN IMMEDIATE"), deadline_s=0.05)
        busy.close()
        assert gate.is_busy(caught.value)
        told = gate.storage_error(caught.value, "x")
        assert (type(told), told.code) == (StorageError, "store_busy")
        scanner.tell()
        assert scanner.end() == 0
    assert orders(store, "") == 0


def test_wait_asks_for_its_turn_and_ends_with_the_lock(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    asked = threading.Event()
    holder = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")

    def begin() -> None:
        own = sqlite3.connect(store.path, timeout=0, isolation_level=None)
        gate.patiently(lambda: own.execute("BEGIN IMMEDIATE"), ask_for_turn=asked.set)
        own.close()

    caller = Caller(begin)
    assert asked.wait(20)
    holder.execute("COMMIT")
    holder.close()
    caller.result()
    store.database.close_thread()
