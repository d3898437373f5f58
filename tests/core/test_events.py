"""The bus: who hears what, and what a broken subscriber does to the others."""

import logging
import threading

import pytest

from app.core.events import ClockJumped, EventBus, JobChanged, StoreChanged
from app.core.states import JobState

EVENT = JobChanged(1, 2, JobState.PENDING)


def test_subscriber_hears_its_own_kind_only() -> None:
    bus, heard = EventBus(), list[object]()
    bus.subscribe(JobChanged, heard.append)
    bus.publish(StoreChanged())
    bus.publish(EVENT)
    assert heard == [EVENT]


def test_event_nobody_hears_is_no_error() -> None:
    EventBus().publish(EVENT)


def test_unsubscribed_hears_no_more_and_the_others_go_on() -> None:
    bus, one, two = EventBus(), list[object](), list[object]()
    end = bus.subscribe(JobChanged, one.append)
    bus.subscribe(JobChanged, two.append)
    end()
    bus.publish(EVENT)
    assert (one, two) == ([], [EVENT])


def test_unsubscribing_twice_is_no_error() -> None:
    bus, heard = EventBus(), list[object]()
    end = bus.subscribe(JobChanged, heard.append)
    end()
    end()
    bus.publish(EVENT)
    assert heard == []


def test_subscriber_that_fails_is_logged_and_the_next_still_hears(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus, heard = EventBus(), list[object]()
    bus.subscribe(JobChanged, lambda event: 1 / 0)
    bus.subscribe(JobChanged, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(EVENT)
    assert heard == [EVENT]
    assert caplog.records[0].exc_info is not None
    assert "JobChanged" in caplog.text


def test_subscriber_may_end_its_own_subscription_while_it_hears() -> None:
    bus, heard = EventBus(), list[str]()

    def once(event: ClockJumped) -> None:
        heard.append("once")
        end()

    end = bus.subscribe(ClockJumped, once)
    bus.subscribe(ClockJumped, lambda event: heard.append("always"))
    bus.publish(ClockJumped(1))
    bus.publish(ClockJumped(1))
    assert heard == ["once", "always", "always"]


def test_event_runs_on_the_publishers_thread() -> None:
    bus, threads = EventBus(), list[int]()
    bus.subscribe(StoreChanged, lambda event: threads.append(threading.get_ident()))
    publisher = threading.Thread(target=bus.publish, args=(StoreChanged(),))
    publisher.start()
    publisher.join()
    assert threads == [publisher.ident]
