"""Orders in words: a list, everything about one, the file of many."""

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.errors import UsageError
from app.core.job_types import comment_job
from app.core.order_deeds import OrderComment
from app.core.orders import (
    NEWEST_FIRST,
    Order,
    OrderColumn,
    OrderFilter,
    OrderLine,
    OrderSort,
    OrderStatus,
    Place,
    Reason,
)
from app.core.outcomes import succeeded
from app.core.payload import dump_shipment
from app.core.states import JobState
from app.core.types import NewJob, Shipment, ShipmentLine
from app.models.order_writing import put_orders
from app.services.program import Program
from app.services.wording import Phase
from tests.builders import AN_OUTCOME, UPS, Store, a_new_job, a_proof, a_store
from tests.fakes.source import an_order

REF = "000000001"
SKIP = Reason("mg_skip_not_invoiced", {"setting": "mode", "value": "wait-for-invoice"})
ALL = OrderFilter()


class View:
    """A data file that is changed beside the program, as the engine does."""

    def __init__(self, store: Store, program: Program) -> None:
        self.store, self.program, self.orders = store, program, program.orders

    def put(self, *orders: Order, connection: int = 1) -> list[int]:
        now = self.store.clock.now_ms()
        return self.store.database.write(
            lambda c: put_orders(c, connection, orders, Counter(), now)
        )

    def csv(self, wanted: OrderFilter = ALL, sort: OrderSort = NEWEST_FIRST) -> list[list[str]]:
        text = "".join(self.orders.export(wanted, sort))
        assert text.startswith("\ufeff")
        assert text.endswith("\r\n")
        return list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))


@pytest.fixture
def view(tmp_path: Path) -> Iterator[View]:
    store = a_store(tmp_path, connections=2)
    program = open_program(tmp_path, is_engine=False, clock=store.clock)
    yield View(store, program)
    program.close()
    store.database.close_thread()


def a_parcel(tracking: str, **more: Any) -> NewJob:
    """A job with what a label program knew."""
    job = a_new_job(REF, tracking)
    return job._replace(payload=dump_shipment(Shipment(REF, tracking, **more)))


def test_a_list_says_why_an_order_failed_and_whose_setting_it_was(view: View) -> None:
    view.put(an_order(1), an_order(2, skip=SKIP), an_order(3), an_order(4, skip=SKIP))
    view.store.put(JobState.FAILED, a_new_job(REF))
    view.store.put(JobState.SUCCEEDED, a_new_job("000000004"))
    found = {one.order.id: one for one in view.orders.page(ALL, NEWEST_FIRST, 0, 9)}
    assert [found[n].status for n in range(1, 5)] == ["Failed", "Skipped", "Pending", "Success"]
    assert "refused" in found[1].reason
    assert (found[2].reason, found[2].setting) == ("Not invoiced yet", "mode wait-for-invoice")
    assert (found[3].reason, found[4].reason) == ("", ""), "written, whatever the store said before"


def test_everything_about_an_order(view: View) -> None:
    lines = (
        OrderLine(
            "1", "SET", "A set", "bundle", Decimal(2), Decimal(0), Decimal(2), Decimal("1.50")
        ),
        OrderLine("2", "CARDS", "Cards", "simple", Decimal(4), Decimal(1), Decimal(3), parent="1"),
    )
    place = Place("Ann Example", "", ("1 Main",), "Springfield", "IL", "62701", "US", "555")
    view.put(an_order(1, lines=lines, ship_to=place))
    view.store.clock.advance(60)
    box = (ShipmentLine("CARDS", Decimal("2.0")),)
    view.store.enter(a_parcel(UPS, carrier="UPS", service="Ground", lines=box))
    view.store.clock.advance(60)
    view.store.record(view.store.claim(), AN_OUTCOME[JobState.PENDING])
    view.store.clock.advance(60)
    done_at = view.store.clock.now_ms()
    view.store.record(view.store.claim(), succeeded(a_proof()))
    view.store.clock.advance(60)
    view.store.enter(comment_job(1, OrderComment(REF, "1", "late"), 1))
    second = view.store.enter(a_parcel("LOST", carrier="Bob's Vans"))[0].job_id
    view.store.acts.discard([second], "ann")

    found = view.orders.details(1)
    assert (found.one.status, found.message, found.is_bad) == ("Pending", "", False)
    assert [(i.ordered, i.shipped, i.left, i.weight, i.is_inside) for i in found.items] == [
        ("2", "0", "2", "1.5", False), ("4", "1", "3", "", True),
    ]  # fmt: skip
    (parcel,) = found.parcels
    assert (parcel.tracking, parcel.carrier, parcel.service) == (UPS, "UPS", "Ground")
    assert (parcel.phase, parcel.items, parcel.error_count) == (Phase.DONE, ("2 x CARDS",), 1)
    assert parcel.link.startswith("https://www.ups.com/")
    assert parcel.last_attempt_at == done_at
    assert f"Sent {UPS}" in parcel.proof
    assert found.one.ship_to == "Ann Example, 1 Main, 62701, Springfield, IL, US"
    told = found.timeline
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert told[0].text == "Read from the store"
    texts = [one.text for one in told]
    assert f"{UPS}: Written and read back" in texts
    assert "LOST: Removed" in texts, "what was taken away happened, too"
    assert any(text.startswith(f"Comment on invoice {REF}") for text in texts), texts
    assert {one.system for one in told} == {"Shop 1"}
    assert [one.text for one in told if one.is_good] == [f"{UPS}: Written and read back"]
    assert [one.actor for one in told if one.text == "LOST: Removed"] == ["ann"]


def test_what_failed_stands_on_top(view: View) -> None:
    view.put(an_order(1))
    view.store.put(JobState.FAILED, a_new_job(REF))
    found = view.orders.details(1)
    assert found.is_bad
    assert found.message == found.one.reason != ""
    assert found.parcels[0].error_count == 1
    view.store.clock.advance(60)
    view.orders.set_back([found.one.order], "customer called", "ann")
    back = view.orders.details(1)
    assert (back.message, back.is_bad) == ("", False)
    event = back.timeline[-1]
    assert (event.text, event.actor) == ("Set back to Pending: customer called", "ann")
    assert event.system == "Backhaul"


def test_the_timeline_goes_over_the_systems_a_route_leads_to(view: View) -> None:
    view.put(an_order(1))
    view.store.enter(a_new_job(REF, UPS, connection_id=2))
    assert len(view.orders.details(1).timeline) == 1, "another system's order of that number"
    view.store.change(
        "INSERT INTO routes (purpose, source_id, target_id, mode, settings, interval_s, "
        "created_at, asked, cursor, cycle_counts, result_code, result_params, failures, counts, "
        "advice_code, advice_params, due_set_at, due_at, again_cursor, again_counts) VALUES "
        "('orders', 1, 2, '', '', 60, 0, 0, '', '', '', '', 0, '', '', '', 0, 0, '', '')"
    )
    told = view.orders.details(1).timeline
    assert [one.system for one in told] == ["Shop 1", "Shop 2"]


def test_an_order_that_there_is_not(view: View) -> None:
    with pytest.raises(UsageError) as caught:
        view.orders.details(7)
    assert caught.value.code == "order_missing"


def test_the_file_says_what_the_list_says_in_its_order(view: View) -> None:
    place = Place('Ann, "A"', "", ("1 Main", "Suite 2"), "Springfield", "", "62701", "US", "555")
    bare = Place("", "Acme", (), "", "", "", "", "555 1")
    view.put(
        an_order(1, total="9.90", currency="EUR", ship_to=place, status="=1+1", shipping="Flat"),
        an_order(2, total="100.00", skip=SKIP, ship_to=bare),
        an_order(3, total="-3.50", fault=Reason("mg_order_odd", {"problem": "an x"})),
    )
    view.store.put(JobState.FAILED, a_new_job(REF))
    sort = OrderSort(OrderColumn.TOTAL, descending=True)
    head, *rows = view.csv(ALL, sort)
    listed = view.orders.page(ALL, sort, 0, 9)
    assert [row[0] for row in rows] == [f'="{one.order.order_ref}"' for one in listed]
    for row, one in zip(rows, listed, strict=True):
        cells = dict(zip(head, row, strict=True))
        assert (cells["Status"], cells["Reason"]) == (one.status, one.reason)
        assert (cells["Setting"], cells["Connection"]) == (one.setting, one.connection)
        assert (cells["Total"], cells["Ship to"]) == (one.order.total, one.ship_to)
        at = datetime.fromtimestamp(one.order.order_at / 1000, UTC).astimezone()
        assert cells["Ordered at"] == at.strftime("%Y-%m-%d %H:%M:%S")
    assert rows[1][head.index("Store status")] == "'=1+1"
    assert "555" not in str(rows)


def test_an_order_without_a_number_has_a_name_in_the_file(view: View) -> None:
    view.put(Order("after:1", "", fault=Reason("mg_order_unreadable", {"after": REF})))
    assert view.csv()[1][0] == "An order that cannot be read"


def test_only_what_fits_is_in_the_file(view: View) -> None:
    view.put(*(an_order(n, skip=SKIP if n % 2 else None) for n in range(1, 7)))
    wanted = OrderFilter(statuses=frozenset({OrderStatus.SKIPPED}))
    assert [row[0] for row in view.csv(wanted)[1:]] == [f'="00000000{n}"' for n in (5, 3, 1)]


def test_progress_counts_up_to_the_whole(view: View) -> None:
    view.put(*(an_order(n) for n in range(1, 4502)))
    heard: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> bool:
        heard.append((done, total))
        return True

    text = "".join(view.orders.export(ALL, NEWEST_FIRST, watch))
    assert text.count("\r\n") == 4502
    assert heard[-3:] == [(2000, 4501), (4000, 4501), (4501, 4501)]


@pytest.mark.parametrize("column", [OrderColumn.PLACED, OrderColumn.SHIP_TO])
def test_a_file_nobody_wants_any_more_ends_at_once(view: View, column: OrderColumn) -> None:
    view.put(*(an_order(n, ship_to=Place(f"P{n % 97}")) for n in range(1, 20_001)))
    parts, asked = 0, 0

    def watch(done: int, total: int) -> bool:
        nonlocal asked
        asked += done > 0
        return done < 4000

    begun = time.monotonic()
    for _ in view.orders.export(ALL, OrderSort(column, descending=False), watch):
        parts += 1
    assert (parts, asked) == (3, 2), "the heading and two parts"
    assert not list(view.orders.export(ALL, OrderSort(column), lambda done, total: False))[2:]
    assert time.monotonic() - begun < 20


def test_counts_are_of_everything_but_the_status(view: View) -> None:
    view.put(*(an_order(n, skip=SKIP if n < 3 else None) for n in range(1, 7)))
    view.put(an_order(9), connection=2)
    wanted = OrderFilter(statuses=frozenset({OrderStatus.FAILED}), connection_id=1)
    counts = view.orders.counts(wanted)
    assert {status.value: count for status, count in counts.items() if count} == {
        "pending": 4, "skipped": 2,
    }  # fmt: skip
    view.store.put(JobState.FAILED, a_new_job("000000003"))
    assert view.orders.counts(wanted)[OrderStatus.FAILED] == view.orders.count(wanted) == 1
