"""Puts comments on orders at a Magento store, each once; the status stays as it is."""

from typing import Any, NamedTuple

from app.core.errors import BackhaulError, Rejected, TransientError
from app.core.order_deeds import OrderComment
from app.core.types import Proof
from app.integrations.http import ahead_s
from app.integrations.magento.deeds import Deed
from app.integrations.magento.documents import Note, NotedOrder, decode
from app.integrations.magento.listing import stamp_of
from app.integrations.magento.looking import read_order_of
from app.integrations.magento.refusals import bad_request, raise_for_answer, refusal_of

_FIELDS = (
    "entity_id,increment_id,state,status,"
    "status_histories[entity_id,comment,created_at,is_customer_notified,is_visible_on_front]"
)
_ROUNDED_S = 2  # both clocks in whole seconds
_USUAL = {"new": "pending"}
"""The status that a state begins with, where it has not the state's own name."""


class _Read(NamedTuple):
    """An order, and by how many seconds our clock is ahead of the store's."""

    order: NotedOrder
    ahead_s: float

    @property
    def status(self) -> str:
        """Never empty: a call without it would blank that of the order."""
        state = self.order.state or ""
        return self.order.status or _USUAL.get(state, state)


class MagentoComments(Deed):
    """A Magento connection that comments orders."""

    def write(self, deed: OrderComment, request_id: str) -> Proof:
        """Put the comment on the order with the status that it has, and read it back.

        Looks first, so it is safe to repeat. Raises: NotFound, Rejected (in the store's words),
        Throttled, ConnectionBlocked, OutcomeUnknown, RemoteUnavailable, TransientError.
        Source: Magento contract, section 8.
        """
        with self._writing():
            refused: BackhaulError | None = None
            for _ in range(2):  # its status may change between the look and the write
                read = self._order(deed, request_id)
                note = _note_in(read, deed)
                if note is not None:
                    return self._proof(deed, note, read, was_there=True)
                refused = self._send(deed, read, request_id)
                if refused is None:
                    return self._proof_of(deed, request_id)
                if self._order(deed, request_id).status == read.status:
                    break
            assert refused is not None
            raise refused

    def look(self, deed: OrderComment, request_id: str) -> Proof | None:
        """The proof that the order has the comment since the job was entered.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._opening.guarded():
            read = self._order(deed, request_id)
            note = _note_in(read, deed)
            return None if note is None else self._proof(deed, note, read, was_there=True)

    def _order(self, deed: OrderComment, request_id: str) -> _Read:
        answer = read_order_of(self.client(), deed, _FIELDS, request_id)
        return _Read(decode(answer, NotedOrder), ahead_s(answer) or 0.0)

    def _send(self, deed: OrderComment, read: _Read, request_id: str) -> BackhaulError | None:
        """One call; what the store refused it for where the order's status may be the cause.

        Raises: BackhaulError.
        """
        order = read.order
        if not read.status:
            raise Rejected("mg_no_status", field="status", order=order.increment_id)
        entry: dict[str, Any] = {
            "comment": deed.comment,
            "is_customer_notified": int(deed.notify),
            "is_visible_on_front": int(deed.visible),
            "parent_id": order.entity_id,
            "status": read.status,
        }
        path, number = f"orders/{order.entity_id}/comments", order.increment_id
        answer = self.client().write("POST", path, request_id, {"statusHistory": entry}, number)
        if answer.status != 400:
            raise_for_answer(answer, order=number, write=True)
            return None
        refusal = refusal_of(answer)
        error = bad_request(answer, refusal, number)
        if not isinstance(error, Rejected):
            raise error
        message, said = " ".join(refusal.lines), answer.excerpt()
        return Rejected("mg_comment_refused", field="", order=number, message=message, excerpt=said)

    def _proof_of(self, deed: OrderComment, request_id: str) -> Proof:
        read = self._read_back(lambda: self._order(deed, request_id))
        note = _note_in(read, deed)
        if note is None:
            raise TransientError("mg_comment_not_stored", order=deed.order_ref)
        return self._proof(deed, note, read)

    def _proof(
        self, deed: OrderComment, note: Note, read: _Read, *, was_there: bool = False
    ) -> Proof:
        told = ["the customer is told"] if note.is_customer_notified else []
        told += ["shown in the shop"] if note.is_visible_on_front else []
        status = read.order.status or "empty"
        held = f"“{note.comment}”" + "".join(f", {one}" for one in told) + f"; status {status}"
        read_at = self._context.clock.now_ms()
        return Proof(
            f"“{deed.comment}”", held, read_at, was_there=was_there, remote_id=str(note.entity_id)
        )


def _note_in(read: _Read, deed: OrderComment) -> Note | None:
    """The newest comment with the same words since the job was entered."""
    since = deed.entered_at / 1000 - read.ahead_s - _ROUNDED_S
    found = [
        note
        for note in read.order.status_histories or ()
        if _words(note.comment) == _words(deed.comment)
        and (stamp_of(note.created_at) or since) >= since
    ]
    return max(found, key=lambda note: note.entity_id, default=None)


def _words(text: str | None) -> list[str]:
    """Stores keep line ends and blanks in their own way."""
    return (text or "").split()
