"""Events and calls cross between threads, in order and without a flood."""

import threading

from PySide6.QtCore import QObject, Slot

from app.core.events import EventBus, IntakeProgress, JobChanged, StoreChanged, SyncProgress
from app.core.states import JobState
from app.ui.bridge import Bridge
from tests.ui.desk import until


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    @Slot(object)
    def hear(self, event: object) -> None:
        self.heard.append(event)
        self.threads.add(threading.get_ident())


def test_events_of_another_thread_arrive_on_the_gui_thread_once_per_job(qapp: object) -> None:
    bus, listener = EventBus(), Listener()
    bridge = Bridge(bus, lambda: None)
    bridge.job_changed.connect(listener.hear)

    def publish() -> None:
        for _ in range(500):
            bus.publish(JobChanged(1, 1, JobState.PENDING))
        bus.publish(JobChanged(1, 1, JobState.SUCCEEDED))

    thread = threading.Thread(target=publish)
    thread.start()
    thread.join()
    until(lambda: bool(listener.heard))
    assert listener.heard == [JobChanged(1, 1, JobState.SUCCEEDED)]
    assert listener.threads == {threading.get_ident()}
    bridge.close()


def test_calls_run_aside_and_answer_here(qapp: object) -> None:
    ended = threading.Event()
    bridge = Bridge(EventBus(), ended.set)
    answers: list[object] = []
    bridge.run_in_background(threading.get_ident, answers.append)

    def fail() -> None:
        raise ValueError("no")

    bridge.run_in_background(fail, answers.append, lambda error: answers.append(str(error)))
    until(lambda: len(answers) == 2)
    assert "no" in answers
    assert threading.get_ident() not in answers
    bridge.close()
    assert ended.wait(5), "its threads close their database connection"


def test_nothing_is_told_to_a_receiver_that_is_gone(qapp: object) -> None:
    bridge, listener = Bridge(EventBus(), lambda: None), Listener()
    gate, answers = threading.Event(), []  # type: ignore[var-annotated]
    bridge.run_in_background(gate.wait, listener.hear)
    listener.deleteLater()
    bridge.run_in_background(gate.set, answers.append)
    until(lambda: len(answers) == 1)
    assert listener.heard == []
    bridge.close()


def test_a_closed_bridge_is_deaf(qapp: object) -> None:
    bus, listener = EventBus(), Listener()
    bridge = Bridge(bus, lambda: None)
    bridge.store_changed.connect(listener.hear)
    bridge.close()
    bus.publish(StoreChanged())
    assert listener.heard == []


def test_how_far_a_file_is_is_told_once_at_a_time(qapp: object) -> None:
    bus, told = EventBus(), list[object]()
    bridge = Bridge(bus, lambda: None)
    bridge.intake_progress.connect(told.append)
    for done in range(0, 1001, 10):
        bus.publish(IntakeProgress("folder:WorldShip", "a.csv", done, 1000))
        bus.publish(IntakeProgress("folder:WorldShip", "b.csv", done, 2000))
    until(lambda: len(told) == 2)
    assert [(one.file, one.done) for one in told] == [("a.csv", 1000), ("b.csv", 1000)]  # type: ignore[attr-defined]
    bridge.close()


def test_of_the_steps_of_one_reading_only_the_last_is_told(qapp: object) -> None:
    bus, listener = EventBus(), Listener()
    bridge = Bridge(bus, lambda: None)
    bridge.sync_progress.connect(listener.hear)
    for done in (1, 2, 3):
        bus.publish(SyncProgress(1, done, 9 - done))
    bus.publish(SyncProgress(2, 5, None))
    until(lambda: bool(listener.heard))
    assert listener.heard == [SyncProgress(1, 3, 6), SyncProgress(2, 5, None)]
    bridge.close()
