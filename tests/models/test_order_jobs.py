"""Jobs that orders bring along: entered with their page, each once, and after a set back again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE
from app.core.order_deeds import CommentWish, OrderInvoice, load_comment, load_invoice
from app.core.orders import Order, OrderPage, OrderStatus
from app.core.outcomes import Outcome, succeeded
from app.core.states import JobState
from app.core.types import Job
from app.models.order_jobs import is_invoiced_here
from app.models.order_list import OrderList
from app.models.orders import Orders, Taken
from app.models.routes import Routes
from tests.builders import Store, a_proof, a_store
from tests.fakes.source import an_order

REF = "000000001"


def a_bare_order(number: int = 1, at: int = 0, ref: str = "") -> Order:
    """One that is to be invoiced."""
    ref = ref or f"{number:09}"
    deed = OrderInvoice(ref, str(number), capture=False)
    return an_order(number, at, order_ref=ref, deeds=(deed,))


class Held:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.routes = Routes(store.database, store.clock)
        self.orders = Orders(store.database, store.clock)
        self.list = OrderList(store.database)
        self.route = self.routes.add("orders", 1, None, "auto-invoice", {}, 300, "ann")

    def take(self, *orders: Order) -> Taken:
        task = self.routes.find(self.route)
        assert task is not None
        taken = self.orders.take(self.route, 1, OrderPage(orders, "c", True), task.cursor)
        assert taken is not None
        return taken

    def jobs(self, ref: str = REF) -> list[Job]:
        return self.list.jobs(self.list.find(ref)[0])

    def end(self, outcome: Outcome) -> None:
        """The next job runs, and this comes of it."""
        job = self.store.outbox.claim(1, "lease")
        assert job is not None
        self.store.outbox.record(job, outcome, "lease", started_at=0, claim_next=False)

    def discard(self) -> None:
        self.store.database.write(
            lambda c: c.execute("UPDATE jobs SET state = 'discarded', finished_at = 1")
        )

    def is_ours(self, ref: str = REF, remote_id: str = "1") -> bool:
        return is_invoiced_here(self.store.database, 1, ref, remote_id)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    found = Held(a_store(tmp_path))
    yield found
    found.store.database.close_thread()


def test_an_order_brings_its_invoice_along(held: Held) -> None:
    taken = held.take(a_bare_order(), an_order(2))
    (job,) = held.jobs()
    assert taken.jobs == (job.id,)
    assert (job.kind, job.order_ref, job.state) == (ORDER_INVOICE, REF, JobState.PENDING)
    assert load_invoice(job.payload) == OrderInvoice(REF, "1", capture=False)
    assert held.jobs("000000002") == []


def test_a_page_that_is_read_twice_enters_it_once(held: Held) -> None:
    held.take(a_bare_order())
    assert held.take(a_bare_order()).jobs == ()
    assert held.take(a_bare_order(at=9)).jobs == ()
    assert len(held.jobs()) == 1


@pytest.mark.parametrize(
    "outcome", [succeeded(a_proof()), Outcome(JobState.FAILED, "mg_invoice_not_saved", spent=True)]
)
def test_whatever_became_of_it_it_is_not_entered_again(held: Held, outcome: Outcome) -> None:
    held.take(a_bare_order())
    held.end(outcome)
    assert held.take(a_bare_order(at=9)).jobs == ()


def test_what_a_person_took_away_stays_away(held: Held) -> None:
    held.take(a_bare_order())
    held.discard()
    assert held.take(a_bare_order(at=9)).jobs == ()
    assert not held.is_ours()


def test_a_set_back_lets_it_be_entered_again(held: Held) -> None:
    held.take(a_bare_order())
    held.end(Outcome(JobState.FAILED, "mg_invoice_not_saved", spent=True))
    assert held.list.find(REF)[0].status is OrderStatus.FAILED
    held.orders.set_back([1], "", "ann")
    assert len(held.take(a_bare_order()).jobs) == 1
    assert [job.state for job in held.jobs()] == [JobState.FAILED, JobState.PENDING]
    assert held.take(a_bare_order(at=9)).jobs == ()


def test_a_set_back_after_a_discard_counts_on(held: Held) -> None:
    held.take(a_bare_order())
    held.discard()
    held.orders.set_back([1], "", "ann")
    assert len(held.take(a_bare_order()).jobs) == 1


def test_one_that_is_on_its_way_is_not_doubled_by_a_set_back(held: Held) -> None:
    held.take(a_bare_order())
    held.orders.set_back([1], "", "ann")
    assert held.take(a_bare_order()).jobs == ()


def test_two_orders_with_one_number_get_an_invoice_each(held: Held) -> None:
    held.take(a_bare_order(1, ref=REF), a_bare_order(2, ref=REF))
    assert {load_invoice(job.payload).remote_id for job in held.jobs()} == {"1", "2"}
    assert (held.is_ours(REF, "2"), held.is_ours(REF, "3")) == (True, False)


def test_page_and_job_are_stored_together_or_not_at_all(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("storage_full")

    with monkeypatch.context() as patch:
        patch.setattr(held.orders._outbox, "enter_within", full)
        with pytest.raises(StorageError):
            held.take(a_bare_order())
    assert held.list.find(REF) == []
    assert len(held.take(a_bare_order()).jobs) == 1


def test_what_is_read_again_or_looked_up_brings_it_along_too(held: Held) -> None:
    assert held.orders.take_found(1, [a_bare_order()]) == {"1": 1}
    assert len(held.jobs()) == 1
    held.routes.read_again(held.route, 0, "ann")
    task = held.routes.find(held.route)
    assert task is not None
    page = OrderPage((a_bare_order(), a_bare_order(2)), "", True)
    taken = held.orders.take_again(held.route, 1, page, "", asked=task.asked)
    assert taken is not None
    assert [job.id for job in held.jobs("000000002")] == list(taken.jobs)


@pytest.mark.parametrize(
    ("state", "ours"),
    [("pending", True), ("in_doubt", True), ("succeeded", True), ("failed", True)],
)
def test_an_invoice_is_ours_as_soon_as_it_may_be_there(held: Held, state: str, ours: bool) -> None:
    held.take(a_bare_order())
    held.store.database.write(lambda c: c.execute("UPDATE jobs SET state = ?", (state,)))
    assert held.is_ours() is ours


def test_an_order_that_is_only_invoiced_is_no_success(held: Held) -> None:
    held.take(a_bare_order())
    held.end(succeeded(a_proof()))
    assert held.list.find(REF)[0].status is OrderStatus.PENDING


def test_a_comment_goes_to_the_store_only_where_it_is_wanted(held: Held) -> None:
    held.take(an_order(1), an_order(2))
    held.orders.set_back([1, 2], "label damaged", "ann")
    assert held.jobs() == []
    for wish in (CommentWish(notify=True), CommentWish(visible=True)):
        held.orders.set_back([1, 2], "label damaged", "ann", wish)
    found = [load_comment(job.payload) for job in held.jobs()]
    assert {job.kind for job in held.jobs()} == {ORDER_COMMENT}
    assert [(one.comment, one.notify, one.visible) for one in found] == [
        ("label damaged", True, False),
        ("label damaged", False, True),
    ]
    assert [(one.remote_id, one.entered_at) for one in found] == [
        ("1", held.store.clock.now_ms())
    ] * 2
    assert len(held.jobs("000000002")) == 2
