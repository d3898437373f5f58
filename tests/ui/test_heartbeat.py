"""The heartbeat sees whatever keeps the GUI thread from answering, and nothing else."""

import threading
import time

from PySide6.QtCore import QCoreApplication, QTimer

from tests.ui.desk import until
from tests.ui.heartbeat import LIMIT_MS, Heartbeat, heartbeat

PATIENCE_S = 30.0  # on a machine that is short of time much is taken off


def block(until_seen: Heartbeat) -> None:
    """What no slot may do: wait for somebody else."""
    ends = time.monotonic() + PATIENCE_S
    while not until_seen.late and time.monotonic() < ends:
        threading.Event().wait(0.02)


def test_a_slot_that_waits_is_seen_with_its_place(session_beat: Heartbeat) -> None:
    with heartbeat() as beat:
        QTimer.singleShot(0, lambda: block(beat))
        until(lambda: bool(beat.late), 2 * 30_000)
    assert beat.longest_ms >= LIMIT_MS
    assert "in block" in beat.report()
    session_beat.late.clear()  # it saw the same, as it should


def test_what_is_handled_by_hand_is_seen_too(session_beat: Heartbeat) -> None:
    """No dispatcher tells of it."""
    with heartbeat() as beat:
        QTimer.singleShot(0, lambda: block(beat))
        while not beat.late:
            QCoreApplication.processEvents()
    session_beat.late.clear()


def test_what_is_quick_is_not_blamed() -> None:
    done: list[int] = []
    with heartbeat() as beat:
        for number in range(20):
            QTimer.singleShot(0, lambda number=number: done.append(number))
        until(lambda: len(done) == 20 and beat.calls > 5)
    assert beat.late == []


def test_what_a_test_does_between_is_its_own_affair(session_beat: Heartbeat) -> None:
    until(lambda: True)
    threading.Event().wait(2 * LIMIT_MS / 1000)
    until(lambda: True)
    assert session_beat.late == []
