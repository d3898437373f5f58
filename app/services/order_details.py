"""One order with everything about it, in words: items, parcels, and what happened everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import BugError
from app.core.orders import OrderEvent, OrderLine, OrderStatus, Reason, StoredOrder
from app.core.payload import load_shipment
from app.core.quantities import plain
from app.core.states import JobState
from app.core.types import HistoryEntry, Job, Shipment
from app.core.words import Who
from app.models.order_list import OrderList
from app.services.connection_book import ConnectionBook
from app.services.queue_lines import proof_of
from app.services.queue_view import QueueRow, QueueView
from app.services.tracking_facts import Link
from app.services.wording import Phase, Wordsmith

_HERE = "Backhaul"
STATUS_WORDS = {
    OrderStatus.PENDING: "Pending",
    OrderStatus.PROCESSING: "Processing",
    OrderStatus.SUCCESS: "Success",
    OrderStatus.FAILED: "Failed",
    OrderStatus.SKIPPED: "Skipped",
}


@dataclass(frozen=True, slots=True)
class OrderInWords:
    """One order of a list. `reason`, `hint`: why it failed or is skipped; empty: nothing is to be
    said. `setting`: what caused it, as "mode wait-for-invoice". `ship_to`: one line. `who` must
    act; empty: nobody."""

    order: StoredOrder
    connection: str
    title: str
    status: str
    reason: str
    hint: str
    setting: str
    ship_to: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class EventInWords:
    """A line of a timeline; `at` in ms since 1970. `system`: the name of the connection where it
    happened, or of this program. `actor`: the person who did it, empty: nobody."""

    at: int
    text: str
    actor: str
    system: str = ""
    is_bad: bool = False
    is_good: bool = False


@dataclass(frozen=True, slots=True)
class ItemInWords:
    """One row of an order; quantities and weight as people write them, in pieces and in the unit
    the store uses. `is_inside`: it is a part of the row above it."""

    line: OrderLine
    ordered: str
    shipped: str
    left: str
    weight: str
    is_inside: bool


@dataclass(frozen=True, slots=True)
class ParcelInWords:
    """One tracking number on its way to the store, from its job. `text`: how it stands, in a
    sentence; `link`: where the parcel is followed, empty: nobody knows. `items`: what is in it as
    "2 x CARDS", empty: everything that was left. Times in ms since 1970, None: never."""

    job: Job
    connection: str
    tracking: str
    carrier: str
    service: str
    phase: Phase
    text: str
    hint: str
    link: str
    follow_at: str
    items: tuple[str, ...]
    proof: str
    last_attempt_at: int | None
    error_count: int


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """Everything about one order. `message`, `hint`: what stands on top, empty: all is well;
    `is_bad`: it is an error. `timeline`: oldest first, of all systems."""

    one: OrderInWords
    message: str
    hint: str
    is_bad: bool
    items: tuple[ItemInWords, ...]
    parcels: tuple[ParcelInWords, ...]
    timeline: tuple[EventInWords, ...]


class OrderTeller:
    """Puts orders into words."""

    def __init__(
        self,
        listing: OrderList,
        connections: ConnectionBook,
        wordsmith: Wordsmith,
        queue: QueueView,
        link: Link,
    ) -> None:
        self._listing = listing
        self._connections = connections
        self._wordsmith = wordsmith
        self._queue = queue
        self._link = link

    def orders(self, orders: Sequence[StoredOrder]) -> list[OrderInWords]:
        """Those orders as a list shows them."""
        names = self._connections.names()
        failed = [one.id for one in orders if one.status is OrderStatus.FAILED and not one.fault]
        jobs = self._listing.failed_jobs(failed) if failed else {}
        return [self._order(one, names, jobs.get(one.id)) for one in orders]

    def details(self, order: StoredOrder) -> OrderDetails:
        """Everything about one order."""
        jobs = self._listing.all_jobs(order)
        rows = self._queue.in_words(jobs)
        stories = {row.job.id: self._queue.timeline(row.job) for row in rows}
        (one,) = self.orders([order])
        return OrderDetails(
            one,
            one.reason,
            one.hint,
            order.status is OrderStatus.FAILED,
            tuple(_item(line) for line in self._listing.lines(order.id)),
            tuple(
                self._parcel(row, [entry for entry, _ in stories[row.job.id]])
                for row in rows
                if row.job.tracking and row.job.state is not JobState.DISCARDED
            ),
            tuple(self.timeline(order, rows, stories)),
        )

    def timeline(
        self,
        order: StoredOrder,
        rows: Sequence[QueueRow] = (),
        stories: dict[int, list[tuple[HistoryEntry, str]]] | None = None,
    ) -> list[EventInWords]:
        """What happened to it, oldest first: here, and with every job of it."""
        store = self._connections.names().get(order.connection_id, "?")
        told = [self._event(event, store) for event in self._listing.events(order.id)]
        for row in rows:
            job = row.job
            about = job.tracking or row.title
            for entry, text in (stories or {}).get(job.id, ()):
                told.append(_happened(entry, f"{about}: {text}" if text else about, row.connection))
        told.sort(key=lambda one: one.at)  # of one moment: as it was written down
        return told

    def _event(self, event: OrderEvent, store: str) -> EventInWords:
        text = self._wordsmith.say(event.what, {} if event.code else event.params).summary
        comment = event.params.get("comment")
        if event.code:
            text = f"{text}: {self._wordsmith.say(event.code, event.params).summary}"
        elif comment:
            text = f"{text}: {comment}"
        return EventInWords(event.at, text, event.actor, _HERE if event.actor else store)

    def _order(self, order: StoredOrder, names: dict[int, str], failed: Job | None) -> OrderInWords:
        why = order.fault or (order.skip if order.status is OrderStatus.SKIPPED else None)
        summary, hint, who = self.why(why, failed)
        return OrderInWords(
            order,
            names.get(order.connection_id, "?"),
            order.order_ref or self.untitled(),
            self.status(order.status),
            summary,
            hint,
            setting_of(why),
            ship_to_of(order),
            who,
        )

    def status(self, status: OrderStatus) -> str:
        """The word for it."""
        return self._wordsmith.text(STATUS_WORDS[status])

    def untitled(self) -> str:
        """What stands for the number of an order that has none."""
        return self._wordsmith.text("An order that cannot be read")

    def why(self, why: Reason | None, failed: Job | None) -> tuple[str, str, str]:
        """Sentence, hint and who must act about what keeps an order: the job that failed goes
        first."""
        if failed is not None:
            said = self._wordsmith.reason(failed)
        elif why is not None:
            said = self._wordsmith.say(why.code, why.params)
        else:
            return "", "", ""
        nobody = self._wordsmith.text(Who.NOBODY.value)
        return said.summary, said.hint, "" if said.who == nobody else said.who

    def _parcel(self, row: QueueRow, story: Sequence[HistoryEntry]) -> ParcelInWords:
        job, facts = row.job, self._queue.tracking_facts(row.job, self._link)
        shipment = _shipment(job)
        runs = [entry for entry in story if entry.what.startswith(("run_", "look_"))]
        return ParcelInWords(
            job,
            row.connection,
            job.tracking,
            facts.carrier,
            shipment.service if shipment else "",
            row.wording.phase,
            row.wording.text,
            row.wording.hint,
            facts.link,
            facts.follow_at,
            tuple(f"{plain(q)} x {item}" for item, q in shipment.lines) if shipment else (),
            proof_of(job),
            max((entry.at for entry in runs), default=None),
            sum(entry.spent or entry.what.endswith("_failed") for entry in story),
        )


def setting_of(why: Reason | None) -> str:
    """What caused it, as "mode wait-for-invoice"."""
    params = why.params if why else {}
    setting = f"{params['setting']} {params.get('value', '')}" if "setting" in params else ""
    return setting.strip()


def ship_to_of(order: StoredOrder) -> str:
    """Where it goes, in one line."""
    place = order.ship_to
    if place is None:
        return ""
    parts = (place.name, place.company, *place.street, place.postcode, place.city, place.region,
             place.country)  # fmt: skip
    return ", ".join(part for part in parts if part)


def _item(line: OrderLine) -> ItemInWords:
    weight = "" if line.weight is None else plain(line.weight)
    return ItemInWords(
        line, plain(line.quantity), plain(line.shipped), plain(line.left), weight,
        bool(line.parent),
    )  # fmt: skip


def _shipment(job: Job) -> Shipment | None:
    try:
        return load_shipment(job.payload)
    except BugError:  # another kind of job, or damaged: its number is still shown
        return None


def _happened(entry: HistoryEntry, text: str, system: str) -> EventInWords:
    return EventInWords(
        entry.at,
        text,
        entry.actor,
        system,
        is_bad=entry.what.endswith("_failed") or entry.spent,
        is_good=entry.what.endswith("_succeeded"),
    )
