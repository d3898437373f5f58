"""`queue list|groups|show|copy`."""

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from app.core.details import parse_details
from app.core.states import JobState
from app.services.practice import Practice
from tests.builders import a_new_job, a_store
from tests.cli.console import ORDER, TRACKING, Console, Desk
from tests.fakes.clock import FakeClock

SAMPLE = """{
    "id": 1596039456248,
    "type": "order.post",
    "notification": true,
    "data": {
        "invoice": "316132",
        "tracking": "1Z23966E0397467800"
    },
    "date": "2020-07-29T12:17:36-04:00"
}
"""
ROW_KEYS = [
    "row", "id", "type", "order", "tracking", "connection", "state", "phase", "text", "who",
    "hint", "cause", "since", "attempts", "attempts_allowed", "runs", "removing", "entered_at",
    "due_at", "finished_at", "proof",
]  # fmt: skip
ENTRY_KEYS = [
    "seq", "at", "row", "connection", "what", "text", "cause", "params", "spent", "answer", "actor",
]  # fmt: skip
PROOF_KEYS = ["sent", "held", "read_at", "was_there", "remote_id"]


@pytest.fixture
def every_state(folder: Path) -> dict[JobState, int]:
    """One row in each state, by state."""
    store = a_store(folder)
    rows = {
        state: store.put(state, a_new_job(f"A{n}", f"TRACK{n}"))
        for n, state in enumerate(JobState)
        if state is not JobState.PENDING
    }
    rows[JobState.PENDING] = store.put(JobState.PENDING, a_new_job("A99", "TRACK99"))
    store.database.close_thread()
    return rows


def test_an_empty_queue_says_so(backhaul: Console, desk: Desk) -> None:
    assert backhaul.ok("queue", "list").out == "Nothing waits, and nothing was written back yet\n"
    assert backhaul.ok("queue", "list", "--json").rows == []


def test_an_empty_queue_says_when_it_last_worked(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("ship", ORDER, TRACKING, "--wait")
    text = backhaul.ok("queue", "list").out
    assert text.startswith("Nothing waits. The last write-back succeeded ")
    assert text.endswith(" s ago\n")


def test_the_list_shows_what_a_person_needs(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    heads, row = backhaul.ok("queue", "list").lines
    assert heads.split() == [
        "Row", "Order", "Tracking", "Connection", "State", "Entered", "Attempts", "Next", "try",
    ]  # fmt: skip
    assert row.split()[:3] == ["1", ORDER, TRACKING]
    assert "Waiting for its turn" in row


def test_json_keys_are_stable(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("ship", ORDER, TRACKING, "--wait")
    (row,) = backhaul.ok("queue", "show", "1", "--json").rows
    assert list(row) == [*ROW_KEYS, "from", "history"]
    assert list(row["proof"]) == PROOF_KEYS
    assert all(list(entry) == ENTRY_KEYS for entry in row["history"])
    (row,) = backhaul.ok("queue", "list", "--state", "done", "--json").rows
    assert list(row) == ROW_KEYS
    for name in ("entered_at", "finished_at", "since"):
        assert datetime.fromisoformat(row[name]).utcoffset() is not None


@pytest.mark.parametrize(
    ("word", "states"),
    [
        ("all", {"pending", "in_flight", "in_doubt", "failed", "parked"}),
        ("waiting", {"pending"}),
        ("retrying", set()),
        ("sending", {"in_flight", "in_doubt"}),
        ("needs-you", {"failed"}),
        ("parked", {"parked"}),
        ("done", {"succeeded"}),
        ("bin", {"discarded"}),
    ],
)
def test_the_list_is_filtered_by_what_people_call_it(
    backhaul: Console, every_state: dict[JobState, int], word: str, states: set[str]
) -> None:
    rows = backhaul.ok("queue", "list", "--state", word, "--json").rows
    assert {row["state"] for row in rows} == states


def test_a_list_cut_short_says_so(backhaul: Console, every_state: dict[JobState, int]) -> None:
    said = backhaul.ok("queue", "list", "--limit", "2")
    assert len(said.lines) == 4
    assert said.lines[-1].startswith("These are the newest 2; ")


def test_the_list_of_one_connection(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    desk.enter("7", "1Z7", desk.connect("Back office"))
    (row,) = backhaul.ok("queue", "list", "--connection", "back office", "--json").rows
    assert row["order"] == "7"
    assert backhaul.fails("queue", "list", "--connection", "x").startswith("There is no connection")


def test_show_has_proof_and_history(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("ship", ORDER, TRACKING, "--wait")
    said = backhaul.ok("queue", "show", ORDER)
    assert said.lines[0] == f"Row 1, invoice {ORDER}, tracking {TRACKING}, Front desk"
    assert said.lines[1] == "  Done"
    assert f"“{TRACKING}”" in said.out
    assert "Written and read back" in said.out
    assert "Entered (by ann)" in said.out
    assert "Who must act" not in said.out


def test_show_says_who_must_act_and_what_to_do(backhaul: Console, shop: Practice) -> None:
    backhaul("ship", "999999", TRACKING, "--wait")
    said = backhaul.ok("queue", "show", "1")
    assert "  Needs you: PrintSmith has no invoice 999999" in said.lines
    assert "  Who must act  You" in said.lines
    assert any(line.startswith("  What to do    Check the number") for line in said.lines)


def test_show_says_how_to_do_it_by_hand(backhaul: Console, shop: Practice) -> None:
    shop.fault("printsmith", "status", method="PUT", code=422)
    backhaul("ship", ORDER, TRACKING, "--wait", "20")
    text = backhaul.ok("queue", "show", ORDER).out
    assert "To do it by hand" in text
    assert f"“ShipLeap Tracking”: {TRACKING}" in text


@pytest.mark.parametrize("text", ["1", ORDER, TRACKING, "1z 23966e 0397467800", "row:1"])
def test_a_row_is_found_by_any_number_it_has(backhaul: Console, desk: Desk, text: str) -> None:
    desk.enter()
    assert backhaul.ok("queue", "show", text).lines[0].startswith("Row 1, ")


def test_a_row_is_found_by_its_copied_id(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    copied = parse_details(backhaul.ok("queue", "copy", "1").out)
    assert backhaul.ok("queue", "show", str(copied["id"])).lines[0].startswith("Row 1, ")


def test_an_unknown_row(backhaul: Console, desk: Desk) -> None:
    text = "There is no row 55. List the rows with: backhaul queue list"
    assert backhaul.fails("queue", "show", "55") == text


def test_an_order_with_two_rows_needs_the_number(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    desk.enter(ORDER, "1ZOTHER")
    text = "2 rows fit “316132”. Use the row's number: backhaul queue list"
    assert backhaul.fails("queue", "show", ORDER) == text


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is fixed here")
def test_copied_details_are_the_sample_to_the_character(
    backhaul: Console, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", "America/New_York")
    time.tzset()
    desk = Desk(folder, FakeClock(1596039456248))
    desk.connect()
    desk.enter()
    assert backhaul.ok("queue", "copy", "1").out == SAMPLE
    desk.program.close()


def test_the_diagnosis_is_a_second_object(backhaul: Console, desk: Desk) -> None:
    desk.enter()
    details, diagnosis = backhaul.ok("queue", "copy", "1", "--with-diagnosis").out.split("\n}\n{")
    assert '"invoice": "316132"' in details
    assert '"state": "pending"' in diagnosis
    assert '"version"' in diagnosis


def test_groups_count_by_cause(backhaul: Console, shop: Practice) -> None:
    for number in ("77", "78", "79"):
        backhaul("ship", number, f"1Z{number}", "--wait")
    backhaul.ok("ship", ORDER, TRACKING)
    first, second = backhaul.ok("queue", "groups", "--json").rows
    assert (first["group"], first["count"], first["rows"]) == (1, 3, [1, 2, 3])
    assert (first["phase"], first["cause"]) == ("needs_you", "ps_invoice_not_found")
    assert (second["group"], second["count"], second["phase"]) == (4, 1, "waiting")
    assert backhaul.ok("queue", "groups").lines[1].split()[:2] == ["1", "3"]
