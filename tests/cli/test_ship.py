"""`ship`: into the queue, and with --wait the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import opened_program
from app.core.states import JobState
from app.services.engine import Engine
from app.services.practice import Practice
from tests.cli.console import ORDER, TRACKING, Console, Desk

SHIP = ("ship", ORDER, TRACKING)


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """An engine elsewhere, as far as the command can tell."""
    with opened_program(folder, True) as program:
        engine = program.engine()
        engine.start()
        yield engine
        engine.stop()


def test_without_an_engine_it_is_queued_and_that_is_said(backhaul: Console, desk: Desk) -> None:
    said = backhaul.ok(*SHIP)
    assert said.lines == [
        "Row 1, invoice 316132: queued for Front desk",
        "Nothing is running to send it. Start it with: backhaul run (or add --wait)",
    ]
    assert desk.state(1) is JobState.PENDING


def test_the_number_is_stored_as_carriers_write_it(backhaul: Console, desk: Desk) -> None:
    backhaul.ok("ship", " #316132", "1z 239-66E 0397467800")
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert (row["order"], row["tracking"]) == (ORDER, TRACKING)


def test_a_second_entry_adds_nothing_and_says_so(backhaul: Console, desk: Desk) -> None:
    backhaul.ok(*SHIP)
    said = backhaul.ok(*SHIP)
    assert "already in the queue (" in said.lines[0]
    assert len(backhaul.ok("queue", "list", "--json").rows) == 1


def test_what_the_system_has_no_place_for_is_said(backhaul: Console, desk: Desk) -> None:
    said = backhaul.ok(*SHIP, "--carrier", "UPS", "--ship-date", "2026-11-21", "--cost", "12.50")
    text = "Kept with the row, but not sent: carrier, ship date (PrintSmith Vision takes none)"
    assert text in said.lines


def test_a_cost_that_is_not_sent_by_choice_is_said(backhaul: Console, desk: Desk) -> None:
    why = "switched off in the settings of Front desk"
    said = backhaul.ok(*SHIP, "--cost", "12.50")
    assert f"Kept with the row, but not sent: cost ({why})" in said.lines
    shown = f"  Shipping cost  12.50, kept here and not sent: {why}"
    assert shown in backhaul.ok("queue", "show", ORDER).lines
    backhaul.ok("connection", "edit", "Front desk", "--set", "write_cost=on")
    said = backhaul.ok("ship", ORDER, "1Z2", "--cost", "12.50")
    assert not [one for one in said.lines if "not sent" in one]
    assert "  Shipping cost  12.50" in backhaul.ok("queue", "show", "row:2").lines


def test_json_gives_the_row(backhaul: Console, desk: Desk) -> None:
    (row,) = backhaul.ok(*SHIP, "--json").rows
    assert (row["row"], row["state"], row["connection"]) == (1, "pending", "Front desk")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("ship", ORDER, "  "), "There is no tracking number. Enter the number of the label."),
        (("ship", "#", TRACKING), "There is no order number. "),
        (("ship", ORDER, "1Z/23966"), "“1Z/23966” holds characters that no tracking number has. "),
        (("ship", ORDER, "1" * 51), "A tracking number has at most 50 characters; this one has 51"),
        ((*SHIP, "--connection", "Shop"), "There is no connection “Shop”. "),
    ],
)
def test_what_cannot_be_shipped(
    backhaul: Console, desk: Desk, words: tuple[str, ...], text: str
) -> None:
    assert backhaul.fails(*words).startswith(text)
    assert backhaul.ok("queue", "list", "--json").rows == []


def test_several_connections_need_a_choice(backhaul: Console, desk: Desk) -> None:
    desk.connect("Back office")
    text = backhaul.fails(*SHIP)
    assert text == (
        "Say which connection it is for. Add --connection NAME. There are: Back office, Front desk"
    )
    backhaul.ok(*SHIP, "--connection", "back OFFICE")


def test_no_connection_at_all(backhaul: Console) -> None:
    assert backhaul.fails(*SHIP).startswith("No system is connected yet.")


def test_wait_sends_it_here_and_tells_the_outcome(backhaul: Console, shop: Practice) -> None:
    said = backhaul.ok(*SHIP, "--wait")
    assert said.lines[-1] == "Row 1, invoice 316132: Done"
    held = shop.state("printsmith")["invoices"][ORDER]["charges"][0]["notes"]
    assert held == TRACKING


def test_already_written_says_when(backhaul: Console, shop: Practice) -> None:
    backhaul.ok(*SHIP, "--wait")
    said = backhaul.ok(*SHIP)
    assert said.lines[0].startswith("Row 1, invoice 316132: already written (")
    assert said.lines[0].endswith("To send it once more add --again")
    assert backhaul.ok(*SHIP, "--wait").lines[-1] == "Row 1, invoice 316132: Done"
    assert len(shop.state("printsmith")["writes"]) == 1


def test_again_is_a_row_of_its_own(backhaul: Console, shop: Practice) -> None:
    backhaul.ok(*SHIP, "--wait")
    said = backhaul.ok(*SHIP, "--again", "--wait")
    assert said.lines[-1].startswith("Row 2, invoice 316132: Done: it was there already")
    assert len(shop.state("printsmith")["writes"]) == 1


def test_wait_says_what_a_person_must_do(backhaul: Console, shop: Practice) -> None:
    shop.act("printsmith", "pick_up", invoice=ORDER)
    text = backhaul.fails(*SHIP, "--wait")
    assert text.startswith(
        "Row 1, invoice 316132: Needs you: picked up: PrintSmith no longer allows changes. "
        "Nothing can be done to the invoice any more."
    )


def test_wait_says_why_it_waits_and_gives_up_in_time(backhaul: Console, shop: Practice) -> None:
    shop.act("printsmith", "lock", invoice=ORDER, by="MARY")
    said = backhaul(*SHIP, "--wait", "1")
    assert said.code == 1
    assert said.lines[1].startswith("  Waiting: open at another desk (MARY) since ")
    assert "Not done after 1 s; it stays in the queue." in said.err
    assert backhaul.ok("queue", "list", "--json").rows[0]["phase"] == "waiting"


def test_wait_beside_an_engine_only_watches(
    backhaul: Console, shop: Practice, engine: Engine
) -> None:
    said = backhaul.ok("ship", ORDER, TRACKING, "--wait", "20")
    assert said.lines[-1] == "Row 1, invoice 316132: Done"


def test_beside_an_engine_nothing_is_missing(backhaul: Console, desk: Desk, engine: Engine) -> None:
    assert len(backhaul.ok(*SHIP).lines) == 1
