"""Comments reach an order once and its status stays; every row of the contract's section 8."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.core.errors import PermissionMissing, Rejected, TransientError
from app.core.job_types import ORDER_COMMENT
from app.core.order_deeds import OrderComment
from app.integrations.base import Target
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.practice.shelf import Document
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import ORDER, Take
from tests.integrations.magento.deed_contract import DeedContract

TEXT = "Sent again: the first label was damaged"


@pytest.fixture
def deed(order: Document, clock: FakeClock) -> OrderComment:
    return OrderComment(ORDER, str(order["entity_id"]), TEXT, entered_at=clock.now_ms())


@pytest.fixture
def target(take: Take) -> Target[OrderComment]:
    return take(ORDER_COMMENT)


def notes(store: PracticeMagento) -> list[Document]:
    return list(held(store)["status_histories"])


def held(store: PracticeMagento) -> Document:
    found: Document = next(iter(store.snapshot()["orders"].values()))
    return found


class CommentBench:
    method = "POST"

    def __init__(
        self, store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
    ) -> None:
        self.store, self.target, self.payload = store, target, deed
        self.nowhere = deed._replace(order_ref="nothing", remote_id="99")

    def times_held(self) -> int:
        return len(notes(self.store))


class TestContract(DeedContract):
    @pytest.fixture
    def bench(
        self, store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
    ) -> CommentBench:
        return CommentBench(store, target, deed)


@pytest.mark.parametrize("release", ["2.3.7", "2.4.4", "2.4.7"])
@pytest.mark.parametrize(
    ("state", "status"),
    [("new", "pending"), ("processing", "in_production"), ("complete", "complete")],
)
def test_the_status_stays_as_it_is(
    store: PracticeMagento,
    target: Target[OrderComment],
    deed: OrderComment,
    release: str,
    state: str,
    status: str,
) -> None:
    store.version(release)
    store.state(ORDER, state, status)
    proof = target.write(deed, REQUEST_ID)
    assert (held(store)["state"], held(store)["status"]) == (state, status)
    assert proof.held == f"“{TEXT}”; status {status}"


@pytest.mark.parametrize(
    ("notify", "visible", "said"),
    [
        (False, False, ""),
        (True, False, ", the customer is told"),
        (False, True, ", shown in the shop"),
        (True, True, ", the customer is told, shown in the shop"),
    ],
)
def test_mail_and_shop_page_are_kept_apart(
    store: PracticeMagento,
    target: Target[OrderComment],
    deed: OrderComment,
    notify: bool,
    visible: bool,
    said: str,
) -> None:
    proof = target.write(deed._replace(notify=notify, visible=visible), REQUEST_ID)
    (note,) = notes(store)
    assert (note["is_customer_notified"], note["is_visible_on_front"]) == (notify, visible)
    assert proof.held == f"“{TEXT}”{said}; status pending"


def test_the_same_words_from_before_are_another_comment(
    store: PracticeMagento, target: Target[OrderComment], deed: OrderComment, clock: FakeClock
) -> None:
    target.write(deed, REQUEST_ID)
    clock.advance(60)
    later = deed._replace(entered_at=clock.now_ms())
    assert target.look(later, REQUEST_ID) is None
    assert not target.write(later, REQUEST_ID).was_there
    assert target.look(deed, REQUEST_ID) is not None
    assert len(notes(store)) == 2


@pytest.mark.parametrize("ahead_s", [-3600, 3600])
def test_a_store_whose_clock_differs_is_allowed_for(
    store: PracticeMagento,
    target: Target[OrderComment],
    deed: OrderComment,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    ahead_s: int,
) -> None:
    ours = store._rest._now

    def theirs() -> datetime:
        return ours() + timedelta(seconds=ahead_s)

    monkeypatch.setattr(store._rest, "_now", theirs)
    monkeypatch.setattr(store._shop, "_now", theirs)
    target.write(deed, REQUEST_ID)
    assert target.look(deed, REQUEST_ID) is not None
    clock.advance(60)
    assert target.look(deed._replace(entered_at=clock.now_ms()), REQUEST_ID) is None


def test_line_ends_do_not_make_it_another_comment(
    store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
) -> None:
    lines = deed._replace(comment="One\r\ntwo ")
    target.write(lines, REQUEST_ID)
    store._shop.values["orders"]["1"]["status_histories"][0]["comment"] = "One\ntwo"
    assert target.look(lines, REQUEST_ID) is not None


def test_a_status_that_changes_meanwhile_is_read_again(
    store: PracticeMagento,
    target: Target[OrderComment],
    deed: OrderComment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer: Callable[..., Reply] = store.answer
    left = [ORDER]

    def meanwhile(request: Request, *, keep: bool = True) -> Reply:
        if request.method == "POST" and left:
            store.state(left.pop(), "processing")
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", meanwhile)
    target.write(deed, REQUEST_ID)
    assert (held(store)["status"], len(notes(store))) == ("processing", 1)


def test_a_refusal_is_shown_in_the_stores_words(
    store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
) -> None:
    store.state(ORDER, "processing", "made_up")
    with pytest.raises(Rejected) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.code == "mg_comment_refused"
    assert caught.value.params["message"] == (
        'Unable to add comment: The status "made_up" is not part of the order status history.'
    )
    assert (held(store)["status"], notes(store)) == ("made_up", [])


def test_an_order_whose_status_was_blanked_gets_that_of_its_state(
    store: PracticeMagento, order: Document, target: Target[OrderComment], deed: OrderComment
) -> None:
    order["status"] = None
    target.write(deed, REQUEST_ID)
    assert held(store)["status"] == "pending"
    order.update(status=None, state=None)
    with pytest.raises(Rejected) as caught:
        target.write(deed._replace(comment="More"), REQUEST_ID)
    assert caught.value.code == "mg_no_status"
    assert len(notes(store)) == 1


def test_a_fault_of_the_store_is_tried_again(
    store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
) -> None:
    body = {"message": "Database deadlock found when trying to get lock"}
    store.fault("status", method="POST", code=500, body=body)
    with pytest.raises(TransientError) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.code == "mg_not_saved"


def test_a_missing_right_is_named(
    store: PracticeMagento, target: Target[OrderComment], deed: OrderComment
) -> None:
    store.right("Magento_Sales::comment")
    with pytest.raises(PermissionMissing) as caught:
        target.write(deed, REQUEST_ID)
    assert "Actions > Comment" in str(caught.value.params["resource"])
