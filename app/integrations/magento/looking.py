"""The reads a write-back begins and ends with: the order, and all its shipments."""

from urllib.parse import quote

from app.core.errors import NotFound, Rejected
from app.core.order_deeds import OrderComment, OrderInvoice
from app.integrations.http import Answer
from app.integrations.magento.client import Params, StoreClient, equal, sorted_by
from app.integrations.magento.documents import (
    Invoice,
    Invoices,
    Order,
    Orders,
    Shipments,
    StoreShipment,
    decode,
)

_PAGE = 100
_ORDER = (
    "entity_id,increment_id,state,status,is_virtual,items[item_id,sku,product_type,parent_item_id,"
    "qty_ordered,qty_shipped,qty_canceled,qty_refunded,is_virtual]"
)
_SHIPMENT = (
    "entity_id,order_id,increment_id,items[order_item_id,qty,sku],"
    "tracks[track_number,title,carrier_code]"
)
_INVOICE = "entity_id,order_id,increment_id,state,grand_total"


def find_order(client: StoreClient, number: str, request_id: str) -> Order:
    """By the number that people see.

    Raises: NotFound; Rejected when several stores of one installation use that number; as any
    call that reads.
    """
    params = {
        **equal(increment_id=number),
        "searchCriteria[pageSize]": 2,
        "fields": f"items[{_ORDER}],total_count",
    }
    found = decode(client.read("orders", request_id, params), Orders).items
    fitting = [order for order in found if order.increment_id == number]
    if not fitting:
        raise NotFound("mg_order_not_found", order=number)
    if len(fitting) > 1:
        raise Rejected("mg_order_twice", field="order", order=number)
    return fitting[0]


def shipments_of(client: StoreClient, order: Order, request_id: str) -> list[StoreShipment]:
    """All of an order, oldest first.

    Raises: as any call that reads. Source: Magento contract, section 4: stores up to 2.3 repeat
    the last page for ever.
    """
    found: dict[int, StoreShipment] = {}
    page = 0
    while True:
        page, before = page + 1, len(found)
        params = _page_of(order.entity_id, page, _SHIPMENT)
        part = decode(client.read("shipments", request_id, params), Shipments)
        found |= {one.entity_id: one for one in part.items}
        if page * _PAGE >= part.total_count or len(found) == before:
            return list(found.values())


def invoices_of(client: StoreClient, order_id: int, request_id: str) -> list[Invoice]:
    """Those of an order, oldest first; more than a page of them has nobody.

    Raises: as any call that reads.
    """
    params = _page_of(order_id, 1, _INVOICE)
    return decode(client.read("invoices", request_id, params), Invoices).items


def read_order_of(
    client: StoreClient, deed: OrderInvoice | OrderComment, fields: str, request_id: str
) -> Answer:
    """The order of a deed, by the store's own number for it, as far as `fields` ask for.

    Raises: NotFound with the number that people see; as any call that reads.
    """
    try:
        return client.read(f"orders/{quote(deed.remote_id)}", request_id, {"fields": fields})
    except NotFound as error:
        said = error.excerpt
        raise NotFound("mg_order_not_found", order=deed.order_ref, excerpt=said) from error


def _page_of(order_id: int, page: int, fields: str) -> Params:
    return {
        **equal(order_id=order_id),
        **sorted_by("entity_id"),
        "searchCriteria[pageSize]": _PAGE,
        "searchCriteria[currentPage]": page,
        "fields": f"items[{fields}],total_count",
    }


def find_shipment(client: StoreClient, number: int, request_id: str) -> StoreShipment:
    """By the store's own number.

    Raises: NotFound; as any call that reads.
    """
    answer = client.read(f"shipment/{number}", request_id, {"fields": _SHIPMENT})
    return decode(answer, StoreShipment)
