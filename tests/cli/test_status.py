"""`status` and `log`."""

from pathlib import Path

from app.bootstrap import opened_program
from app.core.errors import SetupChanged
from app.services.practice import Practice
from tests.builders import a_store, some_new_jobs
from tests.cli.console import ORDER, TRACKING, Console, Desk
from tests.cli.test_connections import STATUS_KEYS
from tests.cli.test_queue import ENTRY_KEYS


def test_nothing_runs_and_nothing_is_connected(backhaul: Console) -> None:
    assert backhaul.ok("status").lines == [
        "Nothing is running to send the queue. Start it with: backhaul run",
        "No system is connected yet. Connect one: backhaul connection add --list",
    ]
    assert backhaul.ok("status", "--json").rows == []


def test_a_running_engine_is_named_with_its_process(
    backhaul: Console, desk: Desk, folder: Path
) -> None:
    with opened_program(folder, True) as program:
        program.ownership.take()
        pid = program.ownership.owner_pid()
        assert backhaul.ok("status").lines[0] == f"Backhaul is running (process {pid})"
        (row,) = backhaul.ok("status", "--json").rows
        program.ownership.release()
    assert list(row) == [*STATUS_KEYS, "engine_running", "engine_pid"]
    assert (row["engine_running"], row["engine_pid"]) == (True, pid)


def test_a_backlog_is_said_with_its_cause(backhaul: Console, folder: Path) -> None:
    store = a_store(folder)
    store.enter(*some_new_jobs(25))
    store.connections.block(1, SetupChanged("ps_charge_missing", charge="Tracking"))
    store.database.close_thread()
    said = backhaul.ok("status")
    assert "Shop 1: The invoice has no charge named “Tracking”" in said.lines
    assert any("Waiting     25 rows, the oldest for " in line for line in said.lines)
    assert any("Backlog     25 rows wait, the oldest since " in line for line in said.lines)


def test_the_log_has_everything_in_order(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("ship", ORDER, TRACKING, "--wait")
    texts = [line.split("  ", 1)[1] for line in backhaul.ok("log").lines]
    assert texts == [
        "Front desk: Connected (by ann)",
        "row 1, Front desk: Entered (by ann)",
        "row 1, Front desk: Written and read back",
    ]
    rows = backhaul.ok("log", "--limit", "2", "--json").rows
    assert [row["what"] for row in rows] == ["entered", "run_succeeded"]
    assert list(rows[0]) == ENTRY_KEYS


def test_an_empty_log(backhaul: Console) -> None:
    assert backhaul.ok("log").out == "Nothing happened yet\n"
