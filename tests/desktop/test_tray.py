"""The tray icon as its host, the window manager and a person have it."""

from collections.abc import Callable

import pytest

from tests.desktop.program import Program
from tests.desktop.session import Session, until

Desktops = Callable[..., Session]
Programs = Callable[..., Program]
WITH_A_HOST = ("sni", "xembed")


def wait_hidden(program: Program) -> None:
    session = program.session
    until(lambda: not session.has_window(), "the window is hidden")
    assert program.is_running


def close_into_tray(program: Program) -> None:
    """As soon as there is an icon, closing hides; the program goes on."""
    session = program.session
    until(session.icon, "an icon in the tray")
    session.ui("close", "Backhaul")
    wait_hidden(program)


@pytest.fixture(params=WITH_A_HOST)
def hidden(request: pytest.FixtureRequest, desktop: Desktops, program_on: Programs) -> Program:
    """The program in the tray of either kind, its window closed."""
    program = program_on(desktop(tray=request.param))
    program.start()
    close_into_tray(program)
    return program


def test_the_item_says_over_the_bus_what_needs_a_person(backhaul: Program) -> None:
    backhaul.start_practising()
    session = backhaul.session

    def told() -> bool:
        item = session.item()
        return bool(item and item["tooltip"][0] == "Backhaul: Practice: invoice 316088 needs you")

    until(told, "the tooltip of the item")
    item = session.item()
    assert item is not None
    assert (item["kind"], item["status"]) == ("StatusNotifierItem", "Active")
    assert {"16x16", "22x22", "24x24", "32x32"} <= set(item["icon"])
    assert item["menu"] == [
        "Open Backhaul",
        "--------",
        "Practice: invoice 316088 needs you. Picked up: PrintSmith no longer allows changes",
        "--------",
        "Sync now",
        "Pause",
        "  30 minutes",
        "  1 hour",
        "  Until I resume",
        "--------",
        "Quit",
    ]


def test_the_tooltip_follows_what_a_person_does_elsewhere(backhaul: Program) -> None:
    backhaul.start_practising()
    session = backhaul.session

    def tooltip() -> str:
        item = session.item()
        return str(item["tooltip"][0]) if item else ""

    backhaul.command("queue", "discard", "316088")
    until(lambda: tooltip() == "Backhaul: 1 waits", "one row waits")
    backhaul.command("practice", "act", "printsmith", "unlock", "--invoice", "316132")
    until(lambda: tooltip() == "Backhaul: Nothing waits", "nothing waits")


def test_the_menu_names_five_problems_and_counts_the_rest(backhaul: Program) -> None:
    backhaul.start_practising()
    session = backhaul.session
    for number in range(1, 7):
        name = f"Branch {number}"
        backhaul.command(
            "connection", "add", "printsmith", "--practice", "--name", name,
            "--set", "charge_name=Parcel number",
        )  # fmt: skip
        backhaul.command(
            "practice", "act", "printsmith", "add_invoice", "--invoice", f"31610{number}"
        )
        backhaul.command("ship", f"31610{number}", f"TRACK0000{number}", "--connection", name)

    def problems() -> list[str]:
        item = session.item()
        menu = item["menu"] if item else []
        return [line for line in menu if line.startswith(("Branch", "Practice:"))]

    def menu() -> list[str]:
        item = session.item()
        return list(item["menu"]) if item else []

    until(lambda: "2 more" in menu(), "five problems and two more", 30)
    assert len(problems()) == 5
    assert len(set(problems())) == 5


def test_a_problem_in_the_menu_opens_its_row(backhaul: Program) -> None:
    backhaul.start_practising()
    close_into_tray(backhaul)
    session = backhaul.session
    session.press_icon(button=3)
    session.pick("invoice 316088 needs you")
    session.wait("Close details")
    assert session.find("Remove invoice 316088")
    assert session.find("Invoice 316132: Waiting") is None
    assert session.active_window() == "Backhaul"


def test_closing_hides_while_there_is_an_icon_and_a_click_brings_it_back(hidden: Program) -> None:
    program = hidden
    program.session.press_icon()
    until(program.session.has_window, "the window is back")
    until(lambda: program.session.active_window() == "Backhaul", "it is in front")


def test_the_menu_of_an_old_tray_pauses_and_quits(desktop: Desktops, program_on: Programs) -> None:
    program = program_on(desktop(tray="xembed"))
    program.start_practising()
    close_into_tray(program)
    session = program.session
    session.press_icon(button=3)
    session.pick("Quit")
    assert program.wait_end() == 0


def test_without_a_tray_closing_ends_the_program(desktop: Desktops, program_on: Programs) -> None:
    program = program_on(desktop(tray="none"))
    program.start_practising()
    assert program.session.icon() is None
    program.session.ui("close", "Backhaul")
    assert program.wait_end() == 0


@pytest.mark.parametrize("tray", WITH_A_HOST)
def test_a_host_that_comes_late_gets_the_icon(
    tray: str, desktop: Desktops, program_on: Programs
) -> None:
    program = program_on(desktop(tray="none"))
    program.start()
    program.session.part("start", "tray", "--tray", tray)
    close_into_tray(program)


def test_a_host_that_vanishes_leaves_no_hidden_window(hidden: Program) -> None:
    program = hidden
    program.session.part("kill", "tray")
    until(program.session.has_window, "the window is back")
    program.session.ui("close", "Backhaul")
    assert program.wait_end() == 0, "no icon: closing ends the program"


def test_a_host_that_is_started_again_gets_the_icon_back(hidden: Program) -> None:
    session = hidden.session
    session.part("kill", "tray")
    session.part("start", "tray")
    until(session.icon, "the icon is back")
    session.press_icon()
    until(session.has_window, "the icon still works")
    close_into_tray(hidden)


@pytest.mark.parametrize("how", ["hidden", "minimised", "covered"])
def test_a_second_start_raises_the_first_window(how: str, backhaul: Program) -> None:
    backhaul.start()
    session = backhaul.session
    if how == "hidden":
        close_into_tray(backhaul)
    elif how == "minimised":
        session.ui("minimize", "Backhaul")
        until(lambda: session.active_window() != "Backhaul", "it is minimised")
    else:
        over = "xclock -geometry 1200x800 >/dev/null 2>&1 &"  # it ends with its desktop
        session.run("sh", "-c", over)
        until(lambda: session.top_window() == "xclock", "it is covered")
    again = backhaul.second()
    assert again.wait(15) == 0
    until(session.has_window, "the first window shows")
    until(lambda: session.active_window() == "Backhaul", "it has the keyboard")
    until(lambda: session.top_window() == "Backhaul", "it is in front")
    assert backhaul.is_running
