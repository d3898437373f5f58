"""PrintSmith Vision through our bridge contract."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from app.core.clock import Clock
from app.core.errors import Param
from app.core.types import Shipment
from app.integrations.base import Context, Kind
from app.integrations.limits import ServerLocks
from app.integrations.printsmith.adapter import PrintSmith
from app.integrations.printsmith.connection_check import access
from app.integrations.printsmith.sessions import Memory
from app.integrations.printsmith.settings import DEFAULT_CHARGE, SECRETS, SETTINGS
from app.integrations.printsmith.words import CAVEATS, SENTENCES


class Maker:
    """Builds adapters. It keeps what they share and what must outlast each of them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks = ServerLocks()
        # By the clock of the program they belong to: tests run many programs in one process.
        self._memories: WeakKeyDictionary[Clock, dict[int, Memory]] = WeakKeyDictionary()

    def __call__(self, context: Context) -> PrintSmith:
        """The adapter of a connection.

        Raises: SetupChanged when its settings do not fit together.
        """
        with self._guard:
            memories = self._memories.setdefault(context.clock, {})
            memory = memories.setdefault(context.connection.id, Memory())
        return PrintSmith(context, self._locks, memory)


def details(shipment: Shipment) -> dict[str, Any]:
    """`data` of the copied details, exactly these keys."""
    return {"invoice": shipment.order_ref, "tracking": shipment.tracking}


def by_hand(shipment: Shipment, settings: Mapping[str, Param], code: str) -> Sequence[str]:
    """The steps in PrintSmith itself; a closed or unknown invoice leaves nothing to do there."""
    if code in ("ps_picked_up", "ps_voided", "ps_deleted", "ps_invoice_not_found"):
        return ()
    charge = settings.get("charge_name") or DEFAULT_CHARGE
    return (
        f"Open invoice {shipment.order_ref} in PrintSmith",
        f"Put this on a line of its own in the notes of the charge “{charge}”: {shipment.tracking}",
        "Save the invoice, then close this row with Done by hand",
    )


def fields_off(settings: Mapping[str, Param]) -> frozenset[str]:
    """The cost is written by choice alone."""
    return frozenset() if settings.get("write_cost") == "on" else frozenset({"cost"})


KIND = Kind(
    name="printsmith",
    title="PrintSmith Vision",
    order_noun="invoice",
    settings=SETTINGS,
    secrets=SECRETS,
    build=Maker(),
    details=details,
    by_hand=by_hand,
    sentences=SENTENCES,
    caveats=CAVEATS,
    ship_fields=frozenset({"cost"}),
    ship_fields_off=fields_off,
    access=access,
    summary="Tracking numbers go into the notes of a charge of the invoice.",
)
