"""A practice store on loopback, and connections to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.core.clock import from_ms
from app.core.errors import Param
from app.core.types import ConnectionInfo, Shipment
from app.integrations.base import Context, Target
from app.integrations.http import HttpFactory
from app.integrations.limits import RateBudget
from app.integrations.magento import KIND, Maker
from app.integrations.magento.adapter import Magento
from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.fakes.clock import FakeClock
from tests.integrations.contract import MemoryBudgets
from tests.magento import KEYS, NUMBER, PASSWORD

ORDER = "000000123"
OTHER = "9400110200881234567890"
Connect = Callable[..., Magento]
Prepare = Callable[..., Context]
Take = Callable[..., Target[Any]]


def a_shipment(order: str = ORDER, tracking: str = NUMBER, **more: object) -> Shipment:
    return Shipment(order, tracking, **{"carrier": "UPS", "service": "Ground", **more})  # type: ignore[arg-type]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(clock: FakeClock) -> Iterator[PracticeMagento]:
    with PracticeMagento(keys=KEYS, now=lambda: from_ms(clock.now_ms())) as store:
        yield store


@pytest.fixture
def order(store: PracticeMagento) -> Document:
    """Two packs of cards and one of paper."""
    rows = [{"sku": "CARDS", "qty": 2}, {"sku": "PAPER", "qty": 1}]
    return store.add_order(ORDER, rows)


@pytest.fixture
def ours() -> set[tuple[str, str]]:
    """What jobs of the connection wrote: order and number."""
    return set()


@pytest.fixture
def context(store: PracticeMagento, clock: FakeClock, ours: set[tuple[str, str]]) -> Prepare:
    secrets = {**KEYS, "admin_password": PASSWORD}

    def context(**settings: Param) -> Context:
        keys = {name: str(settings.pop(name)) for name in secrets if name in settings}
        stored = {"base_url": store.url, **settings}
        return Context(
            ConnectionInfo(1, "store", "magento", stored),
            secret=lambda name: {**secrets, **keys}[name],
            http=HttpFactory(clock=clock, proxies=lambda url: None),
            budget=RateBudget(1, MemoryBudgets(), clock, {}),
            clock=clock,
            wrote=lambda order, tracking: (order, tracking) in ours,
        )

    return context


@pytest.fixture
def connect(context: Prepare) -> Iterator[Connect]:
    make = Maker()
    with ExitStack() as stack:

        def connect(**settings: Param) -> Magento:
            adapter = make(context(**settings))
            stack.callback(adapter.close)
            return adapter

        yield connect


@pytest.fixture
def take(context: Prepare) -> Iterator[Take]:
    """The target of the connection for a type of job."""
    with ExitStack() as stack:

        def take(job_type: str, **settings: Param) -> Target[Any]:
            target = KIND.targets[job_type](context(**settings))
            stack.callback(target.close)
            return target

        yield take
