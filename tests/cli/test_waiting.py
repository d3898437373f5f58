"""A stop that comes at the worst moment is heard, and nothing hangs."""

import os
import signal
import threading

import pytest

from app.cli.waiting import stop_signals, wait_for
from app.core.clock import SystemClock

pytestmark = pytest.mark.timeout(20)


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_heard_and_afterwards_signals_do_what_they_did(name: signal.Signals) -> None:
    before = signal.getsignal(name)
    with stop_signals() as stopped:
        os.kill(os.getpid(), name)
        wait_for(stopped, SystemClock())
    assert signal.getsignal(name) is before
    assert not [one for one in threading.enumerate() if one.name == "stop-signals"]


def test_a_stop_in_the_middle_of_waiting_does_not_lock_the_program_up() -> None:
    """The handler runs on the thread that holds the lock of the event it is to set."""
    with stop_signals() as stopped:
        with stopped._cond:  # type: ignore[attr-defined] # as Event.wait and Event.set hold it
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)
        assert stopped.wait(10)


def test_without_a_stop_the_event_stays_as_it_is() -> None:
    with stop_signals() as stopped:
        pass
    assert not stopped.is_set()
