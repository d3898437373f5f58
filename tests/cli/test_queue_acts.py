"""`queue retry|discard|restore|park|done|edit`."""

from pathlib import Path

import pytest

from app.core.errors import SetupChanged
from app.core.states import JobState
from tests.builders import Store, a_new_job, a_store
from tests.cli.console import Console, Desk


@pytest.fixture
def store(folder: Path) -> Store:
    """Row 1 failed, row 2 waits, row 3 is done."""
    store = a_store(folder)
    store.put(JobState.FAILED, a_new_job("A1", "TRACK1"))
    store.put(JobState.PENDING, a_new_job("A2", "TRACK2"))
    store.connect("Other")
    store.enter(a_new_job("A3", "TRACK3", 2))
    store.acts.done([3], "by phone", "ann")
    return store


@pytest.fixture(autouse=True)
def _closed(store: Store) -> object:
    yield
    store.database.close_thread()


ACTS = [
    (("retry", "1"), 1, JobState.PENDING, "set to be tried again"),
    (("park", "1"), 1, JobState.PARKED, "parked; it goes on with: backhaul queue retry 1"),
    (("done", "2", "--reason", "by phone"), 2, JobState.SUCCEEDED, "closed as done by hand"),
    (("edit", "2", "--tracking", "TRACK 22"), 2, JobState.PENDING,
     "corrected, set to be tried again"),
    (("discard", "A2"), 2, JobState.DISCARDED,
     "removed; for 30 days it comes back with: backhaul queue restore 2"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "row", "state", "text"), ACTS)
def test_an_act_says_what_became_of_the_row(
    backhaul: Console, store: Store, words: tuple[str, ...], row: int, state: JobState, text: str
) -> None:
    said = backhaul.ok("queue", *words)
    assert said.lines == [f"Row {row}, invoice A{row}: {text}"]
    assert store.job(row).state is state
    assert store.history.of_job(row)[-1].actor == "ann"


def test_restore_brings_a_row_back_to_where_it_was(backhaul: Console, store: Store) -> None:
    backhaul.ok("queue", "discard", "1")
    assert backhaul.ok("queue", "restore", "1").lines == ["Row 1, invoice A1: put back"]
    assert store.job(1).state is JobState.FAILED


def test_several_rows_at_once_each_once(backhaul: Console, store: Store) -> None:
    said = backhaul.ok("queue", "discard", "1", "2", "A1")
    assert [line[:5] for line in said.lines] == ["Row 1", "Row 2"]


def test_a_row_that_does_not_allow_it_is_named_and_the_others_go_on(
    backhaul: Console, store: Store
) -> None:
    said = backhaul("queue", "retry", "1", "3")
    assert said.code == 1
    assert said.lines == ["Row 1, invoice A1: set to be tried again"]
    assert said.err == (
        "Row 3, invoice A3: not done. It is done already. There is nothing left to do with it.\n"
    )


def test_an_unknown_row_stops_all_of_it(backhaul: Console, store: Store) -> None:
    assert backhaul.fails("queue", "discard", "1", "55").startswith("There is no row 55.")
    assert store.job(1).state is JobState.FAILED


def test_a_row_that_is_being_sent_is_removed_later(backhaul: Console, store: Store) -> None:
    store.claim()
    said = backhaul.ok("queue", "discard", "2")
    assert said.lines[0].startswith("Row 2, invoice A2: is being sent now; removed when")
    assert store.job(2).removing


def test_the_reason_of_done_by_hand_is_kept(backhaul: Console, store: Store) -> None:
    backhaul.ok("queue", "done", "1", "--reason", "wrote it in by phone")
    assert "Done by hand: wrote it in by phone (by ann)" in backhaul.ok("queue", "show", "1").out


@pytest.mark.parametrize(
    "words",
    [
        ("done", "1", "--reason", " "),
        ("edit", "1"),
        ("edit", "1", "2", "--tracking", "X"),
        ("retry",),
        ("retry", "1", "--group", "1"),
    ],
)
def test_wrong_usage_changes_nothing(backhaul: Console, store: Store, words: list[str]) -> None:
    said = backhaul("queue", *words)
    assert said.code == 2
    assert "usage: backhaul queue" in said.err
    assert store.job(1).state is JobState.FAILED


def test_edit_shows_what_was_changed(backhaul: Console, store: Store) -> None:
    words = ("--order", "#B 7", "--carrier", "UPS", "--ship-date", "2026-11-21", "--cost", "12.50")
    backhaul.ok("queue", "edit", "1", *words)
    (row,) = backhaul.ok("queue", "show", "1", "--json").rows
    assert (row["order"], row["state"], row["attempts"]) == ("B 7", "pending", 0)
    assert row["history"][-1]["params"]["order_ref"] == "A1 → B 7"


@pytest.mark.parametrize("word", ["--tracking", "--order"])
def test_edit_refuses_what_is_no_number(backhaul: Console, store: Store, word: str) -> None:
    assert backhaul.fails("queue", "edit", "1", word, " ").startswith("There is no ")
    assert store.job(1).state is JobState.FAILED


def test_edit_into_a_shipment_that_is_there_already(backhaul: Console, store: Store) -> None:
    said = backhaul("queue", "edit", "1", "--order", "A2")
    assert said.code == 0
    said = backhaul("queue", "edit", "1", "--tracking", "TRACK2")
    assert said.code == 1
    assert "The same shipment is in the queue again" in said.err


def test_a_group_is_acted_on_as_a_whole(backhaul: Console, store: Store) -> None:
    store.acts.park([2], "ann")
    store.put(JobState.FAILED, a_new_job("A5", "TRACK5", 1))
    said = backhaul.ok("queue", "retry", "--group", "1")
    assert [line[:5] for line in said.lines] == ["Row 1", "Row 4"]


def test_a_group_that_is_gone_is_not_guessed(backhaul: Console, store: Store) -> None:
    text = "There is no group 77. List the groups with: backhaul queue groups"
    assert backhaul.fails("queue", "discard", "--group", "77") == text


def test_a_retry_at_a_stopped_connection_says_that_it_is_stopped(
    backhaul: Console, store: Store
) -> None:
    store.connections.block(1, SetupChanged("ps_charge_missing", charge="Tracking"))
    said = backhaul.ok("queue", "retry", "1")
    assert "Blocked: the invoice has no charge named “Tracking”. Check" in said.lines[0]


def test_rows_of_a_stopped_connection_are_one_group(backhaul: Console, store: Store) -> None:
    store.enter(a_new_job("A6", "TRACK6"))
    store.connections.block(1, SetupChanged("ps_charge_missing", charge="Tracking"))
    groups = backhaul.ok("queue", "groups", "--json").rows
    assert [(g["group"], g["rows"]) for g in groups] == [(2, [2, 4]), (1, [1])]


def test_acts_work_without_a_user_name(
    backhaul: Console, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    backhaul.ok("queue", "park", "1")
    assert store.history.of_job(1)[-1].actor == "unknown"


def test_beside_the_window_the_same_rows_are_seen(backhaul: Console, folder: Path) -> None:
    desk = Desk(folder)
    backhaul.ok("queue", "park", "2")
    assert desk.state(2) is JobState.PARKED
    desk.program.close()
