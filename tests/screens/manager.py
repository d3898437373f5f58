"""Scenes of the MANAGER page: what a person meets there, from the first start to a bad day."""

import sqlite3
import threading
from contextlib import closing

from PySide6.QtCore import QPoint, Qt

from app.core.types import ConnectionInfo, Shipment
from app.models.opening import FILE_NAME
from app.services.demo import FRONT_DESK, LOCKED, PICKED_UP, Demo, Plan
from app.services.program import Program
from app.services.rehearsal import SYSTEM
from app.services.wording import Phase
from app.ui.queue.menu import Act
from tests.screens.stage import ACTOR, HALF_HOUR_S, WINDOW, Stage

DONE, BLOCKED = "316140", "316121"


def demonstrate(program: Program) -> None:
    """The four shipments of the demonstration."""
    Demo(program, Plan()).stage()


def opening(stage: Stage) -> None:
    """The window before the data folder is open, and when it cannot be."""
    hold = threading.Event()
    given = stage.open_folder

    def slow(is_engine: bool) -> Program:
        hold.wait(60)
        return given(is_engine)

    stage.open_folder = slow  # type: ignore[method-assign]
    stage.open(waits=False)
    stage.shoot("manager-opening")
    hold.set()
    stage.until(lambda: stage.desktop.running is not None)


def cannot_open(stage: Stage) -> None:
    """The data file is from a newer version."""
    program = stage.open_folder(False)
    program.close()
    with closing(sqlite3.connect(stage.folder / FILE_NAME)) as file, file:
        file.execute("PRAGMA user_version = 999")
    stage.open(waits=False)
    stage.until(lambda: stage.window.state_text == "Not running")
    stage.shoot("manager-cannot-open")


def first_run(stage: Stage) -> None:
    """Nothing is connected yet; then practice mode in one click."""
    stage.open()
    stage.rest()
    stage.shoot("manager-first-run")
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("manager-first-run-small")
    stage.window.resize(*WINDOW)
    stage.press("Start practice mode")
    stage.until_phase(Phase.DONE, "316140")
    stage.until_phase(Phase.NEEDS_YOU, "316088")
    stage.until(lambda: stage.manager.model.rowCount() == 2)
    stage.select("316132")
    stage.shoot("manager-practice-started")


def practice(stage: Stage) -> None:
    """The demonstration's four shipments, and everything one can do with them."""
    stage_demonstration(stage)
    stage.pass_time(12)
    stage.select(LOCKED)
    stage.shoot("manager-practice")
    _look_at_rows(stage)
    _look_at_details(stage)
    _narrow_down(stage)
    _fill_in_forms(stage)
    _remove(stage)
    _let_it_go_through(stage)


def stage_demonstration(stage: Stage) -> None:
    stage.open(demonstrate)
    stage.until_phase(Phase.DONE, DONE)
    stage.until_phase(Phase.NEEDS_YOU, PICKED_UP, BLOCKED)
    stage.until(lambda: stage.program.queue.search(LOCKED)[0].job.reason_code == "ps_locked")
    stage.settle()


def _look_at_rows(stage: Stage) -> None:
    page = stage.manager
    page.table.clearSelection()
    stage.window.search.setFocus()
    stage.hover(1)
    stage.shoot("manager-row-hover")
    stage.leave()
    stage.select(PICKED_UP)
    wanted = page.table.customContextMenuRequested
    stage.shoot("manager-row-menu", lambda: wanted.emit(QPoint(300, 80)))
    stage.window.menu.popup(stage.window.mapToGlobal(QPoint(1040, 46)))
    stage.shoot("manager-gear-menu")
    stage.close_dialogs()


def _look_at_details(stage: Stage) -> None:
    for order, name in ((PICKED_UP, "cause"), (LOCKED, "waiting"), (BLOCKED, "blocked")):
        open_details(stage, order)
        stage.shoot(f"manager-detail-{name}")
    stage.press("Close details")


def open_details(stage: Stage, order: str) -> None:
    stage.select(order)
    stage.key(Qt.Key.Key_Return)
    details = stage.manager.details
    row = stage.program.queue.search(order)[0].job.id
    stage.until(lambda: details.isVisible() and details.job_id == row)


def _narrow_down(stage: Stage) -> None:
    stage.press("Retrying: 0")
    stage.until(stage.manager.instead.isVisible)
    stage.shoot("manager-filter-empty")
    stage.press("Show all")
    stage.search("1Z23966E0000000000")
    stage.shoot("manager-search-never-seen")
    stage.search(DONE)
    stage.shoot("manager-search-found")
    stage.search("")
    stage.press("Done today: 1")
    stage.settle()
    stage.shoot("manager-done-today")
    stage.press("All: 3")
    show_groups(stage, "manager-groups")
    stage.select(PICKED_UP)
    stage.manager.table.selectAll()
    stage.shoot("manager-selection")


def show_groups(stage: Stage, name: str) -> None:
    """By cause: folded, then every group open."""
    stage.press("Group by cause")
    stage.settle()
    stage.manager.table.setFocus()
    stage.manager.table.go_to(0)
    stage.shoot(name)
    stage.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    stage.shoot(f"{name}-open")
    stage.press("Group by cause")
    stage.settle()


def _fill_in_forms(stage: Stage) -> None:
    page = stage.manager
    stage.select(PICKED_UP)
    for act, name in ((Act.EDIT, "edit-and-retry"), (Act.DONE, "done-by-hand")):
        page.chosen._pressed(act)
        stage.shoot(f"manager-{name}")
        if act is Act.DONE:
            stage.press("Close as done")
        else:
            stage.type_into("Tracking number", "1Z/?")
            stage.press("Retry")
        stage.shoot(f"manager-{name}-refused")
        stage.close_dialogs()
    stage.press("Add shipment")
    stage.shoot("manager-add-shipment")
    stage.press("Add")
    stage.shoot("manager-add-shipment-refused")
    stage.close_dialogs()
    page.acts.text_refused.emit(stage.program.queue_page.copy(1, with_diagnosis=True))
    stage.shoot("manager-copy-by-hand")
    stage.close_dialogs()


def _remove(stage: Stage) -> None:
    page = stage.manager
    stage.select(PICKED_UP)
    stage.key(Qt.Key.Key_Delete)
    stage.until(lambda: "Removed" in page.toast.text)
    stage.hold(page.toast)
    stage.settle()
    stage.shoot("manager-undo")
    page.toast.hide_now()
    stage.press("Bin")
    stage.until(lambda: page.model.rowCount() == 1)
    stage.select(PICKED_UP)
    stage.shoot("manager-bin")
    open_details(stage, PICKED_UP)
    stage.shoot("manager-detail-removed")
    stage.press("Close details")
    stage.press("Bin")
    stage.until(lambda: page.model.rowCount() == 2)


def _let_it_go_through(stage: Stage) -> None:
    page = stage.manager
    stage.program.practice.act(SYSTEM, "unlock", invoice=LOCKED)
    stage.pass_time(20)
    stage.until_phase(Phase.DONE, LOCKED)
    page.show_job(stage.program.queue.search(LOCKED)[0].job.id)
    stage.until(page.details.isVisible)
    stage.shoot("manager-detail-proof")
    stage.press("Close details")
    stage.press("Bin")
    stage.press("Bin")
    for connection in stage.program.connections.all():
        stage.program.connections.pause(connection, HALF_HOUR_S, ACTOR)
    stage.settle()
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("manager-small")


def empty(stage: Stage) -> None:
    """A system is connected, and nothing waits: before and after the first write-back."""
    stage.open()
    stage.running.rehearsal.start_servers()
    url = stage.program.practice.url(SYSTEM)
    connection = stage.connect(FRONT_DESK, url, practice=True)
    stage.manager.feed.something_changed()
    stage.settle()
    stage.rest()
    stage.shoot("manager-empty-new")
    write_one(stage, connection, "316140")
    stage.until_phase(Phase.DONE, "316140")
    stage.pass_time(12)
    stage.rest()
    stage.shoot("manager-empty")
    stage.press("Bin")
    stage.until(stage.manager.instead.isVisible)
    stage.shoot("manager-bin-empty")


def write_one(stage: Stage, connection: ConnectionInfo, order: str, number: int = 1) -> None:
    stage.program.practice.act(SYSTEM, "add_invoice", invoice=order)
    stage.enter(connection, Shipment(order, f"1Z23966E03{number:08}", "UPS"))


SCENES = {
    "manager-opening": opening,
    "manager-cannot-open": cannot_open,
    "manager-first-run": first_run,
    "manager-practice": practice,
    "manager-empty": empty,
}
