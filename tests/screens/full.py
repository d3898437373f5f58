"""Scenes with far more, and far longer, than usual: 5,000 rows and texts to the last letter."""

import sqlite3
from contextlib import closing

from PySide6.QtCore import Qt

from app.core.types import Shipment
from app.models.opening import FILE_NAME
from app.services.rehearsal import SYSTEM
from tests.screens.stage import ACTOR, WINDOW, Stage

ROWS = 5000
LONG_NAME = "Front desk of the print shop in Old Harbour Street, floor 12"
LONG_TRACKING = "00340434161094042557-9622001900005548760900-420941079405"
LONG_ORDER = "PO-2026-000316132/REORDER/Brochures-and-envelopes-for-the-autumn-fair"


def full(stage: Stage) -> None:
    """One connection with a name of 60 letters and 5,000 rows, some with the longest texts."""
    stage.open()
    stage.running.rehearsal.start_servers()
    program, url = stage.program, stage.program.practice.url(SYSTEM)
    connection = stage.connect(LONG_NAME, url, practice=True)
    program.connections.pause(connection, None, ACTOR)
    stage.enter(connection, *(_shipment(number) for number in range(ROWS)))
    stage.until(lambda: stage.manager.model.rowCount() >= ROWS)
    stage.pass_time(3 * 86_400)
    stage.select(f"3{ROWS - 1:05}")
    stage.shoot("full-top")
    _look_around(stage)
    stage.window.show_page("connections")
    stage.settle()
    stage.shoot("full-connections")
    stage.press(f"Remove {LONG_NAME}")
    stage.settle()
    stage.shoot("full-remove-connection")
    stage.close_dialogs()


def _look_around(stage: Stage) -> None:
    page = stage.manager
    stage.select(LONG_ORDER)
    stage.key(Qt.Key.Key_Return)
    stage.until(page.details.isVisible)
    stage.shoot("full-details")
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("full-small-details")
    stage.press("Close details")
    stage.shoot("full-small")
    stage.window.resize(*WINDOW)
    page.table.scrollToBottom()
    stage.shoot("full-end")
    page.table.scrollToTop()
    page.table.setFocus()
    page.table.selectAll()
    stage.shoot("full-all-selected")
    stage.press("Group by cause")
    stage.settle()
    stage.shoot("full-groups")
    stage.press("Group by cause")
    _remove_all(stage)


def _remove_all(stage: Stage) -> None:
    """While it is under way (another program keeps the data file locked), and afterwards."""
    page = stage.manager
    stage.settle()
    page.table.setFocus()
    page.table.selectAll()
    stage.settle()
    with closing(sqlite3.connect(stage.folder / FILE_NAME, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        stage.key(Qt.Key.Key_Delete)
        stage.until(page.foot.work.isVisible)
        stage.shoot("full-removing")
        other.rollback()
    stage.until(lambda: "Removed" in page.toast.text)
    stage.hold(page.toast)
    stage.settle()
    stage.shoot("full-removed")
    stage.press("Undo")
    stage.until(lambda: page.model.rowCount() == ROWS)
    stage.settle()


def _shipment(number: int) -> Shipment:
    if number == ROWS - 2:
        return Shipment(LONG_ORDER, LONG_TRACKING, "Deutsche Post DHL", "Express Worldwide 12:00")
    if number % 7 == 0:
        return Shipment(f"3{number:05}", f"0034043416109404{number:04}", "DHL")
    return Shipment(f"3{number:05}", f"1Z23966E03{number:08}", "UPS")


SCENES = {"full": full}
