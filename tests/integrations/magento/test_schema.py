"""What the program sends to a store, held against the official schema, where it is at hand."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE, PRODUCT_UPDATE
from app.core.order_deeds import OrderComment, OrderInvoice
from app.core.products import ProductUpdate
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.practice.shelf import Document
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import ORDER, Connect, Take, a_shipment

_FOLDER = Path(__file__).parents[4] / "shared" / "contracts" / "data" / "magento"
RELEASES = sorted(_FOLDER.glob("admin-rest-*.json"))
pytestmark = pytest.mark.skipif(not RELEASES, reason="the official schemas are not here")


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.param.read_text("utf-8"))
    for definition in found["definitions"].values():
        definition.pop("required", None)  # of a product or a stock only what changes is sent
    return found


def template_of(schema: dict[str, Any], path: str) -> str:
    """The path of the schema that a call fits, the one with the fewest gaps."""
    given = path.split("/")
    fitting = [
        one
        for one in schema["paths"]
        if len(parts := one.removeprefix("/").split("/")) == len(given)
        and all(a.startswith("{") or a == b for a, b in zip(parts, given, strict=True))
    ]
    return min(fitting, key=lambda one: one.count("{"))


def test_every_body_fits(
    schema: dict[str, Any],
    store: PracticeMagento,
    order: Document,
    take: Take,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Request] = []
    answer: Callable[..., Reply] = store.answer

    def seen(request: Request, *, keep: bool = True) -> Reply:
        sent.append(request)
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", seen)
    store.add_product("CARDS")
    product = ProductUpdate("CARDS", "Cards", Decimal("14.25"), Decimal("0.7"), Decimal(4), True)
    take(PRODUCT_UPDATE).write(product, REQUEST_ID)
    take(PRODUCT_UPDATE, stock_source="default").write(product, REQUEST_ID)
    take(ORDER_INVOICE).write(OrderInvoice(ORDER, "1"), REQUEST_ID)
    take(ORDER_COMMENT).write(OrderComment(ORDER, "1", "hello", visible=True), REQUEST_ID)
    connect().write(a_shipment(), REQUEST_ID)
    writes = [request for request in sent if request.method != "GET"]
    assert len(writes) == 7
    for request in sent:
        path = "/".join(request.parts).replace("rest/all/", "").replace("rest/", "")
        call = schema["paths"][template_of(schema, path)][request.method.lower()]
        bodies = [one["schema"] for one in call["parameters"] if one["in"] == "body"]
        assert len(bodies) == (request.method != "GET")
        for wanted in bodies:
            whole = {"allOf": [wanted], "definitions": schema["definitions"]}
            found = [one.message for one in Draft4Validator(whole).iter_errors(request.json())]
            assert found == [], path
