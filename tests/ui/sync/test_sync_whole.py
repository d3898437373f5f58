"""From the assistant to orders with their reasons, over a practice store and a real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from app.bootstrap import open_program
from app.core.orders import OrderFilter
from app.services.rehearsal import Rehearsal
from app.ui.bridge import Bridge
from app.ui.connections.desk import Desk
from app.ui.sync.asking import FetchOne
from app.ui.sync.assistant import Step, SyncAssistant
from app.ui.sync.page import SyncPage
from app.ui.sync.task_menu import TaskAct
from app.ui.theme import Theme
from tests.ui.desk import until
from tests.ui.sync.conftest import NAME, SHOP, card_of

ITEMS = [{"sku": "CARDS", "name": "Cards", "qty": 2}]


@pytest.fixture
def desk(tmp_path: Path, theme: Theme) -> Iterator[Desk]:
    program = open_program(tmp_path / "data", is_engine=True)
    bridge = Bridge(program.bus, program.end_thread)
    rehearsal = Rehearsal(program)
    rehearsal.start_servers()
    engine = program.engine()
    engine.start()
    yield Desk(program, bridge, rehearsal, "ann")
    bridge.close()
    bridge.deleteLater()
    engine.stop()
    rehearsal.close()
    program.close()
    QCoreApplication.sendPostedEvents(None, 0)


def test_orders_arrive_without_the_command_line(desk: Desk) -> None:
    program, practice = desk.program, desk.program.practice
    for number in ("000000001", "000000002", "000000003"):
        practice.act("magento", "add_order", order=number, items=ITEMS)
    practice.act("magento", "invoice", order="000000001")
    settings = {"base_url": practice.url("magento")}
    added = program.connections.add("magento", SHOP, settings, is_practice=True, actor="ann")
    page = SyncPage(desk)
    page.resize(1040, 700)
    page.show()
    until(lambda: page.content.is_read)
    page.add_orders(added.id)
    assistant = page.content.acts.dialog
    assert isinstance(assistant, SyncAssistant)
    until(lambda: assistant.is_ready)
    while assistant.step < Step.SUMMARY:
        assistant.next.click()
    assistant.next.click()
    until(lambda: bool(page.content.grid.cards), 15_000)
    card = card_of(page.content, NAME)
    until(lambda: card.facts.skipped == 2, 15_000)
    assert card.facts.result == "3 new"
    reasons = {one.order.order_ref: one.reason for one in program.orders.newest(OrderFilter(), 9)}
    assert reasons["000000001"] == ""
    assert reasons["000000002"] == "Not invoiced yet"

    practice.act("magento", "invoice", order="000000002")
    card.act_asked.emit(card.facts.id, TaskAct.ONE, None)
    dialog = page.content.acts.dialog
    assert isinstance(dialog, FetchOne)
    dialog.number.set_text("000000002")
    dialog.fetch.click()
    until(lambda: dialog.said.text() == "000000002: It is here now", 15_000)
    dialog.reject()

    practice.fault("magento", "maintenance", times=1)
    card.sync.click()
    until(lambda: card.facts.is_failure, 15_000)
    assert "maintenance" in card.facts.why
    page.close()
    page.deleteLater()
