"""`status` and `log`."""

from pathlib import Path
from typing import Any

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
    more = ["engine_running", "engine_pid", "light", "lights", "activity"]
    assert list(row) == [*STATUS_KEYS, *more]
    assert (row["engine_running"], row["engine_pid"]) == (True, pid)


LIGHT_KEYS = [
    "light", "word", "text", "hint", "who", "calls", "ok", "refused", "failed", "not_reached",
    "error_rate", "median_ms", "last_success", "last_error",
]  # fmt: skip


def status_of(backhaul: Console) -> dict[str, Any]:
    (row,) = backhaul.ok("status", "--json").rows
    return row


def test_lights_come_from_what_other_commands_really_called(
    backhaul: Console, shop: Practice
) -> None:
    before = status_of(backhaul)
    assert (before["light"], before["lights"]["orders"]) == ("none", None)
    assert before["lights"]["write_back"]["text"] == "Nothing was sent yet"
    backhaul.ok("connection", "test", "Front desk")
    tested = status_of(backhaul)["lights"]["write_back"]
    assert tested["text"] == "Nothing was sent yet, sign-in works"
    assert (tested["light"], tested["calls"], tested["last_success"]) == ("none", 0, None)
    backhaul.ok("ship", ORDER, TRACKING, "--wait")
    after = status_of(backhaul)
    light = after["lights"]["write_back"]
    assert (after["light"], light["light"], light["word"]) == ("green", "green", "Normal")
    assert list(light) == LIGHT_KEYS
    assert light["calls"] == light["ok"] >= 3
    assert light["median_ms"] >= 0
    done = after["activity"]
    assert done["shipment_in"]["ref"] == done["write_back_out"]["ref"] == ORDER
    assert done["order_in"] is None


def test_a_broken_server_is_told_with_the_section_behind_the_light(
    backhaul: Console, shop: Practice
) -> None:
    backhaul.ok("practice", "fault", "printsmith", "status", "--code", "500", "--times", "always")
    for number in range(3):
        backhaul("ship", f"31700{number}", f"{TRACKING[:-1]}{number}", "--wait", "1")
    light = status_of(backhaul)["lights"]["write_back"]
    assert (light["light"], light["ok"]) == ("red", 0)
    assert light["last_error"]["is_over"] is False
    assert "error 500" in light["last_error"]["text"]
    said = backhaul.ok("status").out
    assert "  Write-back: red. " in said
    assert "    Error rate    100 %" in said
    assert "  Orders: does not read orders" in said


def test_a_record_in_use_is_no_error(backhaul: Console, shop: Practice) -> None:
    shop.act("printsmith", "lock", invoice=ORDER, by="MARY")
    backhaul("ship", ORDER, TRACKING, "--wait", "1")
    light = status_of(backhaul)["lights"]["write_back"]
    assert (light["light"], light["failed"], light["last_error"]) == ("green", 0, None)


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
