"""Answers of the practice Magento held against the official schema, where it is at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from app.practice.magento import PracticeMagento
from tests.magento import KEYS, TRACK, StoreCaller, criteria
from tests.practice.conftest import port_of

_FOLDER = Path(__file__).parents[3] / "shared" / "contracts" / "data" / "magento"
RELEASES = sorted(_FOLDER.glob("admin-rest-*.json"))
pytestmark = pytest.mark.skipif(not RELEASES, reason="the official schemas are not here")


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def schema(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One release. Null keys are left out of answers although it calls them required, and ids
    come as text: both stand in the contract."""
    found = json.loads(request.param.read_text("utf-8"))
    for definition in found["definitions"].values():
        definition.pop("required", None)
    return found  # type: ignore[no-any-return]


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    with PracticeMagento(keys=KEYS) as store:
        kit = {"sku": "KIT", "type": "bundle", "children": [{"sku": "PEN"}]}
        store.add_order("000000001", [{"sku": "CARDS", "qty": 2}, kit])
        store.add_product("CARDS", "Business cards")
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


def violations(schema: dict[str, Any], path: str, method: str, status: int, body: Any) -> list[str]:
    """What of an answer breaks the schema of that call."""
    answers = schema["paths"][path][method]["responses"]
    otherwise = {} if status < 300 else answers["default"]  # some good answers have no schema
    wanted = answers.get(str(status), otherwise).get("schema", {})
    whole = {"allOf": [wanted], "definitions": schema["definitions"]}
    found = Draft4Validator(whole).iter_errors(body)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def test_what_is_sent_fits(schema: dict[str, Any]) -> None:
    """The bodies that the contract gives, which the tests of the store send."""
    note = {"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0,
            "parent_id": 1, "status": "processing"}  # fmt: skip
    source = {"sku": "CARDS", "source_code": "default", "quantity": 4.5, "status": 1}
    for path, method, body in (
        ("/V1/order/{orderId}/invoice", "post", {"capture": True, "notify": False}),
        ("/V1/orders/{id}/comments", "post", {"statusHistory": note}),
        ("/V1/products/{sku}", "put", {"product": {"sku": "CARDS", "price": 14.25}}),
        ("/V1/products/{productSku}/stockItems/{itemId}", "put",
         {"stockItem": {"qty": 4.5, "is_in_stock": True}}),
        ("/V1/inventory/source-items", "post", {"sourceItems": [source]}),
    ):  # fmt: skip
        given = schema["paths"][path][method]["parameters"]
        (wanted,) = [one["schema"] for one in given if one["in"] == "body"]
        whole = {"allOf": [wanted], "definitions": schema["definitions"]}
        found = [error.message for error in Draft4Validator(whole).iter_errors(body)]
        assert found == [], path


def test_answers_fit(schema: dict[str, Any], store: PracticeMagento, caller: StoreCaller) -> None:
    entity = {"order_id": 1, "parent_id": 1, **TRACK, "weight": 0, "qty": 1, "description": ""}
    note = {"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0,
            "parent_id": 1, "status": "processing"}  # fmt: skip
    everything = criteria(("[pageSize]", "10"))
    source = {"sku": "CARDS", "source_code": "default", "quantity": 4.5, "status": 1}
    for path, method, sent, query in (
        ("/V1/orders", "get", None, everything),
        ("/V1/orders/1", "get", None, ()),
        ("/V1/order/1/invoice", "post", {"capture": True, "notify": False}, ()),
        ("/V1/order/1/invoice", "post", {"capture": True, "notify": False}, ()),
        ("/V1/order/1/ship", "post", {"tracks": [TRACK], "notify": False}, ()),
        ("/V1/order/1/ship", "post", {"tracks": [TRACK]}, ()),
        ("/V1/shipment/track", "post", {"entity": entity}, ()),
        ("/V1/shipments", "get", None, everything),
        ("/V1/shipment/1", "get", None, ()),
        ("/V1/invoices", "get", None, everything),
        ("/V1/orders/1/comments", "post", {"statusHistory": note}, ()),
        ("/V1/orders/1/comments", "get", None, ()),
        ("/V1/orders/1", "get", None, ()),
        ("/V1/orders/77", "get", None, ()),
        ("/V1/products", "get", None, everything),
        ("/V1/products/CARDS", "put", {"product": {"price": 3}}, ()),
        ("/V1/products/CARDS", "get", None, ()),
        ("/V1/products/nothing", "get", None, ()),
        ("/V1/stockItems/CARDS", "get", None, ()),
        ("/V1/products/CARDS/stockItems/1", "put", {"stockItem": {"qty": 4.5}}, ()),
        ("/V1/inventory/source-items", "post", {"sourceItems": [source]}, ()),
        ("/V1/inventory/source-items", "get", None, everything),
        ("/V1/store/storeConfigs", "get", None, ()),
        ("/V1/store/storeViews", "get", None, ()),
        ("/V1/modules", "get", None, ()),
    ):
        answer = caller.call(method.upper(), f"/rest{path}", sent, query)
        named = min(  # the one with the fewest gaps
            (one for one in schema["paths"] if _is_same(one, path)), key=lambda one: one.count("{")
        )
        body = int(answer.body) if method == "post" and _is_id(answer.body) else answer.body
        assert violations(schema, named, method, answer.status, body) == [], path


def _is_same(template: str, path: str) -> bool:
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        one.startswith("{") or one == other for one, other in zip(parts, given, strict=True)
    )


def _is_id(body: object) -> bool:
    return isinstance(body, str) and body.isdecimal()
