"""The window beside `backhaul run`: it shows what the other does, and its acts reach it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.bootstrap import open_program
from app.core.states import JobState
from app.services.program import Program
from app.ui.application import Desktop
from app.ui.elsewhere import Elsewhere
from app.ui.running import Running
from tests.builders import a_shipment
from tests.ui.connections.test_connections_page import press, words
from tests.ui.desk import until
from tests.ui.test_application import opening

ROOT = Path(__file__).parents[2]
SYSTEM = "printsmith"
WITHIN_S = 2.0


class Engine:
    """`backhaul run` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "run", "--data-dir", str(folder)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("Backhaul is running for ")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=15)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Program]:
    """A folder with a practice server, seen as another command sees it."""
    program = open_program(tmp_path / "data", is_engine=False)
    with program.practice_servers() as urls:
        program.connections.add(
            SYSTEM,
            "Practice",
            {"base_url": urls[SYSTEM], "poll_locked_s": "1"},
            is_practice=True,
            actor="ann",
        )
        yield program
    program.close()


@pytest.fixture
def engine(shop: Program) -> Iterator[Engine]:
    engine = Engine(shop.folder)
    yield engine
    if engine.process.poll() is None:
        engine.stop()


@pytest.fixture
def window(qapp: QApplication, engine: Engine) -> Iterator[Desktop]:
    desktop = Desktop(qapp, opening(engine.folder, is_taken=True))
    desktop.start()
    until(lambda: desktop.running is not None, 10_000)
    until(lambda: "does the sending" in words(desktop.window))
    yield desktop
    desktop.quit()
    until(lambda: not desktop.window.isVisible(), 10_000)
    desktop.window.deleteLater()
    desktop.deleteLater()


def running(window: Desktop) -> Running:
    assert window.running is not None
    return window.running


def enter(shop: Program, *orders: str, locked: str = "") -> list[int]:
    for order in orders:
        shop.practice.act(SYSTEM, "add_invoice", invoice=order)
    if locked:
        shop.practice.act(SYSTEM, "lock", invoice=locked, by="MARY")
    (connection,) = shop.connections.all()
    shipments = [a_shipment(one, f"1Z23966E0{int(one):09}") for one in orders]
    return [one.job_id for one in shop.write_back.enter(connection.id, shipments, actor="joe")]


def state(shop: Program, job_id: int) -> JobState:
    return shop.queue.one(f"row:{job_id}").job.state


def orders_shown(window: Desktop) -> list[str]:
    model = running(window).manager.model
    lines = [model.line(row) for row in range(model.rowCount())]
    return [line.row.job.order_ref for line in lines if line is not None]


def test_it_says_which_process_does_the_sending(window: Desktop, engine: Engine) -> None:
    assert f"(process {engine.process.pid})" in words(window.window)


def test_what_the_engine_and_others_do_shows_within_two_seconds(
    window: Desktop, shop: Program
) -> None:
    until(lambda: orders_shown(window) == [])
    began = time.monotonic()
    (job_id,) = enter(shop, "316132", locked="316132")
    until(lambda: orders_shown(window) == ["316132"])
    assert time.monotonic() - began < WITHIN_S
    card = running(window).connections.grid.cards[0]
    until(lambda: card.facts.waiting == 1)
    assert time.monotonic() - began < 2 * WITHIN_S
    shop.practice.act(SYSTEM, "unlock", invoice="316132")
    until(lambda: state(shop, job_id) is JobState.SUCCEEDED, 15_000)
    began = time.monotonic()
    until(lambda: orders_shown(window) == [])
    assert time.monotonic() - began < WITHIN_S


def test_a_pause_from_this_window_holds_in_the_engine_until_it_is_resumed(
    window: Desktop, shop: Program
) -> None:
    page = running(window).connections
    until(lambda: len(page.grid.cards) == 1)
    card = page.grid.cards[0]
    card.pause_asked.emit(card.facts.connection.id, 1800)
    until(lambda: card.facts.is_paused)
    (job_id,) = enter(shop, "316140")
    until(lambda: orders_shown(window) == ["316140"])
    writes = shop.practice.state(SYSTEM)["writes"]
    until(lambda: card.facts.waiting == 1)
    assert (state(shop, job_id), writes) == (JobState.PENDING, [])
    window.window.show_page("connections")
    press(page, "Resume Practice")
    until(lambda: state(shop, job_id) is JobState.SUCCEEDED, 10_000)


def test_a_retry_from_this_window_is_run_by_the_engine(window: Desktop, shop: Program) -> None:
    shop.practice.act(SYSTEM, "add_invoice", invoice="316088")
    shop.practice.act(SYSTEM, "pick_up", invoice="316088")
    (connection,) = shop.connections.all()
    (entered,) = shop.write_back.enter(connection.id, [a_shipment("316088")], actor="joe")
    until(lambda: state(shop, entered.job_id) is JobState.FAILED, 10_000)
    shop.practice.act(SYSTEM, "reopen", invoice="316088")
    until(lambda: orders_shown(window) == ["316088"])
    began = time.monotonic()
    running(window).program.queue_page.retry([entered.job_id], "ann")
    until(lambda: state(shop, entered.job_id) is JobState.SUCCEEDED, 10_000)
    assert time.monotonic() - began < 2 * WITHIN_S
    until(lambda: orders_shown(window) == [])


def test_a_removal_from_this_window_reaches_the_engine(window: Desktop, shop: Program) -> None:
    (job_id,) = enter(shop, "316132", locked="316132")
    until(lambda: orders_shown(window) == ["316132"])
    running(window).program.queue_page.discard([job_id], "ann")
    until(lambda: state(shop, job_id) is JobState.DISCARDED, 10_000)
    shop.practice.act(SYSTEM, "unlock", invoice="316132")
    page = running(window).connections
    page.acts.remove(page.grid.cards[0].facts.connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "No row waits" in words(dialog))
    press(dialog, "Remove: Practice")
    until(lambda: page.grid.cards == [])
    assert shop.connections.all() == []
    assert shop.practice.state(SYSTEM)["writes"] == []


def test_it_says_when_nobody_sends_any_more_and_offers_to_start_again(
    window: Desktop, engine: Engine
) -> None:
    engine.stop()
    until(lambda: "Nothing is being sent" in words(window.window))
    assert window.window.state_text == "Not running"
    running(window).manager.feed.something_changed()
    until(lambda: running(window).manager.feed.is_quiet)
    assert window.window.state_text == "Not running", "also after the rows were read again"
    strip = window.window.findChild(Elsewhere)
    assert strip is not None
    asked: list[bool] = []
    strip.restart_asked.connect(lambda: asked.append(True))
    press(strip, "Start again here")
    assert asked == [True]
    assert window.restarts, "whoever ran this window starts it anew"
