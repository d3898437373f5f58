"""Scenes of the STATUS page: lights in every state, the sections behind them, Refresh."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import RemoteUnavailable, SetupChanged
from app.core.health import Api, Result, Way
from app.core.types import ConnectionInfo, Shipment
from app.models.connections import Connections
from app.models.database import Database
from app.models.opening import FILE_NAME
from app.services.rehearsal import SYSTEM
from app.services.wording import Phase
from app.ui.status.content import StatusContent
from tests.health import Some, a_good_hour, put_calls
from tests.screens.stage import ACTOR, NOBODY_THERE, WINDOW, Stage

STORE, DESK, SLOW, AWAY = "Main store", "Front desk", "Outlet", "Warehouse"
STOPPED, IDLE, PAUSED, LOST = "Old shop", "Mail order", "Back office", "Harbour Street"


def empty(stage: Stage) -> None:
    """Nothing is connected."""
    stage.open()
    stage.window.show_page("status")
    content = _content(stage)
    stage.until(lambda: content.is_read)
    stage.rest()
    stage.shoot("status-empty")


def full(stage: Stage) -> None:
    """Connections in every state; each light pressed; small; what cannot be read."""
    stage.open()
    with _file(stage) as database:
        _fill(stage, database)
    stage.window.show_page("status")
    content = _content(stage)
    stage.until(lambda: len(content.list.entries) == 8)
    stage.rest()
    for name in (STORE, DESK, SLOW, AWAY, STOPPED, IDLE, PAUSED, LOST):
        _press(stage, content, name)
        stage.shoot(f"status-{name.lower().replace(' ', '-')}")
    _press(stage, content, STORE)
    stage.window.resize(stage.window.minimumSize())
    stage.shoot("status-small")
    content.detail.lights.buttons[Api.ORDERS].click()
    stage.shoot("status-small-orders")
    stage.window.resize(*WINDOW)
    content._not_read(RemoteUnavailable("refused", host="shop"))
    stage.shoot("status-not-read")


def refresh(stage: Stage) -> None:
    """A practice server is asked line by line; what it wrote just now is seen."""
    stage.open()
    stage.running.rehearsal.start_servers()
    url = stage.program.practice.url(SYSTEM)
    stage.program.practice.act(SYSTEM, "add_invoice", invoice="316140")
    connection = stage.connect("Practice", url, practice=True)
    stage.enter(connection, Shipment("316140", "1Z23966E0398214403"))
    stage.until_phase(Phase.DONE, "316140")
    stage.window.show_page("status")
    content = _content(stage)
    stage.until(lambda: bool(content.list.entries))
    stage.press("Refresh Practice: ask it now")
    stage.until(lambda: not content.detail.checks.is_running)
    content.reading.now()
    stage.rest()
    stage.shoot("status-refresh")


def _content(stage: Stage) -> StatusContent:
    made = stage.running.status.made
    assert isinstance(made, StatusContent)
    return made


def _press(stage: Stage, content: StatusContent, name: str) -> None:
    next(one for one in content.list.entries.values() if one.text() == name).click()
    stage.settle()


@contextmanager
def _file(stage: Stage) -> Iterator[Database]:
    database = Database(stage.folder / FILE_NAME)
    yield database
    database.close_thread()


def _fill(stage: Stage, database: Database) -> None:
    """What an hour left behind."""
    clock, gates = stage.clock, Connections(database, stage.clock)

    def calls(one: ConnectionInfo, api: Api, some: list[Some]) -> None:
        put_calls(database, clock, one.id, api, some)

    store = _connect(stage, STORE, "magento")
    desk, slow, away, stopped, idle, paused, lost = (
        _connect(stage, name) for name in (DESK, SLOW, AWAY, STOPPED, IDLE, PAUSED, LOST)
    )
    calls(store, Api.ORDERS, a_good_hour(5, 2, 420.0))
    calls(store, Api.PRODUCTS, a_good_hour(1, 30, 240.0))
    good = [one._replace(way=Way.WRITE) for one in a_good_hour()]
    bad = [Some(ago, 6, Result.FAILED, 900.0, Way.WRITE) for ago in range(14)]
    calls(store, Api.WRITE_BACK, [*good[14:], *bad])
    calls(desk, Api.WRITE_BACK, a_good_hour(2))
    calls(slow, Api.WRITE_BACK, a_good_hour(3, 3, 4100.0))
    calls(away, Api.WRITE_BACK, [*a_good_hour()[12:], Some(1, 3, Result.FAILED, code="refused")])
    calls(lost, Api.WRITE_BACK, [*a_good_hour()[9:], Some(1, 3, Result.NETWORK, code="dns")])
    calls(idle, Api.WRITE_BACK, [Some(55, 3)])
    calls(idle, Api.SIGN_IN, [Some(2, 1)])
    gates.block(stopped.id, SetupChanged("ps_charge_missing", charge="ShipLeap Tracking"))
    for one, code in ((away, "refused"), (lost, "dns")):
        gates.failed_to_reach(one.id, RemoteUnavailable(code, host="shop.example"), 900.0)
    stage.program.connections.pause(paused, None, ACTOR)
    stage.enter(away, Shipment("316132", "1Z23966E0397467800"))  # held: nothing is called


def _connect(stage: Stage, name: str, kind: str = SYSTEM) -> ConnectionInfo:
    settings = {"base_url": NOBODY_THERE}
    return stage.program.connections.add(kind, name, settings, actor=ACTOR)


SCENES = {"status-empty": empty, "status-full": full, "status-refresh": refresh}
