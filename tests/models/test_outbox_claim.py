"""Which job goes next, and who waits for whom."""

import pytest

from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE, comment_job, invoice_job
from app.core.order_deeds import OrderComment, OrderInvoice
from app.core.states import OPEN, JobState
from app.core.types import ORDER_POST, NewJob, Priority
from tests.builders import (
    AN_OUTCOME,
    LEASE,
    OTHER_LEASE,
    PERSON_DECIDES,
    Store,
    a_new_job,
    some_new_jobs,
)

DAY_MS = 86_400_000


def claimed(store: Store, connection_id: int = 1) -> list[str]:
    """Order references in the order in which they go, each one confirmed."""
    found = []
    while (job := store.outbox.claim(connection_id, LEASE)) is not None:
        found.append(job.order_ref)
        store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    return found


def test_claim_leases_on_disk_and_counts_the_run(store: Store) -> None:
    store.enter()
    job = store.claim()
    assert (job.state, job.runs) == (JobState.IN_FLIGHT, 1)
    assert store.rows("SELECT state, lease, runs FROM jobs") == [("in_flight", LEASE, 1)]
    assert store.outbox.claim(1, OTHER_LEASE) is None


def test_priority_goes_before_deadline_and_deadline_before_age(store: Store) -> None:
    soon, later = store.clock.now_ms() + DAY_MS, store.clock.now_ms() + 2 * DAY_MS
    jobs: list[NewJob] = [
        a_new_job("product", priority=Priority.PRODUCT, ship_by_ms=soon),
        a_new_job("mail", priority=Priority.MAIL),
        a_new_job("order", priority=Priority.ORDER, ship_by_ms=soon),
        a_new_job("old"),
        a_new_job("young"),
        a_new_job("later", ship_by_ms=later),
        a_new_job("soon", ship_by_ms=soon),
    ]
    store.enter(*jobs)
    assert claimed(store) == ["soon", "later", "old", "young", "order", "mail", "product"]


def test_thousands_of_products_do_not_delay_a_write_back(store: Store) -> None:
    store.enter(
        *(job._replace(priority=Priority.PRODUCT) for job in some_new_jobs(2000)), a_new_job("W")
    )
    assert store.claim().order_ref == "W"


def test_connections_do_not_touch_each_others_rows(store: Store) -> None:
    store.enter(a_new_job(connection_id=1))
    assert store.outbox.claim(2, LEASE) is None
    assert store.outbox.claim(1, LEASE) is not None


def test_jobs_of_one_order_go_in_order_whatever_their_priority(store: Store) -> None:
    soon = store.clock.now_ms() + DAY_MS
    store.enter(
        a_new_job("A", "1", priority=Priority.PRODUCT),
        a_new_job("a", "2"),
        a_new_job("#A", "3", ship_by_ms=soon),
    )
    order = []
    while (job := store.outbox.claim(1, LEASE)) is not None:
        order.append(job.tracking)
        store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    assert order == ["1", "2", "3"]


def test_a_parcel_does_not_wait_for_the_invoice_of_its_order(store: Store) -> None:
    store.enter(
        invoice_job(1, OrderInvoice("A", "12")),
        a_new_job("A", "1"),
        comment_job(1, OrderComment("A", "12", "sent"), 1),
    )
    kinds = [store.claim().kind for _ in range(3)]  # none of them is settled
    assert sorted(kinds) == sorted([ORDER_POST, ORDER_INVOICE, ORDER_COMMENT])


@pytest.mark.parametrize("state", JobState)
def test_earlier_job_holds_its_order_back_while_it_is_open(store: Store, state: JobState) -> None:
    store.put(state, a_new_job("A", "1"))
    if state is JobState.PENDING:
        store.record(store.claim(), AN_OUTCOME[JobState.PENDING])  # waits for its next attempt
    store.enter(a_new_job("A", "2"), a_new_job("B", "3"))
    first = store.claim()
    assert first.tracking == ("3" if state in OPEN else "2")
    store.record(first, AN_OUTCOME[JobState.SUCCEEDED])
    rest = store.outbox.claim(1, LEASE)
    assert (rest is None) == (state in OPEN)


def test_same_order_at_another_connection_is_not_held_back(store: Store) -> None:
    store.enter(a_new_job("A", "1", 1), a_new_job("A", "1", 2))
    store.claim(1)
    assert store.claim(2).order_ref == "A"


def test_doubt_that_waits_for_a_person_holds_its_order_back(store: Store) -> None:
    store.enter(a_new_job("A", "1"), a_new_job("A", "2"))
    store.record(store.claim(), PERSON_DECIDES)
    store.clock.advance(1e6)
    assert store.outbox.claim(1, LEASE) is None
    store.acts.done([1], "seen there", "desk")
    assert store.claim().tracking == "2"


def test_job_is_not_claimed_before_it_is_due(store: Store) -> None:
    store.enter()
    store.record(store.claim(), AN_OUTCOME[JobState.PENDING])
    store.clock.advance(29.999)
    assert store.outbox.claim(1, LEASE) is None
    assert store.outbox.next_due(1, store.clock.now_ms()) == store.clock.now_ms() + 1
    store.clock.advance(0.001)
    assert store.claim().runs == 2


def test_doubt_is_claimed_to_look_and_stays_doubt(store: Store) -> None:
    store.put(JobState.IN_DOUBT)
    store.clock.advance(2)
    job = store.claim()
    assert (job.state, job.runs) == (JobState.IN_DOUBT, 2)
    assert store.rows("SELECT state, lease FROM jobs") == [("in_doubt", LEASE)]
    assert store.outbox.claim(1, OTHER_LEASE) is None


def test_next_due_is_the_earliest_that_can_still_come(store: Store) -> None:
    now = store.clock.now_ms()
    assert store.outbox.next_due(1, now) is None
    store.put(JobState.IN_DOUBT, a_new_job("A"))
    store.put(JobState.FAILED, a_new_job("F"))
    store.enter(a_new_job("B"))
    store.record(store.claim(), AN_OUTCOME[JobState.PENDING])
    store.enter(a_new_job("C", connection_id=2))
    assert store.outbox.next_due(1, now) == now + 2000
    assert store.outbox.next_due(1, now + 2000) == now + 30_000
    assert store.outbox.next_due(1, now + 30_000) is None
    assert store.outbox.next_due(2, now - 1) == now


def test_waits_set_before_the_clock_went_back_count_from_now(store: Store) -> None:
    store.put(JobState.PENDING, a_new_job("A"))
    store.record(store.claim(), AN_OUTCOME[JobState.PENDING])
    store.put(JobState.IN_DOUBT, a_new_job("B"))
    store.clock.jump(-7 * 3600)
    now = store.clock.now_ms()
    assert store.outbox.rebase_waits() == 2
    assert [store.job(number).due_at for number in (1, 2)] == [now + 30_000, now + 2000]
    assert store.outbox.rebase_waits() == 0


def test_waits_are_left_alone_while_the_clock_goes_forward(store: Store) -> None:
    store.enter()
    store.record(store.claim(), AN_OUTCOME[JobState.PENDING])
    due = store.job().due_at
    store.clock.jump(20)
    assert store.outbox.rebase_waits() == 0
    assert store.job().due_at == due


def test_person_who_decides_is_waited_for_also_after_a_clock_change(store: Store) -> None:
    store.enter()
    store.record(store.claim(), PERSON_DECIDES)
    store.clock.jump(-3600)
    store.outbox.rebase_waits()
    assert store.job().due_at is None


def test_record_claims_the_next_in_the_same_commit(store: Store) -> None:
    store.enter(a_new_job("A"), a_new_job("A", "2"), a_new_job("B"))
    started = store.clock.now_ms()
    job = store.claim()
    recorded = store.outbox.record(
        job, AN_OUTCOME[JobState.SUCCEEDED], LEASE, started_at=started, claim_next=True
    )
    assert recorded.state is JobState.SUCCEEDED
    assert recorded.next_job is not None
    assert recorded.next_job.tracking == "2"
    recorded = store.outbox.record(
        recorded.next_job, AN_OUTCOME[JobState.PENDING], LEASE, started_at=started, claim_next=False
    )
    assert recorded.next_job is None
    assert store.claim().order_ref == "B"
