"""Nothing is destroyed on another thread while there is a window, and memory stays bounded."""

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.core.events import EventBus
from app.ui.bridge import Bridge
from app.ui.collecting import BUSY_MS, IDLE_MS, YOUNG, Collector
from tests.processes import ROOT
from tests.ui.desk import until

WINDOWS = """
import faulthandler, sys, threading
faulthandler.enable()
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from app.ui.collecting import Collector

def churn():
    while True:
        kept = []
        for _ in range(2000):
            ring = []
            ring.append(ring)
            kept.append(ring)

class Window(QWidget):
    def __init__(self):
        super().__init__()
        self.itself = self
        column = QVBoxLayout(self)
        for number in range(10):
            column.addWidget(QPushButton(str(number)))
        column.addWidget(QLabel("text"))

app = QApplication(["backhaul"])
collector = Collector(app)
collector.start()
sys.setswitchinterval(1e-4)
for _ in range(2):
    threading.Thread(target=churn, daemon=True).start()
for number in range(60):
    windows = [Window() for _ in range(3)]
    windows[0].show()
    app.setStyleSheet(f"QPushButton {{ color: #{number:06x} }}")
    app.processEvents()
    windows[0].hide()
    del windows
    collector.look()
"""

ROWS = json.dumps(list(range(500)))


class Ring:
    """Only the collector ends it; `ended_on` keeps the threads it ran on."""

    ended_on: set[int] = set()  # noqa: RUF012 - told by all of them
    kept: object = None
    made = ended = 0  # each counted by one thread at a time

    def __init__(self) -> None:
        self.itself = self
        Ring.made += 1

    def __del__(self) -> None:
        Ring.ended_on.add(threading.get_ident())
        Ring.ended += 1


@pytest.fixture(autouse=True)
def _fresh(_no_other_thread_collects: None) -> Iterator[None]:
    gc.collect()
    Ring.ended_on, Ring.made, Ring.ended = set(), 0, 0
    yield
    gc.collect()


def alive() -> int:
    return Ring.made - Ring.ended


@contextmanager
def elsewhere(work: Callable[[], object]) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join()


def allocate() -> None:
    """More than Python's own threshold, several times."""
    kept = [[n] for n in range(50_000)]
    del kept


def test_python_by_itself_destroys_on_whichever_thread_allocates(qapp: QApplication) -> None:
    gc.enable()
    Ring()
    with elsewhere(allocate):
        pass
    gc.disable()
    assert Ring.ended_on - {threading.get_ident()}, "the reason for all this is gone"


def test_nothing_is_destroyed_on_another_thread(qapp: QApplication) -> None:
    collector = Collector(idle_ms=20)
    collector.start()
    for _ in range(3 * YOUNG):
        Ring()
    with elsewhere(allocate):
        pass
    assert Ring.ended_on == set()
    until(lambda: alive() == 0)
    assert Ring.ended_on == {threading.get_ident()}
    collector.deleteLater()


def test_windows_come_and_go_while_threads_allocate() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS], env=environment, capture_output=True, text=True,
        check=False, timeout=50,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def test_memory_stays_bounded_while_a_thread_makes_much_that_only_it_ends(
    qapp: QApplication,
) -> None:
    collector = Collector(idle_ms=BUSY_MS)
    collector.start()
    made, most, step = 150_000, 0, 500
    turn = threading.Semaphore(0)

    def work() -> None:
        for n in range(made):
            Ring().kept = json.loads(ROWS)  # as a thread that does something
            if n % step == 0:
                turn.acquire()  # no faster than the window's own thread is let run

    def is_over(thread: threading.Thread) -> bool:
        nonlocal most
        most = max(most, alive())
        turn.release()
        return not thread.is_alive()

    with elsewhere(work) as thread:
        until(lambda: is_over(thread), 30_000)
    until(lambda: alive() < YOUNG)
    assert YOUNG < most < made // 3
    assert collector.wait_ms == BUSY_MS
    collector.deleteLater()


def test_it_looks_seldom_while_little_is_made_and_often_after_a_burst(qapp: QApplication) -> None:
    collector = Collector()
    collector.start()
    collector.look()
    assert collector.wait_ms == IDLE_MS
    kept = [[n] for n in range(2 * YOUNG)]
    collector.look()
    assert collector.wait_ms == BUSY_MS
    waits = []
    for _ in range(6):
        collector.look()
        waits.append(collector.wait_ms)
    assert waits == sorted(waits)
    assert waits[-1] == IDLE_MS
    assert kept
    collector.deleteLater()


def test_what_grew_old_is_looked_through_as_well(qapp: QApplication) -> None:
    collector = Collector()
    collector.start()
    collector.look()
    kept: list[object] = [Ring()]
    gc.collect(1)  # it is old now
    kept.clear()
    looks = 0
    while alive():
        kept.append([[n] for n in range(2 * YOUNG)])
        collector.look()
        looks += 1
        assert looks < 500, "it was never looked at"
    collector.deleteLater()


class Page(QObject):
    """One whose end is told."""

    def __init__(self, ended_on: list[int]) -> None:
        super().__init__()
        self._ended_on = ended_on

    def __del__(self) -> None:
        self._ended_on.append(threading.get_ident())

    def read(self) -> int:
        return threading.get_ident()

    def show_it(self, _: int) -> None: ...

    def fail(self) -> None:
        raise ValueError("no")


@pytest.mark.parametrize("is_apart", [True, False])
@pytest.mark.parametrize("work", [Page.read, Page.fail])
def test_a_call_lets_go_of_its_page_on_the_gui_thread(
    qapp: QApplication, work: Callable[[Page], int], is_apart: bool
) -> None:
    bridge, ended_on = Bridge(EventBus(), lambda: None), list[int]()
    run = bridge.run_apart if is_apart else bridge.run_in_background
    for _ in range(200):
        page = Page(ended_on)
        run(lambda page=page: work(page), page.show_it, str)  # type: ignore[misc]
        del page
    until(lambda: len(ended_on) == 200)
    assert set(ended_on) == {threading.get_ident()}
    bridge.close()
