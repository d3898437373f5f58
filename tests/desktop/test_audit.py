"""Every page and dialog for a screen reader and a keyboard: named, reachable, large enough."""

from collections.abc import Callable

import pytest

from tests.desktop.program import Program
from tests.desktop.session import Session, until

Desktops = Callable[..., Session]


class Auditor:
    """Collects what is wrong by the name of the place, so that one walk shows all of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.found: list[str] = []
        self.places = 0

    def look(self, place: str) -> None:
        """At what shows now."""
        self.places += 1
        lines = self._session.ui("audit", "--app", "Backhaul", check=False).splitlines()
        assert lines, "the audit said nothing"
        assert lines[-1].endswith("finding(s)"), lines
        self.found += [f"{place}: {line}" for line in lines[:-1]]

    def in_dialog(self, place: str, button: str, shows: str) -> None:
        """The same with the dialog that a button opens, and Escape closes."""
        self._session.press(button)
        dialog = until(lambda: self._dialog(shows), f"the dialog {place}")
        self.look(place)
        self._session.key("Escape")
        until(lambda: self._dialog(shows) is None, f"{dialog} is closed")

    def _dialog(self, title: str) -> str | None:
        found = self._session.find(title, "dialog")
        return found.name if found else None


@pytest.fixture
def practising(backhaul: Program) -> Program:
    backhaul.start_practising()
    return backhaul


def test_the_welcome_is_usable_by_all(backhaul: Program) -> None:
    backhaul.start()
    auditor = Auditor(backhaul.session)
    auditor.look("welcome")
    backhaul.session.press("Connections", "radio button")
    backhaul.session.wait("Add connection")
    auditor.look("no connections")
    assert auditor.found == []


def test_the_list_and_its_dialogs_are_usable_by_all(practising: Program) -> None:
    session = practising.session
    auditor = Auditor(session)
    auditor.look("list")
    session.press("Group by cause", "check box")
    until(lambda: len(cells_of(session)) > 10, "the list by cause")
    auditor.look("by cause")
    session.press("Group by cause", "check box")
    for chip in ("Retrying", "Done today", "Bin"):
        session.press(chip, "check box")
        until(lambda chip=chip: is_checked(session, chip), f"{chip} is chosen")  # type: ignore[misc]
        auditor.look(chip)
    session.press("All", "check box")
    session.wait("Invoice 316088")

    session.press("Write-backs", "table")
    session.key("Home", "Return")
    session.wait("Close details")
    auditor.look("details")
    auditor.in_dialog("edit", "Edit and retry invoice 316088", "Correct")
    auditor.in_dialog("done by hand", "Done by hand invoice 316088", "Done by hand")
    session.key("Escape")

    auditor.in_dialog("add shipment", "Add shipment", "Add shipment")
    session.press("Search orders and tracking numbers", "text")
    session.type("999999")
    session.wait("was never seen here")
    auditor.look("nothing found")
    assert auditor.found == []
    assert auditor.places == 10


def test_connections_and_their_dialogs_are_usable_by_all(practising: Program) -> None:
    session = practising.session
    auditor = Auditor(session)
    session.press("Connections", "radio button")
    session.wait("Add connection")
    auditor.look("cards")
    auditor.in_dialog("edit", "Edit Practice", "Edit")
    auditor.in_dialog("remove", "Remove Practice", "Remove")
    auditor.in_dialog("test", "Test Practice", "Test")

    session.press("Add connection")
    session.wait("Where do the orders come from?")
    auditor.look("assistant: system")
    session.press("Next")
    session.wait_gone("Where do the orders come from?")
    auditor.look("assistant: details")
    session.key("Escape")
    assert auditor.found == []


def test_intake_settings_and_the_scanner_are_usable_by_all(practising: Program) -> None:
    session = practising.session
    auditor = Auditor(session)
    session.press("Intake", "radio button")
    session.wait("Add watch folder", "push button")
    auditor.look("intake")
    session.press("Settings", "radio button")
    session.wait("Back up now…", "push button")
    auditor.look("settings")
    session.press("Manager", "radio button")
    auditor.in_dialog("scan", "Scan shipments", "Scan shipments")
    assert auditor.found == []


def cells_of(session: Session) -> list[str]:
    return [one.name for one in session.widgets() if one.role == "table cell"]


def is_checked(session: Session, name: str) -> bool:
    found = session.find(name, "check box")
    return found is not None and "checked" in found.states
