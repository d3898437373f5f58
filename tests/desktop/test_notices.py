"""What a person is told: as the desktop's own notification daemon has it."""

from collections.abc import Callable

import pytest

from tests.desktop.program import Program
from tests.desktop.remote import NAME, ORDERS, Remote, SetClock
from tests.desktop.session import Session, until

Desktops = Callable[..., Session]
Programs = Callable[..., Program]


def ship(program: Program, order: str) -> None:
    program.command("ship", order, f"TRACK{order}")


def test_rows_that_fail_together_are_told_in_one_notice(backhaul: Program, remote: Remote) -> None:
    backhaul.start()
    backhaul.command("connection", "pause", NAME)
    for order in ORDERS:
        remote.act("pick_up", invoice=order)
        ship(backhaul, order)
    backhaul.command("connection", "resume", NAME)
    session = backhaul.session
    told = session.wait_notice(f"{NAME}: 5 write-backs need you", 30)
    assert "Picked up" in told.text
    assert len({one.number for one in session.arrived()}) == 1, session.arrived()
    assert session.shown_count() == 1


def test_a_dead_server_is_told_once_and_then_that_it_works_again(
    backhaul: Program, remote: Remote, clock: SetClock
) -> None:
    """Five rows, an outage of six minutes, several probes: one notice, replaced in place."""
    backhaul.start()
    session = backhaul.session
    remote.die()
    for order in ORDERS:
        ship(backhaul, order)
    session.wait("State: Offline", "label", 30)
    assert session.arrived() == [], "an outage under five minutes heals by itself"
    backhaul.terminate()

    clock.set("+6m")
    backhaul.start()
    told = session.wait_notice(f"{NAME} is not reachable", 30)
    assert "5 write-backs wait" in told.text
    session.wait("State: Offline", "label")
    before = backhaul.command("log", "--json")
    clock.set("+30m")  # as after sleep: everything is tried at once, and fails again
    until(lambda: "the clock moved" in log_of(backhaul), "the clock is seen to move")
    until(lambda: backhaul.command("log", "--json") != before, "it is tried again", 30)
    assert len(session.arrived()) == 1, session.arrived()

    remote.start()
    clock.set("+90m")
    again = session.wait_notice(f"{NAME} works again", 40)
    assert again.number == told.number, "in place of what was told"
    assert session.shown_count() == 1
    until(lambda: backhaul.rows() == {}, "all five were sent", 30)
    assert len(session.arrived()) == 2, session.arrived()


def test_a_stopped_connection_is_told_in_place_until_it_works_again(
    backhaul: Program, remote: Remote, clock: SetClock
) -> None:
    backhaul.start()
    session = backhaul.session
    remote.act("rename_charge", old="ShipLeap Tracking", new="Parcel number")
    ship(backhaul, ORDERS[0])
    first = session.wait_notice(f"{NAME} is stopped", 30)
    assert "ShipLeap Tracking" in first.text
    ship(backhaul, ORDERS[1])
    remote.act("rename_charge", old="Parcel number", new="ShipLeap Tracking")
    clock.set("+20m")  # a stopped connection is looked at every 15 minutes
    again = session.wait_notice(f"{NAME} works again", 30)
    assert again.number == first.number
    assert session.shown_count() == 1


def log_of(program: Program) -> str:
    return "".join(p.read_text("utf-8", "replace") for p in program.folder.glob("logs/*.log"))


@pytest.mark.parametrize("tray", ["sni", "xembed", "none"])
def test_pressing_the_notice_opens_exactly_that_row(
    tray: str, desktop: Desktops, program_on: Programs
) -> None:
    program = program_on(desktop(tray=tray))
    program.start_practising()
    session = program.session
    told = session.wait_notice("Practice: invoice 316088 needs you")
    assert "Picked up: PrintSmith no longer allows changes" in told.text
    if tray == "none":
        session.ui("minimize", "Backhaul")
        until(lambda: session.active_window() != "Backhaul", "it is minimised")
    else:
        until(session.icon, "an icon in the tray")
        session.ui("close", "Backhaul")
        until(lambda: not session.has_window(), "the window is hidden")
    session.ui("notes", "--press")
    session.wait("Close details")
    cells = [one.name for one in session.widgets() if one.role == "table cell"]
    rows = [name for name in cells if name.startswith("Invoice")]
    assert rows == ["Invoice 316088: Needs you: picked up: PrintSmith no longer allows changes"]
    until(lambda: session.active_window() == "Backhaul", "it is in front")


def test_what_no_daemon_took_is_told_when_one_comes(backhaul: Program) -> None:
    session = backhaul.session
    session.part("stop", "notify")
    backhaul.start_practising()
    until(lambda: "did not take it" in log_of(backhaul), "it is told to nobody")
    session.part("start", "notify")
    session.wait_notice("Practice: invoice 316088 needs you", 30)
    assert len(session.arrived()) == 1


def test_what_was_settled_meanwhile_is_not_told_late(backhaul: Program) -> None:
    session = backhaul.session
    session.part("stop", "notify")
    backhaul.start_practising()
    until(lambda: "did not take it" in log_of(backhaul), "it is told to nobody")
    backhaul.command("queue", "discard", "316088")
    session.wait_gone("Invoice 316088")
    until(lambda: "taken away" in log_of(backhaul), "it is over")
    session.part("start", "notify")
    session.run("notify-send", "the daemon is there")
    session.wait_notice("the daemon is there")
    assert len(session.arrived()) == 1, session.arrived()


def test_ending_the_program_takes_its_notices_away(backhaul: Program) -> None:
    backhaul.start_practising()
    session = backhaul.session
    session.wait_notice("316088")
    assert session.shown_count() == 1
    backhaul.terminate()
    assert session.shown_count() == 0
