"""Token buckets as stored: what is put comes back, and no two callers take the same token."""

from pathlib import Path

import pytest

from app.core.rates import Bucket, Rate
from tests.builders import Store, a_store
from tests.processes import Caller, child

BUCKET = Bucket(Rate(2.5, 10), 1_790_000_000_500, 1_790_000_000_000, 1_789_999_999_000)


def test_bucket_is_kept_per_connection_and_operation(store: Store) -> None:
    assert store.budgets.load(1, "write") is None
    assert store.budgets.update(1, "write", lambda found: BUCKET) == BUCKET
    assert store.budgets.load(1, "write") == BUCKET
    assert store.budgets.load(1, "") is None
    assert store.budgets.load(2, "write") is None


def test_change_is_given_what_was_stored(store: Store) -> None:
    seen: list[Bucket | None] = []

    def change(found: Bucket | None) -> Bucket:
        seen.append(found)
        return BUCKET

    store.budgets.update(1, "write", change)
    store.budgets.update(1, "write", change)
    assert seen == [None, BUCKET]


def test_refusal_stores_nothing(store: Store) -> None:
    store.budgets.update(1, "write", lambda found: BUCKET)

    def refuse(found: Bucket | None) -> Bucket:
        raise LookupError("no token")

    with pytest.raises(LookupError, match="no token"):
        store.budgets.update(1, "write", refuse)
    assert store.budgets.load(1, "write") == BUCKET


def test_bucket_outlives_the_process(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.budgets.update(1, "write", lambda found: BUCKET)
    store.database.close_thread()
    again = a_store(tmp_path, connections=0)
    assert again.budgets.load(1, "write") == BUCKET
    again.database.close_thread()


def test_no_token_is_taken_twice_over_threads_and_processes(tmp_path: Path) -> None:
    store = a_store(tmp_path)

    def one_more(found: Bucket | None) -> Bucket:
        return Bucket(Rate(1.0, 1), (found.tat_ms if found else 0) + 1, 0, 0)

    def many() -> None:
        for _ in range(100):
            store.budgets.update(1, "write", one_more)
        store.database.close_thread()

    with child("take_tokens", tmp_path, 100) as a, child("take_tokens", tmp_path, 100) as b:
        for process in (a, b):
            assert process.hear() == "ready"
        for process in (a, b):
            process.tell()
        for caller in [Caller(many), Caller(many)]:
            caller.result()
        assert [a.hear(), b.hear()] == ["done", "done"]
    found = store.budgets.load(1, "write")
    assert found is not None
    assert found.tat_ms == 400
    store.database.close_thread()
