"""Lights of real calls to practice servers, with faults on command; nothing else is real-time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.health import Api, Lamp
from app.core.orders import OrderWish
from app.core.types import ConnectionInfo, Shipment
from app.integrations.base import CheckStep
from app.services.health import ApiHealth, ConnectionHealth, SeenHealth
from app.services.practice import Practice
from app.services.program import Program
from tests.fakes.clock import FakeClock

ORDER, NUMBER = "000000123", "1Z999AA10123456784"
MAGENTO = "magento"


class Shop:
    """A practice store and the connection to it; each call is made by hand."""

    def __init__(self, program: Program, clock: FakeClock) -> None:
        self.program, self.clock = program, clock
        url = program.practice.url(MAGENTO)
        self.connection: ConnectionInfo = program.connections.add(
            MAGENTO, "Web shop", {"base_url": url}, is_practice=True, actor="ann"
        )

    @property
    def practice(self) -> Practice:
        return self.program.practice

    def write(self, times: int = 1) -> None:
        """Look for a number that is not there, as each write-back does first."""
        opened = self.program.connections.open(self.connection.id)
        self._often(lambda: opened.target.look(Shipment(ORDER, NUMBER), "1"), times)
        opened.close()

    def edit(self, name: str | None = None, **typed: str) -> None:
        """A person changes the connection."""
        self.program.connections.edit(self.connection, name=name, typed=typed, actor="ann")

    def read(self, times: int = 1) -> None:
        """One page of orders."""
        source = self.program.connections.open_orders(self.connection.id)
        wish = OrderWish(mode="wait-for-invoice", start_at=0)
        self._often(lambda: source.fetch_orders("", wish, "1"), times)
        source.close()

    def _often(self, call: object, times: int) -> None:
        assert callable(call)
        for _ in range(times):
            try:
                call()
            except Exception as error:  # noqa: BLE001 - what it was is for the lights to say
                self.last = error

    @property
    def view(self) -> ConnectionHealth:
        (seen,) = self.look()
        return self.program.health.view(seen, self.clock.now_ms())

    def look(self) -> list[SeenHealth]:
        """What is on disk once the batch under way is."""
        self.program.health.flush()
        return self.program.health.look()

    def light(self, api: Api) -> ApiHealth:
        return self.view.apis[api]

    @property
    def lamps(self) -> dict[str, str]:
        return {api.value: one.lamp.value for api, one in self.view.apis.items()}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    clock = FakeClock()
    program = open_program(tmp_path, is_engine=False, clock=clock)
    with program.practice_servers():
        shop = Shop(program, clock)
        shop.practice.act(MAGENTO, "add_order", order=ORDER, items=[{"sku": "CARDS", "qty": 2}])
        yield shop
    program.close()


def test_each_api_is_lit_by_its_own_calls(shop: Shop) -> None:
    assert set(shop.lamps.values()) == {"none"}
    shop.write()
    assert shop.light(Api.WRITE_BACK).lamp is Lamp.GREEN
    assert shop.light(Api.ORDERS).lamp is Lamp.NONE
    shop.read()
    assert shop.light(Api.ORDERS).lamp is Lamp.GREEN
    assert shop.view.lamp is Lamp.GREEN


def test_refresh_lights_only_what_its_lines_asked(shop: Shop) -> None:
    found = list(shop.program.health.refresh(shop.connection))
    assert all(isinstance(one, CheckStep) and one.passed is not False for one in found)
    assert shop.light(Api.ORDERS).lamp is Lamp.GREEN
    idle = shop.light(Api.WRITE_BACK)
    assert (idle.lamp, idle.text) == (Lamp.NONE, "Nothing was sent yet, sign-in works")
    assert idle.figures.calls == 0


def test_an_idle_write_back_says_since_when(shop: Shop) -> None:
    shop.write()
    shop.clock.advance(3600)
    list(shop.program.health.refresh(shop.connection))
    text = shop.light(Api.WRITE_BACK).text
    assert text.startswith("Nothing to send since ")
    assert text.endswith(", sign-in works")


def test_settings_that_are_only_tried_out_say_nothing_of_the_connection(shop: Shop) -> None:
    list(shop.program.connections.try_out(shop.connection, {}))
    assert shop.view.apis[Api.ORDERS].figures.calls == 0


def test_another_address_is_not_green_because_the_old_one_was(shop: Shop) -> None:
    shop.write()
    shop.edit(notify="on")
    assert shop.light(Api.WRITE_BACK).lamp is Lamp.NONE
    shop.write()
    assert shop.light(Api.WRITE_BACK).lamp is Lamp.GREEN


def test_another_name_changes_no_light(shop: Shop) -> None:
    shop.write()
    shop.edit(name="Shop of the web")
    assert shop.light(Api.WRITE_BACK).lamp is Lamp.GREEN


def test_a_burst_of_errors_turns_red_and_good_calls_turn_it_back(shop: Shop) -> None:
    shop.write(20)
    shop.practice.fault(MAGENTO, "status", code=500, times=3)
    shop.write(1)
    one = shop.light(Api.WRITE_BACK)
    assert (one.lamp, one.word) == (Lamp.YELLOW, "Last call failed")
    shop.write(2)
    down = shop.light(Api.WRITE_BACK)
    assert (down.lamp, down.word) == (Lamp.RED, "Unavailable")
    assert down.last_error is not None
    assert not down.last_error.is_over
    assert shop.light(Api.ORDERS).lamp is Lamp.NONE
    shop.write(1)
    again = shop.light(Api.WRITE_BACK)
    assert again.lamp is Lamp.YELLOW, "three of some sixty calls"
    assert again.last_error is not None
    assert again.last_error.is_over
    shop.clock.advance(11 * 60)
    shop.write(30)
    assert shop.light(Api.WRITE_BACK).lamp is Lamp.GREEN


def test_a_maintenance_page_is_an_error_in_words(shop: Shop) -> None:
    shop.practice.fault(MAGENTO, "maintenance", times=2)
    shop.read(2)
    one = shop.light(Api.ORDERS)
    assert one.lamp is Lamp.RED
    assert one.last_error is not None
    assert "maintenance" in one.last_error.said.summary


def test_an_order_that_is_not_there_is_no_error(shop: Shop) -> None:
    shop.write()
    opened = shop.program.connections.open(shop.connection.id)
    shop._often(lambda: opened.target.look(Shipment("000999999", NUMBER), "1"), 5)
    opened.close()
    one = shop.light(Api.WRITE_BACK)
    assert (one.lamp, one.figures.failed) == (Lamp.GREEN, 0)


def test_lights_go_out_by_themselves_after_ten_minutes(shop: Shop) -> None:
    shop.write()
    (seen,) = shop.look()
    later = shop.clock.now_ms() + 10 * 60_000
    assert shop.program.health.view(seen, later).apis[Api.WRITE_BACK].lamp is Lamp.NONE


def test_the_graph_has_a_bar_where_calls_were(shop: Shop) -> None:
    shop.write()
    shop.clock.advance(5 * 60)
    shop.practice.fault(MAGENTO, "status", code=500, times=2)
    shop.write(2)
    points = shop.light(Api.WRITE_BACK).points
    assert [at for at, one in enumerate(points) if one.calls] == [54, 59]
    assert points[54].failed == 0
    assert (points[59].calls, points[59].failed) == (2, 2)
