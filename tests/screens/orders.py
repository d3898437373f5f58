"""Scenes of the ORDERS page: orders of a practice store in every state, one of them in full."""

from app.core.orders import OrderFilter, OrderStatus
from app.core.types import ConnectionInfo, Shipment
from app.ui.orders.content import OrdersContent
from app.ui.orders.filters import Chip
from app.ui.queue.bulk import Run
from tests.screens.stage import ACTOR, WINDOW, Stage

SYSTEM = "magento"
ORDERS = [f"{number:09}" for number in range(227, 239)]
DONE, FAILED, ON_ITS_WAY = ORDERS[:4], ORDERS[9], ORDERS[7]
SKIPPED = (ORDERS[5], ORDERS[6])
_MINUTE_S = 60


def first(stage: Stage) -> None:
    """Nothing is read yet; then a store that has no orders."""
    stage.open()
    content = _show(stage)
    stage.rest()
    stage.shoot("orders-first-use")
    _connect(stage)
    stage.until(lambda: bool(stage.program.routes.all()[0].task.finished_at))
    content.feed.now()
    stage.rest()
    stage.shoot("orders-empty")


def full(stage: Stage) -> None:
    """A day's orders, what one says, filters, many of them chosen, an export under way."""
    stage.open()
    stage.running.rehearsal.start_servers()
    _sell(stage)
    connection = _connect(stage)
    view = stage.program.orders
    stage.until(lambda: view.count(OrderFilter()) == len(ORDERS), "the orders never came")
    _ship(stage, connection)
    content = _show(stage)
    stage.until(lambda: content.model.rowCount() == len(ORDERS))
    stage.rest()
    stage.shoot("orders-full")
    for name, order in (("failed", FAILED), ("done", DONE[0]), ("skipped", SKIPPED[0])):
        _open(stage, content, order)
        stage.shoot(f"orders-one-{name}")
    content.acts.set_back_one(view.one(FAILED).order.id)
    stage.until(lambda: content.acts.dialog is not None)
    stage.settle()
    stage.shoot("orders-set-back")
    stage.close_dialogs()
    _narrow(stage, content)
    content.pane.closed.emit()
    _filters(stage, content)
    _many(stage, content)


def _show(stage: Stage) -> OrdersContent:
    stage.window.show_page("orders")
    content = stage.running.orders.content
    stage.until(lambda: content.is_read and content.is_quiet)
    return content


def _sell(stage: Stage) -> None:
    practice = stage.program.practice
    for place, order in enumerate(ORDERS):
        practice.act(SYSTEM, "add_order", order=order, items=f"CARDS={place % 3 + 1} PAPER=2")
        if order not in SKIPPED:
            practice.act(SYSTEM, "invoice", order=order)
        stage.clock.advance(7 * _MINUTE_S)
    practice.act(SYSTEM, "hold", order=SKIPPED[1])


def _connect(stage: Stage) -> ConnectionInfo:
    stage.running.rehearsal.start_servers()
    url = {"base_url": stage.program.practice.url(SYSTEM)}
    service = stage.program.connections
    connection = service.add(SYSTEM, "Web shop", url, is_practice=True, actor=ACTOR)
    stage.program.routes.add_orders(
        connection, mode="wait-for-invoice", interval_s=300, start_at=0, stores=frozenset(),
        with_address=True, actor=ACTOR,
    )  # fmt: skip
    return connection


def _ship(stage: Stage, connection: ConnectionInfo) -> None:
    view, program = stage.program.orders, stage.program

    def enter(*orders: str) -> None:
        parcels = [
            Shipment(one, f"1Z999AA1{int(one):010}", carrier="UPS", service="Ground")
            for one in orders
        ]
        program.write_back.enter(connection.id, parcels, actor=ACTOR)

    def stands(order: str, status: OrderStatus) -> bool:
        return view.one(order).order.status is status

    enter(*DONE)
    stage.until(lambda: all(stands(one, OrderStatus.SUCCESS) for one in DONE), "never written")
    program.practice.act(SYSTEM, "cancel", order=FAILED)
    enter(FAILED)
    stage.until(lambda: stands(FAILED, OrderStatus.FAILED), "it never failed")
    program.connections.pause(connection, None, ACTOR)
    enter(ON_ITS_WAY)


def _open(stage: Stage, content: OrdersContent, order: str) -> None:
    number = stage.program.orders.one(order).order.id
    row = content.model.row_of(number)
    assert row is not None
    content.table.go_to(row)
    content.open_order(number)
    stage.until(lambda: content.pane.order_id == number)
    stage.rest()


def _narrow(stage: Stage, content: OrdersContent) -> None:
    stage.window.resize(stage.window.minimumSize())
    stage.rest()
    stage.shoot("orders-small-one")
    content.pane.closed.emit()
    stage.rest()
    stage.shoot("orders-small")
    stage.window.resize(*WINDOW)


def _filters(stage: Stage, content: OrdersContent) -> None:
    content.filters.chips.chosen.emit(Chip.SKIPPED)
    stage.until(lambda: content.model.rowCount() == len(SKIPPED))
    stage.rest()
    stage.shoot("orders-skipped")
    content.filters.show_all()
    stage.search("no such number")
    stage.until(lambda: content.shows_instead)
    stage.rest()
    stage.shoot("orders-none-fits")
    stage.press("Show all")
    stage.until(lambda: not content.shows_instead)


def _many(stage: Stage, content: OrdersContent) -> None:
    content.table.select_ranges([(1, 4)])
    stage.shoot("orders-many")
    content.table.clearSelection()
    run = Run("Exporting", 18_204)
    run.through = 7_500
    content.foot.follow(run)
    stage.hold(content.foot.work)
    stage.shoot("orders-export")
    content.foot.follow(None)
    content.exporting.done.emit("18,204 orders exported to orders-2026-11-21.csv")
    stage.shoot("orders-exported")


SCENES = {"orders-first": first, "orders-full": full}
"""By the names their pictures begin with."""
