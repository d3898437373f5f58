"""The desktop ends the session while something is being sent: soon over, and nothing is lost."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.desktop.program import Program
from tests.desktop.remote import ORDERS, SECRET, Remote
from tests.desktop.session import Session, until

Desktops = Callable[..., Session]
PATIENCE_S = 8.0
"""Desktops wait ten seconds or more before they kill what is left."""
ORDER = ORDERS[0]


def send_and_hang(program: Program, remote: Remote, kind: str) -> None:
    """A window with one row on its way whose answer does not come."""
    remote.fault(kind, method="PUT", times=1)
    program.start()
    program.command("ship", ORDER, f"TRACK{ORDER}")
    program.session.wait(f"Invoice {ORDER}: Sending", "table cell")


def assert_ended(program: Program, began: float) -> None:
    try:
        program.wait_end(PATIENCE_S)
    except subprocess.TimeoutExpired:
        pytest.fail(f"it still runs after {PATIENCE_S:g} s")
    print(f"\nover after {time.monotonic() - began:.1f} s")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_within_the_patience_of_a_desktop(
    number: signal.Signals, backhaul: Program, remote: Remote
) -> None:
    send_and_hang(backhaul, remote, "hang")
    began = time.monotonic()
    os.kill(backhaul.pid, number)
    assert_ended(backhaul, began)
    assert backhaul.wait_end() == 0

    backhaul.start()
    backhaul.session.wait(f"Invoice {ORDER}: ", "table cell")
    row = backhaul.rows()[ORDER]
    assert row["state"] in ("in_doubt", "pending"), "looked at, and to be sent again"
    assert remote.write_count(ORDER) == 0
    assert backhaul.session.find(f"Invoice {ORDER}: Done") is None


def test_what_arrived_before_the_end_is_seen_and_not_sent_again(
    backhaul: Program, remote: Remote
) -> None:
    send_and_hang(backhaul, remote, "drip")
    until(lambda: remote.write_count(ORDER) == 1, "it arrived there")
    backhaul.terminate()
    backhaul.start()
    until(lambda: backhaul.rows() == {}, "it is found there")
    assert remote.write_count(ORDER) == 1
    assert f"TRACK{ORDER}" in backhaul.command("queue", "show", ORDER)


def test_a_desktop_that_is_gone_at_once_costs_nothing(
    backhaul: Program, remote: Remote, desktop: Desktops
) -> None:
    """The X server dies under the program: as a logout without a word, or a power cut."""
    send_and_hang(backhaul, remote, "drip")
    until(lambda: remote.write_count(ORDER) == 1, "it arrived there")
    began = time.monotonic()
    backhaul.session.part("kill", "x")
    assert_ended(backhaul, began)

    again = Program(desktop(), backhaul.folder, backhaul.log)
    again.env = SECRET
    try:
        again.start()
        until(lambda: again.rows() == {}, "it is found there")
    finally:
        again.kill()
    assert remote.write_count(ORDER) == 1
