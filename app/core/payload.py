"""Shipments as stored in a job: versioned JSON that outlives the code that wrote it."""

import json
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring as _quoted

from app.core.errors import BugError
from app.core.quantities import plain
from app.core.types import Shipment, ShipmentLine

VERSION = 1


def dump_shipment(shipment: Shipment) -> str:
    """The shipment as JSON; fields that are empty are left out.

    Put together by hand: an import writes these by the hundred thousand, and a general
    encoder takes three times as long.
    """
    parts = [f'{{"v":{VERSION},"order":{_quoted(shipment.order_ref)}']
    parts.append(f',"tracking":{_quoted(shipment.tracking)}')
    if shipment.carrier:
        parts.append(f',"carrier":{_quoted(shipment.carrier)}')
    if shipment.service:
        parts.append(f',"service":{_quoted(shipment.service)}')
    if shipment.ship_date:
        parts.append(f',"ship_date":"{shipment.ship_date.isoformat()}"')
    if shipment.lines:
        lines = [f'[{_quoted(item)},"{quantity}"]' for item, quantity in shipment.lines]
        parts.append(f',"items":[{",".join(lines)}]')
    if shipment.cost is not None:
        parts.append(f',"cost":"{shipment.cost}"')
    if shipment.source != "manual":
        parts.append(f',"source":{_quoted(shipment.source)}')
    return "".join(parts) + "}"


def load_shipment(payload: str) -> Shipment:
    """Read what `dump_shipment` of this or an earlier version wrote.

    Raises: BugError when the stored text is damaged or from a newer version.
    """
    try:
        data = json.loads(payload)
        if data["v"] > VERSION:
            raise BugError("payload_newer", version=data["v"])
        ship_date = data.get("ship_date")
        cost = data.get("cost")
        return Shipment(
            order_ref=data["order"],
            tracking=data["tracking"],
            carrier=data.get("carrier", ""),
            service=data.get("service", ""),
            ship_date=date.fromisoformat(ship_date) if ship_date else None,
            lines=tuple(ShipmentLine(i, Decimal(q)) for i, q in data.get("items", ())),
            cost=Decimal(cost) if cost is not None else None,
            source=data.get("source", "manual"),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise BugError("payload_damaged") from error


def idempotency_key(connection_id: int, channel: str, shipment: Shipment, repeat: int = 0) -> str:
    """Target + order + tracking (without tracking: lines and ship date) + repeat number."""
    what = shipment.tracking
    if not what:
        lines = ",".join(sorted(f"{i}={plain(q)}" for i, q in shipment.lines))
        what = f"{shipment.ship_date or ''}:{lines}"
    return f"{connection_id}/{channel}/{what}/{repeat}"
