"""Records of other programs: each taken once by its key, with the job that stands for it."""

import threading

import pytest

from app.core.tracking import order_channel
from app.models.attention import Attention, ItemKind, NewItem
from app.models.chunk import LedgerRow, Target
from app.models.intake import Ledger
from app.models.received import Letter, Received
from tests.builders import Store, a_new_job

TARGET = Target(1, frozenset(), 0)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store.database, store.outbox, store.clock)


@pytest.fixture
def received(store: Store, ledger: Ledger) -> Received:
    return Received(store.database, ledger, store.clock)


def a_letter(
    key: str,
    tracking: str = "1Z1",
    *,
    order: str = "316132",
    what: str = "label",
    content: str = "c",
) -> Letter:
    job = a_new_job(order, tracking) if what == "label" else None
    facts = () if what == "void" else ("UPS", "Ground", "", "")
    row = LedgerRow(tracking, order_channel(order), "2026-09-21", None, facts, job)
    return Letter("http:1", key, content, order, what, row, TARGET)


def numbers(store: Store) -> list[str]:
    """Of rows that are to be sent."""
    sql = "SELECT tracking FROM jobs WHERE state = 'pending' ORDER BY tracking"
    return [row[0] for row in store.rows(sql)]


def test_a_record_is_found_by_key_number_and_job(received: Received, store: Store) -> None:
    (taken,) = received.enter([a_letter("A-77")], "till").taken
    receipt = taken.receipt
    assert taken.is_new
    assert (receipt.source_key, receipt.what, receipt.order_ref) == ("A-77", "label", "316132")
    assert (receipt.connection_id, receipt.at) == (1, store.clock.now_ms())
    assert received.one(receipt.id) == received.known(["A-77", "other"])["A-77"] == receipt
    assert receipt.job_id is not None
    assert received.of_job(receipt.job_id) == receipt
    assert received.one(99) is received.of_job(99) is None
    assert store.job(receipt.job_id).tracking == "1Z1"


def test_a_key_that_comes_again_is_taken_once(received: Received, store: Store) -> None:
    first = received.enter([a_letter("a")], "till").taken[0].receipt
    delivery = received.enter([a_letter("a", "1Z2", content="other"), a_letter("b", "1Z3")], "till")
    again, new = delivery.taken
    assert (again.receipt, again.is_new, new.is_new) == (first, False, True)
    assert received.count() == 2
    assert numbers(store) == ["1Z1", "1Z3"]


def test_twice_in_one_delivery_the_first_one_counts(received: Received, store: Store) -> None:
    taken = received.enter([a_letter("a"), a_letter("a", "1Z2")], "till").taken
    assert [one.is_new for one in taken] == [True, False]
    assert taken[0].receipt == taken[1].receipt
    assert numbers(store) == ["1Z1"]


def test_a_void_counts_before_the_label_of_its_own_delivery(
    received: Received, store: Store
) -> None:
    received.enter([a_letter("a")], "till")
    delivery = received.enter([a_letter("b", "1Z2"), a_letter("v", what="void")], "till")
    assert [one.receipt.what for one in delivery.taken] == ["label", "void"], "their own order"
    (changed,) = delivery.changed
    assert changed[2].value == "discarded"
    assert numbers(store) == ["1Z2"]


def test_a_return_makes_no_job(received: Received, store: Store) -> None:
    (taken,) = received.enter([a_letter("r", what="return")], "till").taken
    assert taken.receipt.job_id is None
    assert numbers(store) == []


def test_questions_come_once_with_the_records(received: Received, store: Store) -> None:
    item = NewItem(ItemKind.CARRIER, "speedy", "carrier_unknown", {"name": "Speedy"}, "http:1")
    received.enter([a_letter("a"), a_letter("v", "1Z9", what="void")], "till", [item])
    assert Attention(store.database, store.clock).counts() == {ItemKind.CARRIER: 1}


def test_many_callers_with_one_key_make_one_record(received: Received, store: Store) -> None:
    """A program that heard nothing sends again, while its first call is still at work."""
    gate, new = threading.Barrier(8), []

    def send() -> None:
        gate.wait()
        new.append(received.enter([a_letter("a")], "till").taken[0].is_new)
        store.database.close_thread()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False] * 7 + [True]
    assert (received.count(), numbers(store)) == (1, ["1Z1"])


def test_reads_are_by_index_however_many_records_there_are(
    received: Received, store: Store
) -> None:
    connection = store.database.connection()
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    received.count()
    received.one(1)
    received.of_job(1)
    received.known(["a"])
    connection.set_trace_callback(None)
    assert len(asked) == 4
    for sql in asked:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        scans = [row[3] for row in plan if row[3].startswith("SCAN")]
        assert [scan for scan in scans if "received" in scan] == [], sql
