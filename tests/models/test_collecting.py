"""Parcels that wait for each other: who waits, for how long, and what is said."""

import sqlite3

import pytest

from app.models.collecting import Wait, wait_for, wait_on, waiting
from app.models.rows import load
from tests.builders import Store, a_new_job


@pytest.fixture
def connection(store: Store) -> sqlite3.Connection:
    return store.database.connection()


def begin(store: Store, order: str, tracking: str, wait: Wait) -> int:
    """A job that waits for more of its group."""
    (entered,) = store.enter(a_new_job(order, tracking))
    now = store.clock.now_ms()
    store.database.write(lambda c: wait_on(c, entered.job_id, wait, now))
    return entered.job_id


@pytest.mark.parametrize(
    ("here", "packages", "collect_ms"), [(1, 1, 10_000), (3, 2, 10_000), (1, 0, 0), (1, 5, 0)]
)
def test_nothing_to_wait_for(here: int, packages: int, collect_ms: int) -> None:
    assert wait_for("g", here=here, packages=packages, collect_ms=collect_ms) == Wait(0)


@pytest.mark.parametrize(
    ("packages", "collect_ms", "code", "span"),
    [
        (0, 10_000, "collecting", "10 s"),
        (3, 119_000, "collecting_rest", "119 s"),
        (3, 120_000, "collecting_rest", "2 min"),
        (0, 1_500, "collecting", "1.5 s"),
    ],
)
def test_what_is_waited_for_is_said(packages: int, collect_ms: int, code: str, span: str) -> None:
    wait = wait_for("g", here=1, packages=packages, collect_ms=collect_ms)
    assert (wait.ms, wait.code) == (collect_ms, code)
    assert load(wait.params) == {"group": "g", "packages": packages, "here": 1, "wait": span}


def test_the_jobs_of_one_group_are_found(store: Store, connection: sqlite3.Connection) -> None:
    one = wait_for("one", here=1, packages=2, collect_ms=10_000)
    other = wait_for("other", here=1, packages=0, collect_ms=10_000)
    first = begin(store, "316132", "1Z1", one)
    second = begin(store, "316132", "1Z2", one)
    third = begin(store, "316132", "1Z3", other)
    begin(store, "3161320", "1Z4", one)  # another order, though its number begins alike
    store.enter(a_new_job("316132", "1Z5"))
    assert waiting(connection, 1, "316132", "one") == [first, second]
    assert waiting(connection, 1, "316132", "other") == [third]
    assert waiting(connection, 2, "316132", "one") == []


def test_what_waits_is_not_due_before_and_no_more_found_once_it_starts(
    store: Store, connection: sqlite3.Connection
) -> None:
    job_id = begin(store, "316132", "1Z1", wait_for("g", here=1, packages=2, collect_ms=10_000))
    assert store.outbox.claim(1, "lease") is None
    now = store.clock.now_ms()
    store.database.write(lambda c: wait_on(c, job_id, Wait(0), now))
    assert waiting(connection, 1, "316132", "g") == []
    claimed = store.outbox.claim(1, "lease")
    assert claimed is not None
    assert claimed.id == job_id


def test_they_are_found_by_index(connection: sqlite3.Connection) -> None:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    waiting(connection, 1, "316132", "g")
    connection.set_trace_callback(None)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert [row[3] for row in plan if "SCAN" in row[3]] == []
