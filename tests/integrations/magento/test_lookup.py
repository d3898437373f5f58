"""One order by its number, and the store views, from a practice store."""

from collections.abc import Iterator

import pytest

from app.core.errors import CredentialsRejected, TransientError
from app.core.orders import OrderWish, StoreView
from app.core.types import ConnectionInfo
from app.integrations.base import Context
from app.integrations.http import HttpFactory
from app.integrations.limits import RateBudget
from app.integrations.magento import Maker
from app.integrations.magento.orders import MagentoOrders
from app.practice.magento import PracticeMagento
from tests.fakes.clock import FakeClock
from tests.integrations.contract import MemoryBudgets
from tests.magento import KEYS

REQUEST_ID = "0b6c3a52-6a0e-4b5e-9d0c-0f6f0c6a7b11"
CARDS = ({"sku": "CARDS", "qty": 1, "price": 10},)
LATER = OrderWish("wait-for-invoice", start_at=4_000_000_000_000)


@pytest.fixture
def source(store: PracticeMagento, clock: FakeClock) -> Iterator[MagentoOrders]:
    context = Context(
        ConnectionInfo(1, "store", "magento", {"base_url": store.url}),
        secret=lambda name: KEYS[name],
        http=HttpFactory(clock=clock, proxies=lambda url: None),
        budget=RateBudget(1, MemoryBudgets(), clock, {}),
        clock=clock,
    )
    source = Maker().orders(context)
    yield source
    source.close()


def test_an_order_older_than_the_start_is_found(
    store: PracticeMagento, source: MagentoOrders
) -> None:
    store.add_order("000000001", CARDS)
    store.add_order("000000002", CARDS)
    (found,) = source.fetch_numbered("000000002", LATER, REQUEST_ID)
    assert (found.order_ref, [line.sku for line in found.lines]) == ("000000002", ["CARDS"])
    assert found.skip is not None
    assert found.skip.code == "mg_skip_not_invoiced"


def test_an_unknown_number_is_nothing(store: PracticeMagento, source: MagentoOrders) -> None:
    store.add_order("000000001", CARDS)
    assert source.fetch_numbered("1", LATER, REQUEST_ID) == ()


def test_stores_that_use_the_same_number_hand_over_all(
    store: PracticeMagento, source: MagentoOrders
) -> None:
    store.add_order("000000001", CARDS)
    store.add_order("000000001", CARDS)
    found = source.fetch_numbered("000000001", LATER, REQUEST_ID)
    assert len({one.remote_id for one in found}) == 2


def test_addresses_come_only_where_they_were_asked_for(
    store: PracticeMagento, source: MagentoOrders
) -> None:
    store.add_order("000000001", CARDS)
    (plain,) = source.fetch_numbered("000000001", LATER, REQUEST_ID)
    (whole,) = source.fetch_numbered("000000001", LATER._replace(with_address=True), REQUEST_ID)
    assert plain.ship_to is None
    assert whole.ship_to is not None


def test_an_order_the_store_cannot_show_is_an_error(
    store: PracticeMagento, source: MagentoOrders
) -> None:
    store.add_order("000000001", CARDS)
    store.act("break_order", {"order": "000000001"})
    with pytest.raises(TransientError):
        source.fetch_numbered("000000001", LATER, REQUEST_ID)


def test_refused_keys_are_read_anew(store: PracticeMagento, source: MagentoOrders) -> None:
    store.add_order("000000001", CARDS)
    store.act("revoke", {})
    with pytest.raises(CredentialsRejected):
        source.fetch_numbered("000000001", LATER, REQUEST_ID)
    store.act("revoke", {"revoked": False})
    assert source.fetch_numbered("000000001", LATER, REQUEST_ID)


def test_store_views(store: PracticeMagento, source: MagentoOrders) -> None:
    assert source.fetch_views(REQUEST_ID) == (StoreView("1", "default"),)
