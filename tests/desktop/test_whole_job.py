"""One whole job: find the invoice, read why it waits, mend it, clear another, copy the details.

Once by accessible names alone, as a screen reader works, once by keyboard alone; what another
program sees (clipboard, command line, the practice server) decides whether it worked.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from tests.desktop.program import Program
from tests.desktop.session import Session, Widget, until

Desktops = Callable[..., Session]
Programs = Callable[..., Program]
WAITS, PICKED_UP = "316132", "316088"
NUMBERS = {WAITS: "1Z23966E0397467800", PICKED_UP: "1Z23966E0396950216"}
SHAPE = """{{
    "id": {id},
    "type": "order.post",
    "notification": true,
    "data": {{
        "invoice": "{order}",
        "tracking": "{tracking}"
    }},
    "date": "{date}"
}}"""
RELEASE = "Release MARY's lock: invoice 316132"
RELEASED = "Let MARY open it: invoice 316132"
NEW_YORK = {"TZ": "America/New_York"}


@pytest.fixture
def practising(backhaul: Program) -> Program:
    """In practice mode, in a time zone with an offset."""
    backhaul.env = NEW_YORK
    backhaul.start_practising()
    return backhaul


def cells(session: Session) -> list[str]:
    """What a screen reader reads of the list, top to bottom."""
    return [one.name for one in session.widgets() if one.role == "table cell"]


def rows(session: Session) -> list[str]:
    """The first cell of each row."""
    return [name for name in cells(session) if name.startswith("Invoice")]


def wait_rows(session: Session, *starts: str) -> None:
    """Until exactly rows that begin so are listed, in any order."""

    def fit() -> bool:
        listed = sorted(rows(session))
        return len(listed) == len(starts) and all(
            row.startswith(start) for row, start in zip(listed, sorted(starts), strict=True)
        )

    until(fit, f"exactly the rows {starts}")


def assert_details(text: str, order: str) -> None:
    """To the character as in the product reference, with the moment it was entered."""
    number = json.loads(text)["id"]
    assert abs(time.time() * 1000 - number) < 120_000
    moment = datetime.fromisoformat(json.loads(text)["date"])
    assert int(moment.timestamp()) == number // 1000
    offset = moment.utcoffset()
    assert offset is not None
    assert offset.total_seconds() in (-5 * 3600, -4 * 3600), "local time, with its offset"
    assert text == SHAPE.format(
        id=number, order=order, tracking=NUMBERS[order], date=moment.isoformat()
    )


def assert_written(program: Program) -> None:
    """The remote holds the number: its own word, not ours."""
    shown = program.command("queue", "show", WAITS)
    assert NUMBERS[WAITS] in shown
    assert "Proof" in shown or "read back" in shown, shown
    assert WAITS not in program.rows()


def select(session: Session, order: str) -> None:
    """As a screen reader does: the cell's own act."""
    cell = session.wait(f"Invoice {order}", "table cell")
    if "selected" not in cell.states:
        session.press(f"Invoice {order}", "table cell")
    session.wait(f"Copy details of invoice {order}", "push button")


def test_by_accessible_names_alone(practising: Program) -> None:
    session = practising.session

    session.press("Search orders and tracking numbers", "text")
    session.type(WAITS)
    wait_rows(session, f"Invoice {WAITS}: Waiting: open at another desk (MARY) since ")

    select(session, WAITS)
    session.press(f"Copy details of invoice {WAITS}")
    assert_details(until(session.clipboard, "something on the clipboard"), WAITS)

    session.press("Connections", "radio button")
    session.press(RELEASE)
    session.press("Manager", "radio button")
    wait_rows(session, f"Invoice {WAITS}: Done")
    session.wait(f"ago · {WAITS}", "label")
    assert_written(practising)

    session.press("Clear the search")
    wait_rows(session, f"Invoice {PICKED_UP}: Needs you: picked up")
    select(session, PICKED_UP)
    session.press(f"Remove invoice {PICKED_UP}")
    wait_rows(session)
    assert practising.rows() == {}
    session.press("Undo")
    wait_rows(session, f"Invoice {PICKED_UP}: Needs you: picked up")
    assert list(practising.rows()) == [PICKED_UP]


@pytest.mark.parametrize("chip", ["Waiting", "Needs you", "Done today", "Bin", "Group by cause"])
def test_every_list_opens_by_its_name(chip: str, practising: Program) -> None:
    session = practising.session
    practising.command("queue", "discard", "316140", check=False)
    before = cells(session)
    session.press(chip, "check box")
    until(lambda: cells(session) != before, "another list")
    found = session.find(chip, "check box")
    assert found is not None
    assert "checked" in found.states


def test_details_of_a_number_that_needs_a_person(practising: Program) -> None:
    """The key as well as the button, and with Shift the diagnosis behind the same object."""
    session = practising.session
    select(session, PICKED_UP)
    session.press("Write-backs", "table")
    session.key("ctrl+c")
    short = until(session.clipboard, "something on the clipboard")
    assert_details(short, PICKED_UP)
    session.key("ctrl+shift+c")
    more = until(lambda: t if (t := session.clipboard()) != short else "", "the diagnosis")
    assert more.startswith(short)
    diagnosis = json.loads(more[len(short) :])
    assert diagnosis["state"] == "failed"
    assert diagnosis["cause"] == "ps_picked_up"


class Keyboard:
    """Hands that have no pointer; asserts that the focus is seen wherever it goes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.path: list[str] = []

    def press(self, *names: str) -> Widget:
        """Press keys; where the focus is then."""
        self._session.key(*names)
        return self.where()

    def where(self) -> Widget:
        """What has the focus. Raises: AssertionError when nothing has it."""
        found = until(self._session.focus, "something that has the focus")
        assert found.shows, found
        self.path.append(f"{found.role} {found.name}")
        return found

    def tab_to(self, name: str, key: str = "Tab", most: int = 30) -> Widget:
        """Tab until a widget whose name begins so. Raises: AssertionError, with the path."""
        for _ in range(most):
            found = self.press(key)
            if found.name.startswith(name):
                return found
        raise AssertionError(f"no way by {key} to {name!r}: {self.path}")


def test_by_keyboard_alone(practising: Program) -> None:
    session = practising.session
    session.run("xdotool", "mousemove", "0", "0")
    hands = Keyboard(session)

    hands.press("ctrl+f")
    session.type(WAITS)
    wait_rows(session, f"Invoice {WAITS}: Waiting: open at another desk (MARY) since ")
    hands.press("Return")
    assert hands.where().name.startswith(f"Invoice {WAITS}"), hands.path
    hands.press("ctrl+c")
    assert_details(until(session.clipboard, "something on the clipboard"), WAITS)
    hands.press("Return")
    session.wait("Close details")
    hint = "It is written as soon as the invoice is closed there."
    assert session.find(hint, "label"), "what happens next stands in the details"
    hands.press("Escape")
    session.wait_gone("Close details")

    hands.tab_to("Manager", "shift+Tab")
    passed = [hands.press("Down").name.split(",")[0] for _ in range(5)]
    assert passed == ["Orders", "Status", "Sync", "Intake", "Connections"]
    session.wait("Add connection")
    hands.tab_to(RELEASE)
    hands.press("space")
    session.wait(RELEASED)
    hands.tab_to("Connections", "shift+Tab")
    hands.press(*["Up"] * 5)
    wait_rows(session, f"Invoice {WAITS}: Done")
    assert_written(practising)

    hands.press("ctrl+f")
    hands.press("Escape")
    wait_rows(session, f"Invoice {PICKED_UP}: Needs you: picked up")
    hands.press("Down")
    assert hands.where().name.startswith(f"Invoice {PICKED_UP}"), hands.path
    hands.tab_to(f"Remove invoice {PICKED_UP}")
    hands.press("space")
    wait_rows(session)
    hands.press("ctrl+z")
    wait_rows(session, f"Invoice {PICKED_UP}: Needs you: picked up")

    # The menu of the row by its key, and an act from it.
    hands.press("Down")
    session.key("Menu")
    session.pick("Park")
    until(lambda: practising.rows()[PICKED_UP]["state"] == "parked", "it is parked")


MANAGER_PATH = (
    "Manager", "Add shipment", "Bin", "All: 2", "Group by cause", "Invoice",
    "Copy details of", "Remove", "Search orders", "Menu",
)  # fmt: skip
CONNECTIONS_PATH = (
    "Connections", "Add connection", RELEASE, "Pick up", "Show the rows of Practice",
    "Test Practice", "Pause Practice", "Edit Practice", "Remove Practice", "Menu",
)  # fmt: skip


@pytest.mark.parametrize(
    ("section", "path"), [("Manager", MANAGER_PATH), ("Connections", CONNECTIONS_PATH)]
)
def test_tab_goes_through_a_page_as_the_eye_does_and_is_seen(
    section: str, path: tuple[str, ...], practising: Program, tmp_path: Path
) -> None:
    session = practising.session
    session.run("xdotool", "mousemove", "0", "0")
    session.wait_notice("316088")
    session.ui("notes", "--close")  # it lies over the corner of the window
    hands = Keyboard(session)
    if section != "Manager":
        session.press(section, "radio button")
        session.wait("Add connection")
    hands.tab_to("Menu")
    seen: list[Widget] = []
    unseen = []
    before = picture(session, tmp_path)
    while not (seen and seen[-1].name.startswith("Menu")):
        found = hands.press("Tab")
        after = picture(session, tmp_path)
        unseen += [] if differs(before, after, found) else [found.name]
        seen.append(found)
        before = after
        assert len(seen) < 40, f"Tab never came round: {hands.path}"
    names = [one.name for one in seen]
    places = [next((n for n, at in enumerate(names) if at.startswith(one)), None) for one in path]
    assert None not in places, (path, names)
    assert places == sorted(places), names  # type: ignore[type-var]
    assert not unseen, "the keyboard goes there and nothing shows it"


def picture(session: Session, folder: Path) -> QImage:
    """The screen as it is now."""
    session.ui("shot", str(folder / "focus.png"))
    return QImage(str(folder / "focus.png"))


def differs(before: QImage, after: QImage, widget: Widget) -> bool:
    """True when anything of it, or right around it, looks otherwise."""
    x, y, width, height = widget.at
    place = QRect(x - 3, y - 3, width + 6, height + 6)
    return before.copy(place) != after.copy(place)
