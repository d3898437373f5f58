"""Records that other programs hand in: each taken once, by the key it came with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.errors import UsageError
from app.core.events import AttentionChanged, EventBus, JobChanged, JobsAdded
from app.core.intake import ShipmentRecord, content_hash
from app.core.tracking_policy import is_return
from app.core.types import Params
from app.models.attention import Attention, NewItem
from app.models.received import Delivery, Letter, Receipt, Received
from app.services.connection_book import ConnectionBook
from app.services.intake import Intake
from app.services.intake_rows import in_groups
from app.services.ledger_rows import IntakeSource, RowMaker
from app.services.queue_view import QueueRow, QueueView
from app.services.wording import Wordsmith

SOURCE = "http"
TITLE = "Local intake"
_ACTOR = "another program"


class Fate(StrEnum):
    """What became of a record."""

    TAKEN = "accepted"  # new, and on disk
    KNOWN = "known"  # the same record was taken before
    CONFLICT = "conflict"  # its key was taken before, with other content
    REFUSED = "refused"  # it makes no shipment


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it was handed in; `connection`: the name of the one it is for, if given."""

    record: ShipmentRecord
    connection: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an entry. `code`, `params`: why not; `receipt_id` 0: nothing was taken."""

    fate: Fate
    receipt_id: int = 0
    code: str = ""
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follow:
    """A record and where it stands now. `row` None: it makes no job, `text` says why."""

    receipt: Receipt
    connection: str
    row: QueueRow | None
    text: str
    hint: str


class Letterbox:
    """Takes entries in; what it answered with an id is on disk."""

    def __init__(
        self,
        received: Received,
        intake: Intake,
        attention: Attention,
        connections: ConnectionBook,
        queue: QueueView,
        wordsmith: Wordsmith,
        bus: EventBus,
    ) -> None:
        self._received = received
        self._intake = intake
        self._attention = attention
        self._connections = connections
        self._queue = queue
        self._words = wordsmith
        self._bus = bus

    def take(self, entries: Sequence[Entry]) -> list[Answer]:
        """Take entries in, those that can be, in one commit; an answer for each, in their order.

        Raises: StorageError; then none of them was taken.
        """
        keys = [entry.record.source_key for entry in entries]
        known = self._received.known(keys)
        answers: dict[int, Answer] = {}
        letters: dict[int, Letter] = {}
        items: list[NewItem] = []
        makers: dict[int, RowMaker] = {}
        for place in _in_order(entries):
            entry = entries[place]
            before = known.get(entry.record.source_key)
            if before is not None:
                answers[place] = self._of_known(entry, before)
                continue
            try:
                letters[place] = self._letter(entry, makers, items)
            except UsageError as error:
                answers[place] = Answer(Fate.REFUSED, code=error.code, params=error.params)
        if letters:
            answers |= self._deliver(letters, items, entries)
        return [answers[place] for place in range(len(entries))]

    def follow(self, receipt_id: int) -> Follow:
        """Where a record stands.

        Raises: UsageError record_unknown; StorageError.
        """
        receipt = self._received.one(receipt_id)
        if receipt is None:
            raise UsageError("record_unknown", record=receipt_id)
        name = self._connections.names().get(receipt.connection_id, "")
        if receipt.job_id is None:
            code = "record_voided" if receipt.what == "void" else "record_return"
            said = self._words.say(code, {})
            return Follow(receipt, name, None, said.summary, said.hint)
        row = self._queue.one(f"row:{receipt.job_id}")
        return Follow(receipt, name, row, row.wording.text, row.wording.hint)

    def _letter(self, entry: Entry, makers: dict[int, RowMaker], items: list[NewItem]) -> Letter:
        """Raises: UsageError."""
        record = entry.record
        connection = self._connections.only_one(entry.connection)
        # A parcel may be for two systems: each has its own rows.
        source = IntakeSource(f"{SOURCE}:{connection.id}", TITLE, connection.id)
        target = self._intake.target(source)
        maker = makers.get(connection.id)
        if maker is None:
            codes = self._attention.carrier_codes()
            maker = makers[connection.id] = RowMaker(source, target, codes)
        row = maker.row(record)
        if record.carrier == "other" and row.job is not None:
            items += maker.unknown_carrier(record)
        what = (
            "void"
            if record.is_void
            else "return"
            if is_return(record.tracking, record.service)
            else "label"
        )
        ref = record.order_ref if row.job is None else row.job.order_ref
        return Letter(source.key, record.source_key, content_hash(record), ref, what, row, target)

    def _deliver(
        self, letters: dict[int, Letter], items: Sequence[NewItem], entries: Sequence[Entry]
    ) -> dict[int, Answer]:
        delivery = self._received.enter(list(letters.values()), _ACTOR, items)
        self._tell(delivery, has_items=bool(items))
        found = {}
        for place, taken in zip(letters, delivery.taken, strict=True):
            is_new = taken.is_new
            found[place] = (
                Answer(Fate.TAKEN, taken.receipt.id)
                if is_new
                else self._of_known(entries[place], taken.receipt)
            )
        return found

    def _of_known(self, entry: Entry, before: Receipt) -> Answer:
        """The answer to a key that was taken before; where nothing is said of the connection,
        that says nothing against it."""
        names = self._connections.names()
        wanted = entry.connection
        is_same_way = wanted is None or (
            wanted.casefold() == names.get(before.connection_id, "").casefold()
        )
        if is_same_way and content_hash(entry.record) == before.content:
            return Answer(Fate.KNOWN, before.id)
        params = {"source_key": entry.record.source_key}
        return Answer(Fate.CONFLICT, before.id, "record_conflict", params)

    def _tell(self, delivery: Delivery, *, has_items: bool) -> None:
        for connection_id, job_id, state in delivery.changed:
            self._bus.publish(JobChanged(job_id, connection_id, state))
        for connection_id, job_ids in delivery.added.items():
            self._bus.publish(JobsAdded(connection_id, tuple(job_ids)))
        if has_items:
            self._bus.publish(AttentionChanged())


def _in_order(entries: Sequence[Entry]) -> list[int]:
    """Places of entries, parcels of a group together and the lead number first."""
    numbered = ((place, entry.record) for place, entry in enumerate(entries))
    return [place for group in in_groups(numbered) for place, _ in group]
