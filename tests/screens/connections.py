"""Scenes of the CONNECTIONS page: cards in every state, the assistant, the dialogs."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QScrollArea

from app.core.types import ConnectionInfo, Shipment
from app.services.rehearsal import SYSTEM
from app.services.wording import Phase
from tests.screens import ring
from tests.screens.stage import ACTOR, HALF_HOUR_S, NOBODY_THERE, WINDOW, Stage

TOKEN = "practice"
FRONT, BACK, PAUSED = "Front desk", "Back office", "Warehouse"
UNUSED, LOCKED, AWAY = "Mail order", "Web shop", "Harbour Street"
ADDRESS, SECRET = "Address of the connector", "Token"
_ = ring  # registered by being imported


def empty(stage: Stage) -> None:
    """Nothing is connected; then the assistant, with everything that can go wrong in it."""
    stage.open()
    stage.window.show_page("connections")
    stage.until(lambda: stage.running.connections.is_read)
    stage.rest()
    stage.shoot("connections-empty")
    stage.running.rehearsal.start_servers()
    bar = stage.running.connections.practice_bar
    bar.refresh()
    stage.until(bar.isVisible)
    stage.press("Add connection")
    stage.shoot("connections-assistant-system")
    stage.press("Next")
    stage.shoot("connections-assistant-details")
    stage.press("Test")
    stage.shoot("connections-assistant-needed")
    stage.type_into("Name", FRONT)
    stage.type_into(ADDRESS, "ftp://printsmith.example/bridge")
    stage.type_into(SECRET, "wrong")
    stage.press("Test")
    stage.shoot("connections-assistant-wrong-address")
    _show_more(stage)
    _test_and_save(stage)


def _show_more(stage: Stage) -> None:
    more = next(
        one.text()
        for one in stage.running.connections.acts.dialogs[0].findChildren(
            type(stage.button("Test"))
        )
        if one.text().startswith("Show ")
    )
    stage.press(more)
    stage.shoot("connections-assistant-all-settings")
    area = stage.running.connections.acts.dialogs[0].findChildren(QScrollArea)[-1]
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    stage.shoot("connections-assistant-all-settings-end")


def _test_and_save(stage: Stage) -> None:
    url = stage.program.practice.url(SYSTEM)
    stage.type_into(ADDRESS, url)
    stage.program.practice.fault(SYSTEM, "hang", times=1)
    stage.press("Test")
    stage.shoot("connections-assistant-testing")
    stage.press("Back")
    stage.press("Test")
    _until_verdict(stage)
    stage.shoot("connections-assistant-refused")
    stage.press("Back")
    stage.type_into(SECRET, TOKEN)
    stage.press("Test")
    _until_verdict(stage)
    stage.shoot("connections-assistant-passed")
    stage.press("Save")
    stage.until(lambda: bool(stage.find(QLabel, "Front desk is saved, its token is not")))
    stage.shoot("connections-assistant-not-kept")
    stage.press("Keep for this session only")
    stage.until(lambda: bool(stage.find(QLabel, "Front desk is connected")))
    stage.shoot("connections-assistant-done")
    stage.press("Close")


def _until_verdict(stage: Stage) -> None:
    dialog = stage.running.connections.acts.dialogs[0]
    verdict = [one for one in dialog.findChildren(QLabel, "verdict")]
    stage.until(lambda: any(one.isVisible() for one in verdict))
    stage.settle()


def cards(stage: Stage) -> None:
    """A card in every state beside each other, and what its buttons open."""
    _connect_all(stage)
    stage.rest()
    stage.shoot("connections-cards")
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("connections-cards-small")
    stage.window.resize(*WINDOW)
    grid = stage.running.connections.grid
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    stage.shoot("connections-cards-end")
    grid.verticalScrollBar().setValue(0)
    stage.press(f"Pause {FRONT}")
    stage.shoot("connections-pause-menu")
    stage.close_dialogs()
    for name, state in ((FRONT, "passed"), (BACK, "failed")):
        stage.press(f"Test {name}")
        _until_verdict(stage)
        stage.shoot(f"connections-test-{state}")
        if name == FRONT:
            _check_contract(stage)
        stage.close_dialogs()
    stage.press(f"Edit {FRONT}")
    stage.shoot("connections-edit")
    stage.close_dialogs()
    _remove(stage)
    _practise(stage)


def _check_contract(stage: Stage) -> None:
    """Every rule of the contract, on a throw-away invoice."""
    stage.program.practice.act(SYSTEM, "add_invoice", invoice="999001")
    stage.press("Check the contract…")
    stage.shoot("connections-contract")
    stage.type_into("Number of a throw-away invoice", "999001")
    stage.press("Start")
    _until_verdict(stage)
    stage.shoot("connections-contract-end")


def _connect_all(stage: Stage) -> None:
    stage.open()
    stage.running.rehearsal.start_servers()
    practice = stage.program.practice
    url = practice.url(SYSTEM)
    front = stage.connect(FRONT, url, token=TOKEN)
    back = stage.connect(BACK, url, token=TOKEN, charge_name="Tracking")
    paused = stage.connect(PAUSED, url, token=TOKEN)
    stage.connect(UNUSED, url, token=TOKEN)
    locked = stage.connect(LOCKED, url)
    away = stage.connect(AWAY, NOBODY_THERE, token=TOKEN)
    stage.connect("Practice", url, practice=True)
    stage.program.connections.pause(paused, HALF_HOUR_S, ACTOR)
    for number, connection in enumerate((front, back, paused, locked, away), 1):
        _enter(stage, connection, f"3161{number:02}", number)
    stage.until_phase(Phase.DONE, "316101")
    stage.until_phase(Phase.NEEDS_YOU, "316102", "316104")
    stage.until(lambda: stage.program.connections.gate(away.id).failures > 0)
    stage.window.show_page("connections")
    stage.until(lambda: stage.running.connections.practice_bar.isVisible())
    stage.pass_time(8)
    stage.running.connections.shown()
    stage.settle()


def _enter(stage: Stage, connection: ConnectionInfo, order: str, number: int) -> None:
    stage.program.practice.act(SYSTEM, "add_invoice", invoice=order)
    stage.enter(connection, Shipment(order, f"1Z23966E03{number:08}", "UPS"))


def _remove(stage: Stage) -> None:
    """With rows that wait; without any, where the locked password store keeps the token."""
    stage.press(f"Remove {PAUSED}")
    stage.settle()
    stage.shoot("connections-remove-with-rows")
    stage.close_dialogs()
    stage.press(f"Remove {UNUSED}")
    stage.settle()
    stage.shoot("connections-remove-unused")
    stage.press(f"Remove: {UNUSED}")
    stage.settle()
    stage.shoot("connections-removed")
    stage.close_dialogs()
    stage.settle()


def _practise(stage: Stage) -> None:
    stage.press("Rehearse: Slow")
    bar = stage.running.connections.practice_bar
    stage.until(lambda: "In force" in bar.note)
    stage.press("More faults…")
    stage.shoot("connections-practice-fault")
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("connections-practice-fault-small")
    stage.window.resize(*WINDOW)
    stage.running.rehearsal.close()
    bar.refresh()
    stage.until(lambda: bar.is_running is False)
    stage.shoot("connections-practice-stopped")


def tray(stage: Stage) -> None:
    """The menu of the tray icon, beside a window with problems, paused, and with nothing wrong."""
    _connect_all(stage)
    stage.window.show_page("manager")
    menu = stage.tray_menu
    at = stage.window.mapToGlobal(QPoint(620, 60))
    stage.until(lambda: len(menu.actions()) > 6)
    menu.popup(at)
    stage.shoot("tray-problems")
    menu.close()
    for connection in stage.program.connections.all():
        stage.program.connections.pause(connection, HALF_HOUR_S, ACTOR)
    stage.pass_time(60)
    stage.until(lambda: any("Resume" in one.text() for one in menu.actions()))
    menu.popup(at)
    stage.shoot("tray-paused")
    menu.close()


SCENES = {
    "connections-assistant": empty,
    "connections-cards": cards,
    "tray": tray,
}
