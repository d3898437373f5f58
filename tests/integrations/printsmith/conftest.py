"""A practice shop on loopback, and connections to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from app.core.clock import Clock, from_ms
from app.core.errors import Param
from app.core.types import ConnectionInfo
from app.integrations.base import Context
from app.integrations.http import HttpFactory
from app.integrations.limits import RateBudget
from app.integrations.printsmith import Maker
from app.integrations.printsmith.adapter import PrintSmith
from app.practice.printsmith import PracticePrintSmith
from tests.fakes.clock import FakeClock
from tests.integrations.contract import MemoryBudgets

TOKEN = "CANARY-t0ken/of+the shop"
INVOICE = "316132"

Connect = Callable[..., PrintSmith]


def a_context(clock: Clock, url: str, token: str = TOKEN, **settings: Param) -> Context:
    connection_id = int(settings.pop("connection_id", 1) or 0)
    return Context(
        ConnectionInfo(connection_id, "shop", "printsmith", {"base_url": url, **settings}),
        secret=lambda name: token,
        http=HttpFactory(clock=clock, proxies=lambda url: None),
        budget=RateBudget(connection_id, MemoryBudgets(), clock, {}),
        clock=clock,
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def shop(clock: FakeClock) -> Iterator[PracticePrintSmith]:
    with PracticePrintSmith(token=TOKEN, now=lambda: from_ms(clock.now_ms())) as shop:
        shop.add_invoice(INVOICE)
        yield shop


@pytest.fixture
def connect(shop: PracticePrintSmith, clock: FakeClock) -> Iterator[Connect]:
    make = Maker()
    with ExitStack() as stack:

        def connect(**settings: Param) -> PrintSmith:
            url = str(settings.pop("base_url", shop.url))
            adapter = make(a_context(clock, url, **settings))  # type: ignore[arg-type]
            stack.callback(adapter.close)
            return adapter

        yield connect
