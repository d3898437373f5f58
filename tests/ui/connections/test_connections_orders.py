"""The way from a store that was connected to reading its orders."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.types import ConnectionInfo
from app.ui.connections.assistant_frame import Step
from app.ui.connections.assistant_pages import Choice
from app.ui.connections.card import ConnectionCard
from tests.ui.connections.conftest import Place
from tests.ui.desk import until

READ = "Read its orders…"


def offer(card: ConnectionCard) -> QPushButton:
    """The button on a card."""
    return next(one for one in card.findChildren(QPushButton) if one.text() == READ)


def a_store(place: Place) -> ConnectionInfo:
    settings = {"base_url": "http://127.0.0.1:9"}
    return place.program.connections.add(
        "magento", "Web shop", settings, is_practice=True, actor="ann"
    )


def test_a_store_that_nobody_reads_offers_it_on_its_card(place: Place, qtbot: QtBot) -> None:
    place.connect()
    store = a_store(place)
    page = place.page()
    assert offer(place.card(page)).isHidden(), "a PrintSmith has no orders to be read"
    press = offer(place.card(page, "Web shop"))
    assert press.isVisible()
    assert press.accessibleName() == "Read the orders of Web shop"
    with qtbot.waitSignal(page.sync_asked) as asked:
        press.click()
    assert asked.args == [store.id]
    place.program.routes.add_orders(
        store, mode=None, interval_s=300, start_at=0, stores=frozenset(), with_address=False,
        actor="ann",
    )  # fmt: skip
    until(press.isHidden)


def test_the_assistant_offers_it_when_the_store_is_connected(place: Place, qtbot: QtBot) -> None:
    place.rehearsal.start_servers()
    page = place.page()
    page.add_connection()
    assistant = place.assistant(page)
    assistant._make_form(Choice(place.program.kinds["magento"], True))
    assistant.go(Step.TYPE)
    assistant.next.click()
    until(lambda: bool(assistant.check_page.passed), 15_000)
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    assert assistant.other.text() == READ
    (store,) = place.program.connections.all()
    with qtbot.waitSignal(page.sync_asked) as asked:
        assistant.other.click()
    assert asked.args == [store.id]
    until(lambda: page.acts.dialogs == [])
