"""Jobs of several types at one connection: each to its own target, write-backs first."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    OutcomeUnknown,
    PermissionMissing,
    Rejected,
)
from app.core.job_types import (
    ORDER_INVOICE,
    PRODUCT_UPDATE,
    invoice_job,
    product_job,
)
from app.core.order_deeds import OrderInvoice
from app.core.outcomes import RunRules
from app.core.products import ProductUpdate
from app.core.states import JobState
from app.core.types import NewJob, Proof
from app.models.routes import Routes
from app.services.runner import BARRED_REST_S
from tests.fakes.bench import Bench
from tests.fakes.target import FakeOpened, FakeTarget

MANY = 12_403


@dataclass
class Taker:
    """A target of another type. `plan`: errors of the next runs; empty: all goes well."""

    write_operation: str = ""
    can_read_back: bool = True
    rules: RunRules = field(default_factory=RunRules)
    plan: deque[BackhaulError] = field(default_factory=deque)
    written: list[object] = field(default_factory=list)
    looked: list[object] = field(default_factory=list)

    def write(self, payload: object, request_id: str) -> Proof:
        if self.plan:
            raise self.plan.popleft()
        self.written.append(payload)
        return Proof("sent", "held", 0)

    def look(self, payload: object, request_id: str) -> Proof | None:
        self.looked.append(payload)
        if self.plan:
            raise self.plan.popleft()
        return None

    def close(self) -> None:
        pass


class Types:
    """A bench whose connection takes products and invoices besides shipments."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.products, self.invoices = Taker(), Taker()
        others = {PRODUCT_UPDATE: self.products, ORDER_INVOICE: self.invoices}
        self.opened = FakeOpened(FakeTarget(self.bench.remote), others=others)
        self.bench.restart(lambda _: self.opened)

    def enter(self, *jobs: NewJob) -> list[int]:
        return [one.job_id for one in self.bench.outbox.enter(jobs, "test")]

    def state(self, job_id: int) -> JobState:
        return self.bench.job(job_id).state


def a_product(sku: str = "CARDS-500", price: str = "14.25", number: int = 0) -> NewJob:
    return product_job(1, ProductUpdate(sku, price=Decimal(price)), number)


@pytest.fixture
def types(tmp_path: Path) -> Iterator[Types]:
    made = Types(tmp_path)
    yield made
    made.bench.close()


def test_each_type_goes_to_its_own_target(types: Types) -> None:
    deed = OrderInvoice("316132", "17")
    product, invoice = types.enter(a_product(), invoice_job(1, deed))
    shipment = types.bench.enter()
    types.bench.settle()
    assert types.products.written == [ProductUpdate("CARDS-500", price=Decimal("14.25"))]
    assert types.invoices.written == [deed]
    assert types.bench.remote.writes == [("316132", "1Z1")]
    assert [types.state(one) for one in (product, invoice, shipment)] == [JobState.SUCCEEDED] * 3


def test_a_write_back_goes_before_thousands_of_products(types: Types) -> None:
    types.enter(*(a_product(f"SKU-{i}") for i in range(MANY)))
    types.bench.runner.step()
    assert len(types.products.written) == 1
    types.bench.enter()
    # The next product was claimed with the end of the first: it is the only one that goes before.
    types.bench.runner.step()
    types.bench.runner.step()
    assert len(types.products.written) == 2
    assert types.bench.remote.writes == [("316132", "1Z1")]


def test_invoices_of_one_order_go_in_turn_and_hold_up_no_parcel(types: Types) -> None:
    types.invoices.plan.append(OutcomeUnknown("answer_lost", host="shop"))
    deed = OrderInvoice("316132", "17")
    first, second = types.enter(invoice_job(1, deed), invoice_job(1, deed, 1))
    parcel = types.bench.enter()
    types.bench.run()
    assert types.state(parcel) is JobState.SUCCEEDED
    assert [types.state(one) for one in (first, second)] == [JobState.IN_DOUBT, JobState.PENDING]
    types.bench.settle()
    assert types.invoices.written == [deed, deed]


def test_products_wait_for_their_own_budget_alone(types: Types) -> None:
    types.opened.other_waits = {PRODUCT_UPDATE: 7.0}
    types.bench.enter()
    types.bench.run()
    (product,) = types.enter(a_product())
    types.bench.enter("400000", "1Z2")
    assert types.bench.run() == 7.0
    assert types.state(product) is JobState.PENDING
    assert [order for order, _ in types.bench.remote.writes] == ["316132", "400000"]
    types.opened.other_waits = {}
    types.bench.settle()
    assert types.state(product) is JobState.SUCCEEDED


def test_nothing_is_asked_of_the_store_while_every_type_waits(types: Types) -> None:
    types.bench.enter()
    types.bench.run()
    types.opened.wait_s = 3.0
    types.opened.other_waits = {PRODUCT_UPDATE: 7.0, ORDER_INVOICE: 5.0}
    types.bench.enter("400000", "1Z2")
    assert types.bench.run() == 3.0
    assert len(types.bench.remote.writes) == 1


def test_a_missing_right_for_products_rests_products_only(types: Types) -> None:
    types.products.plan.append(PermissionMissing("mg_right", right="Products"))
    first, second = types.enter(a_product("A"), a_product("B"))
    shipment = types.bench.enter()
    wait = types.bench.run()
    assert wait == pytest.approx(BARRED_REST_S)
    assert types.state(shipment) is JobState.SUCCEEDED
    assert not types.bench.connections.gate(1).is_blocked
    assert types.bench.job(first).reason_code == "mg_right"
    assert [types.state(one) for one in (first, second)] == [JobState.PENDING] * 2
    types.bench.settle()
    assert [types.state(one) for one in (first, second)] == [JobState.SUCCEEDED] * 2


def test_a_missing_right_for_invoices_holds_up_no_shipment_of_the_order(types: Types) -> None:
    types.invoices.plan.append(PermissionMissing("mg_right", right="Invoices"))
    (invoice,) = types.enter(invoice_job(1, OrderInvoice("316132", "17")))
    shipment = types.bench.enter()
    types.bench.settle()
    assert types.state(invoice) is JobState.FAILED
    assert types.state(shipment) is JobState.SUCCEEDED
    assert not types.bench.connections.gate(1).is_blocked


def test_an_invoice_in_doubt_that_cannot_be_looked_up_is_for_a_person(types: Types) -> None:
    types.invoices.plan += [
        OutcomeUnknown("answer_lost", host="shop"), PermissionMissing("mg_right", right="Sales"),
    ]  # fmt: skip
    (invoice,) = types.enter(invoice_job(1, OrderInvoice("316132", "17")))
    types.bench.settle()
    job = types.bench.job(invoice)
    assert (job.state, job.due_at) == (JobState.IN_DOUBT, None)
    assert types.invoices.looked == [OrderInvoice("316132", "17")]


def test_a_sign_in_that_is_refused_stops_everything(types: Types) -> None:
    types.products.plan.append(CredentialsRejected("credentials_rejected", host="shop"))
    types.enter(a_product())
    types.bench.run()
    assert types.bench.connections.gate(1).is_blocked


def test_a_lost_answer_is_looked_up_before_a_product_is_sent_again(types: Types) -> None:
    types.products.plan.append(OutcomeUnknown("answer_lost", host="shop"))
    (product,) = types.enter(a_product())
    types.bench.settle()
    assert len(types.products.looked) == 1
    assert types.state(product) is JobState.SUCCEEDED


def test_one_product_that_fails_leaves_the_others_alone(types: Types) -> None:
    types.products.plan.append(Rejected("rejected", host="shop", message="no", field="sku"))
    first, second = types.enter(a_product("A"), a_product("B"))
    types.bench.settle()
    assert [types.state(one) for one in (first, second)] == [JobState.FAILED, JobState.SUCCEEDED]


def test_a_pause_of_the_products_holds_them_and_nothing_else(types: Types) -> None:
    routes = Routes(types.bench.database, types.bench.clock)
    route = routes.add("products", 1, 1, "", {}, 300, "ann")
    (product,) = types.enter(a_product())
    routes.pause(route, types.bench.clock.now_ms() + 60_000, "ann")
    shipment = types.bench.enter()
    types.bench.runner.refresh()
    assert types.bench.run() == pytest.approx(60.0)
    assert types.state(shipment) is JobState.SUCCEEDED
    assert types.state(product) is JobState.PENDING
    types.bench.clock.advance(60)
    types.bench.settle()
    assert types.state(product) is JobState.SUCCEEDED
    (later,) = types.enter(a_product("B"))
    routes.pause(route, None, "ann")
    types.bench.runner.refresh()
    types.bench.settle()
    assert types.state(later) is JobState.PENDING
    routes.resume(route, "ann")
    types.bench.runner.refresh()
    types.bench.settle()
    assert types.state(later) is JobState.SUCCEEDED
