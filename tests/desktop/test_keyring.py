"""The password store of a real desktop: open, locked, dismissed, not there, started late.

The window has to answer all the time, say what to do, and go on without a restart.
"""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.program import Program
from tests.desktop.session import PASSWORD, Session, until

ORDER, TRACKING, TOKEN = "316132", "1Z23966E0397467800", "practice"
PROMPT = "Unlock Login Keyring"
ANSWERS_WITHIN_S = 2.0
GIVES_UP_AFTER_S = 25.0

Desktops = Callable[..., Session]
Programs = Callable[..., Program]


def serve_practice(program: Program) -> str:
    """Practice servers as a process of their own; their address."""
    program.second("practice")
    until(lambda: "PrintSmith Vision: http" in program.said(), "the practice servers")
    told = json.loads((program.folder / "practice.json").read_text("utf-8"))
    return str(told["urls"]["printsmith"])


def type_connection(session: Session, url: str) -> None:
    """The form of the assistant, by keyboard; the token is the last thing typed."""
    session.press("Next")
    until(lambda: bool((f := session.focus()) and f.name == "Name"), "the form")
    session.type("Front desk")
    session.key("Tab")
    session.type(url)
    session.key("Tab", "Tab", "Tab")
    session.type(TOKEN)


def try_and_save(session: Session) -> None:
    session.press("Test")
    session.wait("Save", "push button")
    session.press("Save")


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and a data folder with a connection whose token is in the real keyring."""
    place = tmp_path_factory.mktemp("keyring")
    session = Session(tray="none", secrets="unlocked", home=place / "home")
    program = Program(session, place / "data", place / "log")
    try:
        program.folder.mkdir()
        url = serve_practice(program)
        program.start()
        session.press("Connect a system")
        type_connection(session, url)
        try_and_save(session)
        session.wait("Front desk is connected")
        assert TOKEN in session.ui("secrets", "--show")
        session.press("Close")
        program.terminate()
    finally:
        program.kill()
        session.stop()
    return place


@pytest.fixture
def at_work(
    connected: Path, desktop: Desktops, program_on: Programs, tmp_path: Path
) -> Callable[..., Program]:
    """The connected program on another day: `at_work("locked")`; one shipment waits for it."""

    def begin(secrets: str) -> Program:
        shutil.copytree(connected / "home", tmp_path / "home")
        session = desktop(tray="none", secrets=secrets, home=tmp_path / "home")
        program = program_on(session)
        shutil.copytree(connected / "data", program.folder)
        serve_practice(program)
        program.command("practice", "act", "printsmith", "add_invoice", "--invoice", ORDER)
        program.command("ship", ORDER, TRACKING)
        program.start()
        return program

    return begin


def show_connections(session: Session) -> None:
    session.press("Connections", "radio button")
    session.wait("Connection Front desk")


def was_sent(program: Program) -> bool:
    return ORDER not in program.rows()


def prompt_shows(session: Session) -> bool:
    return session.has_window(PROMPT)


def answer_prompt(session: Session, *keys: str, text: str = "") -> None:
    """As a person at the store's own window."""
    until(lambda: prompt_shows(session), "the prompt of the keyring")
    session.run("wmctrl", "-a", PROMPT)
    if text:
        session.type(text)
    session.key(*keys)
    until(lambda: not prompt_shows(session), "the prompt is gone")


def unlock_and_see_it_sent(program: Program) -> None:
    """The password at the prompt is all it takes: no restart, no press."""
    answer_prompt(program.session, "Return", text=PASSWORD)
    until(lambda: was_sent(program), "the shipment is sent")
    program.session.wait("Connection Front desk: Works")


def without_a_store(at_work: Callable[..., Program]) -> Program:
    """The connected program where no password store runs, and it says so."""
    program = at_work("none")
    show_connections(program.session)
    program.session.wait("This computer has no password store that Backhaul can use")
    return program


def slowest_answer_s(session: Session, seconds: float) -> float:
    """The longest that the window took to answer a screen reader, over so many seconds."""
    slowest, ends = 0.0, time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        assert session.find("Connections", "radio button")
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def test_an_open_keyring_is_used_and_removing_deletes_the_token_there(
    at_work: Callable[..., Program],
) -> None:
    program = at_work("unlocked")
    session = program.session
    until(lambda: was_sent(program), "the shipment is sent")
    assert TOKEN in session.ui("secrets", "--show")
    show_connections(session)
    session.press("Remove Front desk")
    session.wait("No row waits for Front desk.")
    session.press("Remove: Front desk")
    session.wait("Its token is deleted from the password store.")
    assert TOKEN not in session.ui("secrets", "--show")


def test_while_the_keyring_asks_the_window_answers_and_goes_on_by_itself(
    at_work: Callable[..., Program],
) -> None:
    program = at_work("locked")
    session = program.session
    until(lambda: prompt_shows(session), "the prompt of the keyring")
    show_connections(session)
    assert slowest_answer_s(session, 5.0) < ANSWERS_WITHIN_S
    session.wait("The password store of this computer does not answer", patience_s=GIVES_UP_AFTER_S)
    session.wait("See whether it waits for you in a window of its own")
    assert session.find("Unlock: Front desk", "push button")
    assert not was_sent(program)
    unlock_and_see_it_sent(program)


def test_a_dismissed_prompt_is_said_and_unlock_asks_again(
    at_work: Callable[..., Program],
) -> None:
    program = at_work("locked")
    session = program.session
    answer_prompt(session, "Escape")
    show_connections(session)
    session.wait("The password store of this computer is locked")
    session.wait("Press Unlock; the desktop asks for its password.")
    session.press("Unlock: Front desk")
    until(lambda: prompt_shows(session), "it asks again")
    assert slowest_answer_s(session, 3.0) < ANSWERS_WITHIN_S
    answer_prompt(session, "Escape")
    session.wait("Unlock it: sign in to the desktop again, or answer its prompt.")
    session.press("Unlock: Front desk")
    unlock_and_see_it_sent(program)


def test_without_a_keyring_the_token_is_kept_for_the_session_only(
    at_work: Callable[..., Program],
) -> None:
    program = without_a_store(at_work)
    session = program.session
    session.press("Sign in again: Front desk")
    until(lambda: bool((f := session.focus()) and f.name == "Token"), "the token's field")
    session.type(TOKEN)
    try_and_save(session)
    session.wait("Front desk is saved, its token is not")
    session.press("Keep for this session only")
    session.wait("kept until Backhaul ends")
    until(lambda: was_sent(program), "the shipment is sent")
    for file in program.folder.rglob("*"):
        # "practice" is everywhere in a practice folder; a token would stand in quotes of its own.
        assert not file.is_file() or b'"token": "practice"' not in file.read_bytes()


def test_a_keyring_that_starts_after_us_is_found_without_a_restart(
    at_work: Callable[..., Program],
) -> None:
    program = without_a_store(at_work)
    session = program.session
    session.part("start", "secrets", "--secrets", "unlocked")
    session.press("Test Front desk")
    session.wait("All 5 passed")
    session.press("Let it go on")
    until(lambda: was_sent(program), "the shipment is sent")


def test_a_keyring_that_ends_while_we_work_is_said_and_found_again(
    at_work: Callable[..., Program],
) -> None:
    program = at_work("unlocked")
    session = program.session
    until(lambda: was_sent(program), "the shipment is sent")
    session.part("kill", "secrets")
    show_connections(session)
    session.press("Test Front desk")
    session.wait("This computer has no password store that Backhaul can use")
    session.part("start", "secrets")
    session.press("Test again")
    session.wait("All 5 passed")


def test_a_keyring_that_hangs_blocks_nothing_but_its_connection(
    at_work: Callable[..., Program],
) -> None:
    program = at_work("unlocked")
    session = program.session
    until(lambda: was_sent(program), "the shipment is sent")
    session.part("freeze", "secrets")
    show_connections(session)
    session.press("Test Front desk")
    assert slowest_answer_s(session, 4.0) < ANSWERS_WITHIN_S
    session.wait("The password store of this computer does not answer", patience_s=GIVES_UP_AFTER_S)
    session.part("thaw", "secrets")
    session.press("Test again")
    session.wait("All 5 passed", patience_s=GIVES_UP_AFTER_S)
