"""Scenes of the SYNC page: tasks in every state, the clock's menu, the dialogs, the assistant."""

import os

from PySide6.QtWidgets import QToolButton

from app.core.errors import CredentialsRejected
from app.core.orders import OrderPage, Reason
from app.core.types import ConnectionInfo
from app.models.connections import Connections
from app.models.database import Database
from app.models.opening import FILE_NAME
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.secrets import variable_name
from app.ui.sync.asking import FetchFrom, FetchOne
from app.ui.sync.assistant import Step, SyncAssistant
from app.ui.sync.content import SyncContent
from tests.fakes.source import an_order
from tests.screens.stage import ACTOR, NOBODY_THERE, WINDOW, Stage

SHOP, BUSY, AWAY = "Web shop", "Outlet", "Harbour Street"
PAUSED, SHUT, MODE = "Warehouse", "Back office", "Wholesale"
ITEMS = [{"sku": "CARDS", "name": "Business cards", "qty": 2}]
_DAY_MS = 86_400_000


class Tables:
    """The data file as an engine writes it."""

    def __init__(self, stage: Stage) -> None:
        self.database = Database(stage.folder / FILE_NAME)
        self.routes = Routes(self.database, stage.clock)
        self.orders = Orders(self.database, stage.clock)
        self.gates = Connections(self.database, stage.clock)

    def close(self) -> None:
        self.database.close_thread()


def _content(stage: Stage) -> SyncContent:
    return stage.running.sync.content


def _connect(stage: Stage, name: str, url: str = "") -> ConnectionInfo:
    """A practice store; without an address a real one that is not there."""
    kind = stage.program.kinds["magento"]
    for field in kind.secrets:
        os.environ[variable_name(name, field.name)] = "secret"
    return stage.program.connections.add(
        "magento",
        name,
        {"base_url": url or NOBODY_THERE},
        is_practice=bool(url),
        actor=ACTOR,
    )


def _add(stage: Stage, name: str, url: str = "") -> int:
    """A store whose orders are read; the number of the route, once its first run is over."""
    added = stage.program.routes.add_orders(
        _connect(stage, name, url), mode=None, interval_s=300,
        start_at=stage.clock.now_ms() - 7 * _DAY_MS, stores=frozenset(), with_address=False,
        actor=ACTOR,
    )  # fmt: skip
    number = added.task.route.id
    routes = stage.program.routes
    stage.until(lambda: routes.one(number).task.ran_at is not None, f"{name} was never read")
    stage.until(lambda: routes.one(number).task.running_since is None)
    return number


def _refresh(stage: Stage) -> None:
    """The cards as they stand now; nothing keeps the keyboard."""
    feed = stage.running.sync.feed
    feed.now()
    stage.until(lambda: feed.is_quiet)
    stage.rest()


def empty(stage: Stage) -> None:
    """Nothing is connected; then nothing is read; then the assistant, page by page."""
    stage.open()
    stage.window.show_page("sync")
    content = _content(stage)
    stage.until(lambda: content.is_read)
    stage.rest()
    stage.shoot("sync-no-store")
    stage.running.rehearsal.start_servers()
    url = stage.program.practice.url("magento")
    _connect(stage, SHOP, url)
    _connect(stage, "Other shop")
    _refresh(stage)
    stage.shoot("sync-empty")
    stage.press("Add a sync")
    assistant = content.acts.dialog
    assert isinstance(assistant, SyncAssistant)
    stage.until(lambda: assistant.is_ready)
    stage.shoot("sync-assistant-store")
    stage.press("Next")
    stage.shoot("sync-assistant-orders")
    stage.press("Next")
    stage.until(assistant.how_page._again.isVisible)
    stage.shoot("sync-assistant-typed-views")
    assistant.how_page.show_views([])
    stage.press("Next")
    stage.shoot("sync-assistant-summary")
    assert assistant.step is Step.SUMMARY
    stage.close_dialogs()


def full(stage: Stage) -> None:
    """Tasks in every state beside each other, and what is done with them."""
    stage.open()
    stage.running.rehearsal.start_servers()
    practice = stage.program.practice
    for number in range(1, 15):
        practice.act("magento", "add_order", order=f"{number:09}", items=ITEMS)
        if number > 2:
            practice.act("magento", "invoice", order=f"{number:09}")
    stage.window.show_page("sync")
    content = _content(stage)
    shop = _add(stage, SHOP, practice.url("magento"))
    numbers = {name: _add(stage, name) for name in (BUSY, AWAY, PAUSED, SHUT, MODE)}
    tables = Tables(stage)
    _bring_about(tables, numbers)
    tables.close()
    _refresh(stage)
    stage.until(lambda: content.grid.card(shop) is not None)
    stage.shoot("sync-full")
    bar = content.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.shoot("sync-full-end")
    bar.setValue(0)
    stage.window.resize(stage.window.minimumSize())
    stage.settle()
    stage.shoot("sync-small")
    stage.window.resize(*WINDOW)
    stage.settle()
    clock = stage.find(QToolButton, f"What can be done: Orders from {SHOP}")
    stage.shoot("sync-menu", clock.click)
    _dialogs(stage, content, shop)


def _bring_about(tables: Tables, numbers: dict[str, int]) -> None:
    def page(name: str, *, is_last: bool) -> OrderPage:
        begin = numbers[name] * 1000
        orders = [an_order(begin + n) for n in range(120 if not is_last else 12)]
        return OrderPage(orders, "" if is_last else "next", is_last, 0 if is_last else 380)

    for name in (BUSY, MODE, PAUSED):
        task = tables.routes.begin(numbers[name])
        assert task is not None
        tables.gates.answered(task.route.source_id)
        tables.orders.take(
            task.route.id, task.route.source_id, page(name, is_last=name != BUSY), task.cursor
        )
        if name != BUSY:
            tables.routes.went_well(task.route.id, 300)
    tables.routes.pause(numbers[PAUSED], None, ACTOR)
    tables.orders.advise(numbers[MODE], Reason("mg_mode_wait", {"skipped": 11, "read": 12}))
    source = tables.routes.find(numbers[SHUT])
    assert source is not None
    refused = CredentialsRejected("mg_keys", host="shop.example", message="no")
    tables.gates.block(source.route.source_id, refused)


def _dialogs(stage: Stage, content: SyncContent, shop: int) -> None:
    card = content.grid.card(shop)
    assert card is not None
    content.acts._ask_from(card)
    assert isinstance(content.acts.dialog, FetchFrom)
    stage.shoot("sync-fetch-from")
    stage.close_dialogs()
    stage.program.practice.act("magento", "add_order", order="000000099", items=ITEMS)
    content.acts._ask_one(card)
    dialog = content.acts.dialog
    assert isinstance(dialog, FetchOne)
    stage.shoot("sync-fetch-one")
    for number, name in (("000000099", "skipped"), ("4711", "unknown")):
        stage.type_into("Order number", number)
        stage.press("Fetch")
        stage.until(dialog.fetch.isEnabled)
        stage.shoot(f"sync-fetch-one-{name}")
    stage.close_dialogs()
    content.acts._ask_to_remove(card)
    stage.shoot("sync-remove")
    stage.close_dialogs()
    stage.program.practice.fault("magento", "maintenance", times=1)
    stage.press(f"Sync now: Orders from {SHOP}")
    stage.until(lambda: card.facts.is_failure)
    _refresh(stage)
    stage.shoot("sync-failed")


SCENES = {"sync-empty": empty, "sync-full": full}
