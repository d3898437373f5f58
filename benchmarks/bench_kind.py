"""A kind of system for the benchmarks: a write-back is one POST, and nothing is read back.

Everything else on the way is the shipped path: store, claims, budgets, worker, HTTP client.
"""

from collections.abc import Iterable
from functools import partial

from app.core.errors import NotSupported
from app.core.outcomes import RunRules
from app.core.payload import dump_shipment
from app.core.rates import Rate
from app.core.types import Proof, Shipment
from app.integrations.base import CheckStep, Context, Kind, SettingField
from app.integrations.http import raise_for_status

OPERATION = "ship"


class OneCall:
    """Posts a shipment and takes 200 for done."""

    can_read_back = False
    rules = RunRules()

    def __init__(self, context: Context, write_operation: str) -> None:
        settings = context.connection.settings
        self.write_operation = write_operation
        self._account = context.connection.name
        self._budget = context.budget
        self._client = context.http.client(str(settings["base_url"]))

    def write(self, shipment: Shipment, request_id: str) -> Proof:
        """One POST."""
        if self.write_operation:
            self._budget.take(self.write_operation)
        path = f"/a/{self._account}/orders/{shipment.order_ref}/shipments"
        headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
        body = dump_shipment(shipment).encode()
        answer = self._client.write("POST", path, content=body, headers=headers)
        raise_for_status(answer, write=True)
        return Proof(shipment.tracking, "", 0)

    def look(self, shipment: Shipment, request_id: str) -> Proof | None:
        """There is nothing to read."""
        raise NotSupported("not_supported")

    def check(self) -> Iterable[CheckStep]:
        """Nothing to test."""
        return ()

    def close(self) -> None:
        """Give up the socket."""
        self._client.close()


def bench_kind(rate: float = 0, burst: float = 0) -> Kind:
    """The kind; with a rate it is declared as a remote's documents would."""
    operation = OPERATION if rate else ""
    return Kind(
        name="bench",
        title="Bench",
        order_noun="order",
        settings=(SettingField("base_url", "Address", "Where the stub shop listens"),),
        secrets=(),
        build=partial(OneCall, write_operation=operation),
        details=lambda shipment: {"order": shipment.order_ref, "tracking": shipment.tracking},
        limits={OPERATION: Rate(rate, int(burst))} if rate else {},
    )
