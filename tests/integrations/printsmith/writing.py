"""Shipments for the practice shop, and what came of writing them."""

from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.errors import BackhaulError
from app.core.types import Shipment
from app.core.words import Catalogue
from app.integrations.printsmith import KIND, Maker
from app.practice.printsmith import PracticePrintSmith
from tests.integrations.contract import REQUEST_ID
from tests.integrations.printsmith.conftest import INVOICE, Connect, a_context

NUMBER = "1Z999AA10123456784"
OTHER = "1Z999AA10123456785"


def a_shipment(tracking: str = NUMBER, order: str = INVOICE, **fields: Any) -> Shipment:
    return Shipment(order, tracking, **fields)


def methods(shop: PracticePrintSmith, path: str = "/invoices") -> list[str]:
    return [seen.method for seen in shop.requests if path in seen.path]


def error_in_real_time(shop: PracticePrintSmith, fault: str, method: str) -> BackhaulError:
    """With a clock that runs: the wait for an answer has to end by itself."""
    shop.fault(fault, method=method, path="/invoices")
    adapter = Maker()(a_context(SystemClock(), shop.url, timeout_s="1"))
    with pytest.raises(BackhaulError) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    adapter.close()
    return caught.value


def error_of(connect: Connect, error: type[BackhaulError], **settings: Any) -> BackhaulError:
    with pytest.raises(error) as caught:
        connect(**settings).write(a_shipment(), REQUEST_ID)
    assert type(caught.value) is error
    said = Catalogue(KIND.sentences).say(caught.value.code, caught.value.params)
    assert "?" not in said.summary.replace("since ?", "")
    return caught.value
