"""Shipments as stored in a job: versioned JSON that outlives the code that wrote it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.errors import BugError
from app.core.types import Shipment, ShipmentLine

VERSION = 1

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump_shipment(shipment: Shipment) -> str:
    """The shipment as JSON; fields that are empty are left out."""
    data: dict[str, Any] = {
        "v": VERSION,
        "order": shipment.order_ref,
        "tracking": shipment.tracking,
    }
    if shipment.carrier:
        data["carrier"] = shipment.carrier
    if shipment.service:
        data["service"] = shipment.service
    if shipment.ship_date:
        data["ship_date"] = shipment.ship_date.isoformat()
    if shipment.lines:
        data["items"] = [[line.item, str(line.quantity)] for line in shipment.lines]
    if shipment.cost is not None:
        data["cost"] = str(shipment.cost)
    if shipment.source != "manual":
        data["source"] = shipment.source
    return _encode(data)


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
        lines = ",".join(f"{line.item}={line.quantity}" for line in shipment.lines)
        what = f"{shipment.ship_date or ''}:{lines}"
    return f"{connection_id}/{channel}/{what}/{repeat}"
