"""Writes shipments with their tracking numbers to a Magento store, and proves it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from app.core.errors import (
    Conflict,
    NotFound,
    OutcomeUnknown,
    RecordClosed,
    Rejected,
    TransientError,
)
from app.core.outcomes import RunRules
from app.core.tracking import normalise_tracking
from app.core.types import Proof, Shipment
from app.integrations.base import CheckStep, Context
from app.integrations.http import Answer
from app.integrations.limits import ServerLocks
from app.integrations.magento import connection_check
from app.integrations.magento.client import StoreClient
from app.integrations.magento.documents import Order, StoreShipment, Track, decode
from app.integrations.magento.looking import find_order, find_shipment, shipments_of
from app.integrations.magento.mapping import (
    TOGETHER,
    bundles_of,
    describe,
    holder_of,
    is_anything_left,
    items_to_ship,
    numbers_of,
    refuse_state,
    shortfall,
    track_of,
    turned,
    unnumbered,
)
from app.integrations.magento.opening import Opening
from app.integrations.magento.person import TokenMemory
from app.integrations.magento.refusals import (
    OrderChanged,
    Refusal,
    bad_request,
    raise_for_answer,
    refusal_of,
)

_POLL_HELD_S = 300.0
"""How often an order on hold is looked at."""


class Magento:
    """A Magento connection in its writing role. Used by one thread at a time."""

    write_operation = ""
    can_read_back = True

    def __init__(self, context: Context, locks: ServerLocks, memory: TokenMemory) -> None:
        self._context = context
        self._locks = locks
        self._opening = Opening(context, memory)
        self._settings = self._opening.settings
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
        with self._opening.guarded(), self._locks.one_at_a_time(self._settings.server_key):
            return self._shipped(shipment, request_id)

    def look(self, shipment: Shipment, request_id: str) -> Proof | None:
        """The proof that a shipment of the order has the number.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._opening.guarded():
            order = find_order(self._client(), shipment.order_ref, request_id)
            holder = holder_of(shipments_of(self._client(), order, request_id), shipment.tracking)
            return None if holder is None else self._proof(shipment, holder, was_there=True)

    def check(self) -> Iterator[CheckStep]:
        """Address, sign-in, clock and rights, line by line; changes nothing there.

        Raises: as `look`.
        """
        request_id = str(uuid4())
        with self._opening.guarded():
            asking = self._context.calls.of
            yield from connection_check.steps(self._client(), self._settings, request_id, asking)

    def close(self) -> None:
        self._opening.close()

    def _shipped(self, shipment: Shipment, request_id: str) -> Proof:
        """Look, then write; an order that changes between the two is looked at once more.

        Source: Magento contract, sections 6.3 and 6.4.
        """
        changed: OrderChanged | None = None
        for _ in range(2):
            order = find_order(self._client(), shipment.order_ref, request_id)
            there = shipments_of(self._client(), order, request_id)
            holder = holder_of(there, shipment.tracking)
            if holder is not None:
                return self._proof(shipment, holder, was_there=True)
            refuse_state(order)
            is_all_shipped = changed is not None and changed.is_all_shipped
            if is_all_shipped or not is_anything_left(order):
                return self._join(order, there, shipment, request_id)
            bare = unnumbered(there, order, shipment.lines)
            if bare is not None:
                return self._add_track(order, bare, shipment, request_id)
            try:
                return self._ship(order, shipment, request_id)
            except OrderChanged as error:
                changed = error
        assert changed is not None
        raise changed.error

    def _ship(self, order: Order, shipment: Shipment, request_id: str) -> Proof:
        """One call; which rows of a bundle ship is not known before, so the store's first
        refusal corrects that, once. Nothing was written by a refused call."""
        apart, is_corrected = TOGETHER, not bundles_of(order)
        while True:
            items = items_to_ship(order, shipment.lines, apart)
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
            if is_corrected or not refusal.is_wrong_rows:
                raise self._refused(answer, refusal, order)
            apart, is_corrected = turned(order, apart, refusal.bundle_ways), True
            if not items_to_ship(order, shipment.lines, apart):  # none would mean all
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
        error = bad_request(answer, refusal, order.increment_id)
        if not refusal.is_about_the_order:
            return error
        return OrderChanged(error, is_all_shipped=refusal.is_nothing_left)

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
            return find_shipment(self._client(), number, request_id)
        except NotFound as error:
            raise TransientError("mg_not_stored", order=order.increment_id) from error
        except TransientError as error:
            self._opening.heed(error)
            raise OutcomeUnknown("read_back_failed", excerpt=error.excerpt) from error

    def _join(
        self, order: Order, there: Sequence[StoreShipment], shipment: Shipment, request_id: str
    ) -> Proof:
        """Everything is shipped already: the number joins a shipment, unless somebody else's
        number stands there; then a person chooses. Source: Magento contract, section 6.3."""
        if not there:
            was_refunded = any(row.qty_refunded for row in order.items)
            raise RecordClosed(
                "mg_refunded" if was_refunded else "mg_virtual", order=order.increment_id
            )
        foreign = [
            number for number in numbers_of(there)
            if number and not self._context.wrote(order.increment_id, number)
        ]  # fmt: skip
        if foreign:
            found = ", ".join(foreign)
            raise Conflict("mg_shipped_already", order=order.increment_id, found=found)
        target = next((one for one in there if not one.tracks), there[-1])
        return self._add_track(order, target, shipment, request_id)

    def _add_track(
        self, order: Order, target: StoreShipment, shipment: Shipment, request_id: str
    ) -> Proof:
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

    def _proof(
        self, shipment: Shipment, held: StoreShipment, note: str = "", *, was_there: bool = False
    ) -> Proof:
        read_at = self._context.clock.now_ms()
        text = describe(held, shipment.tracking) + note
        return Proof(shipment.tracking, text, read_at, was_there=was_there, remote_id=held.name)

    def _client(self) -> StoreClient:
        return self._opening.client()
