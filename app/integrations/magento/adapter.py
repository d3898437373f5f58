"""Writes shipments with their tracking numbers to a Magento store, and proves it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from app.core.errors import (
    Conflict,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    Rejected,
    SetupChanged,
    Throttled,
    TransientError,
    UsageError,
)
from app.core.outcomes import RunRules
from app.core.tracking import normalise_tracking
from app.core.types import Proof, Shipment
from app.integrations.base import CheckStep, Context
from app.integrations.http import Answer
from app.integrations.limits import ServerLocks
from app.integrations.magento import connection_check
from app.integrations.magento.client import StoreClient, TokenMemory, filters
from app.integrations.magento.documents import (
    Order,
    Orders,
    Shipments,
    StoreShipment,
    Track,
    decode,
)
from app.integrations.magento.mapping import (
    describe,
    has_bundle,
    holder_of,
    items_to_ship,
    numbers_of,
    refuse_state,
    shippable,
    shortfall,
    track_of,
)
from app.integrations.magento.opening import Opening
from app.integrations.magento.refusals import Refusal, raise_for_answer, refusal_of
from app.integrations.magento.settings import read_settings

_POLL_HELD_S = 300.0
"""How often an order on hold is looked at."""


class Magento:
    """A Magento connection in its writing role. Used by one thread at a time."""

    write_operation = ""
    can_read_back = True

    def __init__(self, context: Context, locks: ServerLocks, memory: TokenMemory) -> None:
        self._context = context
        self._locks = locks
        try:
            self._settings = read_settings(context.connection.settings)
        except UsageError as error:
            params: dict[str, Any] = dict(error.params)
            raise SetupChanged(error.code, **params) from error
        self._opening = Opening(context, self._settings, memory)
        self.rules = RunRules(poll_locked_s=_POLL_HELD_S, order_wait_s=0.0)

    def write(self, shipment: Shipment, request_id: str) -> Proof:
        """Ship the parcel's rows with its number, and read the shipment back.

        Safe to repeat although the store's own call is not: the order's shipments are looked at
        first. Raises: RecordLocked (on hold, payment under review), RecordClosed, NotFound,
        Conflict, Rejected, Throttled, ConnectionBlocked, OutcomeUnknown, RemoteUnavailable,
        TransientError.
        Source: Magento contract, section 6.
        """
        if not normalise_tracking(shipment.tracking):
            raise Rejected("mg_no_tracking", field="tracking")
        self._context.budget.take(self.write_operation)
        with self._guarded(), self._locks.one_at_a_time(self._settings.server_key):
            order = self._order(shipment.order_ref, request_id)
            there = self._shipments(order, request_id)
            holder = holder_of(there, shipment.tracking)
            if holder is not None:
                return self._proof(shipment, holder, was_there=True)
            refuse_state(order)
            if not any(row.left for apart in (False, True) for row in shippable(order, apart)):
                return self._add_track(order, there, shipment, request_id)
            return self._ship(order, shipment, request_id)

    def look(self, shipment: Shipment, request_id: str) -> Proof | None:
        """The proof that a shipment of the order has the number.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._guarded():
            order = self._order(shipment.order_ref, request_id)
            holder = holder_of(self._shipments(order, request_id), shipment.tracking)
            return None if holder is None else self._proof(shipment, holder, was_there=True)

    def check(self) -> Iterator[CheckStep]:
        """Address, sign-in, clock and rights, line by line; changes nothing there.

        Raises: as `look`.
        """
        request_id = str(uuid4())
        with self._guarded():
            yield from connection_check.steps(
                self._client(), self._settings, self._context.clock, request_id
            )

    def close(self) -> None:
        self._opening.close()

    def _ship(self, order: Order, shipment: Shipment, request_id: str) -> Proof:
        """One call; of a bundle it is not known which of its rows ship, so the store's first
        refusal turns that round, once. Nothing was written by a refused call."""
        ways = (False, True) if has_bundle(order) else (False,)
        for bundles_apart in ways:
            items = items_to_ship(order, shipment.lines, bundles_apart=bundles_apart)
            if not items and not bundles_apart and len(ways) > 1:
                continue
            answer = self._client().write(
                "POST",
                f"order/{order.entity_id}/ship",
                request_id,
                self._body(shipment, items),
                order.increment_id,
            )
            if answer.status != 400:
                return self._read_back(answer, order, shipment, items, request_id)
            refusal = refusal_of(answer)
            if not (refusal.is_wrong_rows and not bundles_apart and len(ways) > 1):
                break
        raise self._refused(answer, refusal, order)

    def _body(self, shipment: Shipment, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "items": list(items),
            "notify": self._settings.notifies,
            "tracks": [track_of(shipment)],
        }
        if self._settings.source_code:
            extension = {"source_code": self._settings.source_code}
            body["arguments"] = {"extension_attributes": extension}
        return body

    def _refused(self, answer: Answer, refusal: Refusal, order: Order) -> Exception:
        if refusal.is_nothing_left:  # shipped by somebody between our look and our call
            return TransientError("mg_changed", order=order.increment_id, excerpt=answer.excerpt())
        try:
            raise_for_answer(answer, order=order.increment_id, write=True)
        except Exception as error:  # noqa: BLE001 - the caller raises it
            return error
        raise AssertionError("a refusal was no refusal")

    def _read_back(
        self,
        answer: Answer,
        order: Order,
        shipment: Shipment,
        items: Sequence[dict[str, Any]],
        request_id: str,
    ) -> Proof:
        number = decode(answer, int, write=True)
        held = self._read_again(number, order, request_id)
        if holder_of([held], shipment.tracking) is None:
            raise TransientError("mg_not_stored", order=order.increment_id)
        short = shortfall(items, held)
        return self._proof(shipment, held, f"; the store took {short} pieces" if short else "")

    def _read_again(self, number: int, order: Order, request_id: str) -> StoreShipment:
        try:
            found = self._client().read(f"shipment/{number}", request_id)
        except NotFound as error:
            raise TransientError("mg_not_stored", order=order.increment_id) from error
        except TransientError as error:
            raise OutcomeUnknown("read_back_failed", excerpt=error.excerpt) from error
        return decode(found, StoreShipment)

    def _add_track(
        self, order: Order, there: Sequence[StoreShipment], shipment: Shipment, request_id: str
    ) -> Proof:
        """Everything is shipped already: the number joins a shipment, unless somebody else's
        number stands there; then a person chooses. Source: Magento contract, section 6.3."""
        foreign = [
            number for number in numbers_of(there)
            if number and not self._context.wrote(order.increment_id, number)
        ]  # fmt: skip
        if foreign or not there:
            found = ", ".join(foreign) or "none"
            raise Conflict("mg_shipped_already", order=order.increment_id, found=found)
        target = next((one for one in there if not one.tracks), there[-1])
        entity = {
            "order_id": order.entity_id,
            "parent_id": target.entity_id,
            **track_of(shipment),
            "weight": 0,
            "qty": 1,
            "description": "",
        }
        answer = self._client().write(
            "POST", "shipment/track", request_id, {"entity": entity}, order.increment_id
        )
        raise_for_answer(answer, order=order.increment_id, write=True)
        decode(answer, Track, write=True)
        held = self._read_again(target.entity_id, order, request_id)
        if holder_of([held], shipment.tracking) is None:
            raise TransientError("mg_not_stored", order=order.increment_id)
        return self._proof(shipment, held)

    def _order(self, number: str, request_id: str) -> Order:
        params = {
            **filters(increment_id=number),
            "searchCriteria[pageSize]": 2,
            "fields": "items[entity_id,increment_id,state,status,is_virtual,items[item_id,sku,"
            "product_type,parent_item_id,qty_ordered,qty_shipped,qty_canceled,qty_refunded,"
            "is_virtual]],total_count",
        }
        found = decode(self._client().read("orders", request_id, params), Orders).items
        fitting = [order for order in found if order.increment_id == number]
        if not fitting:
            raise NotFound("mg_order_not_found", order=number)
        if len(fitting) > 1:
            raise Rejected("mg_order_twice", field="order", order=number)
        return fitting[0]

    def _shipments(self, order: Order, request_id: str) -> list[StoreShipment]:
        params = {**filters(order_id=order.entity_id), "searchCriteria[pageSize]": 100}
        answer = self._client().read("shipments", request_id, params)
        return decode(answer, Shipments).items

    def _proof(
        self, shipment: Shipment, held: StoreShipment, note: str = "", *, was_there: bool = False
    ) -> Proof:
        read_at = self._context.clock.now_ms()
        text = describe(held, shipment.tracking) + note
        return Proof(shipment.tracking, text, read_at, was_there=was_there, remote_id=held.name)

    def _client(self) -> StoreClient:
        return self._opening.client()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Draw from an error what it means for the next calls, whatever they are."""
        try:
            yield
        except CredentialsRejected:
            self.close()  # keys and password are read anew next time
            raise
        except Throttled as error:
            if error.retry_after_s is not None:
                self._context.budget.hold(error.operation, error.retry_after_s)
            raise
