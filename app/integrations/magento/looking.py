"""The reads a write-back begins and ends with: the order, and all its shipments."""

from app.core.errors import NotFound, Rejected
from app.integrations.magento.client import StoreClient, equal
from app.integrations.magento.documents import Order, Orders, Shipments, StoreShipment, decode

_PAGE = 100
_ORDER = (
    "entity_id,increment_id,state,status,is_virtual,items[item_id,sku,product_type,parent_item_id,"
    "qty_ordered,qty_shipped,qty_canceled,qty_refunded,is_virtual]"
)
_SHIPMENT = (
    "entity_id,order_id,increment_id,items[order_item_id,qty,sku],"
    "tracks[track_number,title,carrier_code]"
)


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
        params = {
            **equal(order_id=order.entity_id),
            "searchCriteria[sortOrders][0][field]": "entity_id",
            "searchCriteria[sortOrders][0][direction]": "ASC",
            "searchCriteria[pageSize]": _PAGE,
            "searchCriteria[currentPage]": page,
            "fields": f"items[{_SHIPMENT}],total_count",
        }
        part = decode(client.read("shipments", request_id, params), Shipments)
        found |= {one.entity_id: one for one in part.items}
        if page * _PAGE >= part.total_count or len(found) == before:
            return list(found.values())


def find_shipment(client: StoreClient, number: int, request_id: str) -> StoreShipment:
    """By the store's own number.

    Raises: NotFound; as any call that reads.
    """
    answer = client.read(f"shipment/{number}", request_id, {"fields": _SHIPMENT})
    return decode(answer, StoreShipment)
