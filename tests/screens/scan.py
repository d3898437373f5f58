"""Scenes of the scanner station: empty, at work, asking, refusing, and a disk that is full."""

from datetime import date
from unittest.mock import patch

from PySide6.QtWidgets import QPlainTextEdit

from app.core.errors import StorageError
from app.core.intake import ShipmentRecord
from app.core.types import Shipment
from app.services.demo import FRONT_DESK
from app.services.ledger_rows import IntakeSource
from app.services.rehearsal import SYSTEM
from app.services.wording import Phase
from app.ui.scan.dialog import ScanDialog
from app.ui.scan.leaving import UnstoredDialog
from tests.screens.stage import ACTOR, WINDOW, Stage

KNOWN, DONE, LOCKED, PICKED_UP, LEFT = "316100", "316101", "316102", "316103", "316104"
LABELS = {
    KNOWN: "1Z999AA10123456784",
    DONE: "1Z12345E1512345676",
    LOCKED: "9205590164917312751089",
    PICKED_UP: "986578788855",
}
MISREAD = "1Z999AA10123456783"


def station(stage: Stage) -> None:
    """From the first scan to everything that can come of one."""
    stage.open()
    stage.running.rehearsal.start_servers()
    url = stage.program.practice.url(SYSTEM)
    connection = stage.connect(FRONT_DESK, url, practice=True)
    for order in (*LABELS, LEFT):
        stage.program.practice.act(SYSTEM, "add_invoice", invoice=order)
    stage.program.practice.act(SYSTEM, "lock", invoice=LOCKED, by="MARY")
    stage.program.practice.act(SYSTEM, "pick_up", invoice=PICKED_UP)
    stage.enter(connection, Shipment(KNOWN, LABELS[KNOWN], "UPS"))
    stage.until_phase(Phase.DONE, KNOWN)
    stage.manager.feed.something_changed()
    stage.settle()
    stage.press("Scan shipments")
    dialog = stage.manager.station.dialog
    assert dialog is not None
    dialog.move(200, 60)
    stage.shoot("scan-empty")
    _scan(stage, dialog, LABELS[DONE])
    stage.shoot("scan-label-first")
    _scan(stage, dialog, DONE)
    stage.shoot("scan-label-wanted")
    _scan(stage, dialog, LABELS[DONE])
    stage.until_phase(Phase.DONE, DONE)
    _scan(stage, dialog, LOCKED, LABELS[LOCKED], PICKED_UP, LABELS[PICKED_UP])
    stage.until_run(Phase.WAITING, LOCKED)
    stage.until_run(Phase.NEEDS_YOU, PICKED_UP)
    _scan(stage, dialog, KNOWN, LABELS[KNOWN])
    stage.shoot("scan-known")
    _scan(stage, dialog, LEFT, "316105")
    stage.shoot("scan-left")
    _scan(stage, dialog, MISREAD)
    stage.shoot("scan-asks")
    dialog.resize(dialog.minimumSizeHint())
    stage.shoot("scan-small")
    dialog.close()
    stage.window.resize(*WINDOW)


def _scan(stage: Stage, dialog: ScanDialog, *texts: str) -> None:
    for text in texts:
        stage.clock.advance(2)
        dialog.field.scanned.emit(text)
    stage.until(lambda: not dialog._storing.unstored)
    stage.settle()


def by_hand(stage: Stage) -> None:
    """Add shipment: what the number tells while it is typed, and several parcels at once."""
    stage.open()
    url = "http://127.0.0.1:9"
    connection = stage.connect(FRONT_DESK, url, write_cost="on")
    stage.enter(connection, Shipment(KNOWN, LABELS[KNOWN], "UPS"))
    stage.manager.feed.something_changed()
    stage.settle()
    stage.press("Add shipment")
    stage.shoot("scan-add")
    stage.type_into("Order or invoice", DONE)
    stage.type_into("Tracking number", "1Z999AAIO123456784")
    stage.shoot("scan-add-letters")
    stage.type_into("Tracking number", MISREAD)
    stage.shoot("scan-add-check-digit")
    stage.type_into("Tracking number", LABELS[DONE])
    stage.shoot("scan-add-recognised")
    stage.press("Paste several parcels…")
    stage.settle()
    stage.shoot("scan-several-empty")
    pairs = [f"{order}\t{number}" for order, number in LABELS.items()]
    text = "\n".join([*pairs, f"{LEFT}\t{MISREAD}", "316105"])
    stage.find(QPlainTextEdit, "Order and tracking number, one parcel a line").setPlainText(text)
    stage.settle()
    stage.shoot("scan-several")


def known_numbers(stage: Stage) -> None:
    """A number that only a file told of; a row with doubts and a link."""
    stage.open()
    connection = stage.connect(FRONT_DESK, "http://127.0.0.1:9")
    source = IntakeSource("import:1", "import", connection.id, collect_s=0.0)
    void = ShipmentRecord(
        "import:1", "1", (LEFT,), LABELS[LOCKED], is_void=True, ship_date=date(2026, 9, 21)
    )
    stage.program.intake.enter(source, [(12, void)], actor=ACTOR)
    stage.enter(connection, Shipment(KNOWN, MISREAD, "UPS"))
    stage.manager.feed.something_changed()
    stage.search(f"42090210{LABELS[LOCKED]}")
    stage.until(stage.manager.instead.isVisible)
    stage.shoot("scan-search-void")
    stage.search(MISREAD.lower())
    stage.manager.show_job(1)
    stage.until(stage.manager.details.isVisible)
    stage.settle()
    stage.shoot("scan-details-doubt")


def full_disk(stage: Stage) -> None:
    """Scans that cannot be stored, when the station is closed and when one quits."""
    stage.open()
    stage.connect(FRONT_DESK, "http://127.0.0.1:9")
    stage.manager.feed.something_changed()
    stage.settle()
    with patch.object(stage.program.write_back, "enter", side_effect=StorageError("store_full")):
        stage.press("Scan shipments")
        dialog = stage.manager.station.dialog
        assert dialog is not None
        dialog.move(200, 60)
        for order, number in LABELS.items():
            stage.clock.advance(2)
            dialog.field.scanned.emit(order)
            stage.clock.advance(2)
            dialog.field.scanned.emit(number)
        stage.until(lambda: all(scan.trouble for scan in dialog._storing.unstored))
        stage.settle()
        stage.shoot("scan-full")
        dialog.close()
        stage.until(lambda: dialog.leaving.dialog is not None)
        stage.settle()
        stage.shoot("scan-full-close")
        stage.press("Stay")
        stage.desktop.quit()
        stage.until(lambda: bool(stage.window.findChildren(UnstoredDialog)))
        stage.settle()
        stage.shoot("scan-full-quit")
        stage.press("Stay")
    dialog._storing.try_now()
    stage.until(lambda: not dialog._storing.unstored)
    dialog.close()


SCENES = {
    "scan-full": full_disk,
    "scan-station": station,
    "scan-by-hand": by_hand,
    "scan-search": known_numbers,
}
