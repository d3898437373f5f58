"""`ship`: one shipment into the queue, and on wish the answer."""

import threading
from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation

from app.cli.command import Group, Options, Start, actor, add_json, money, pair, whole
from app.cli.output import line, show_json, trouble
from app.cli.rows import row_object, title_of
from app.cli.times import ago, day
from app.core.states import JobState
from app.core.tracking import checked_tracking
from app.core.types import ConnectionInfo, Shipment, ShipmentLine
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.wording import Phase

DEFAULT_WAIT_S = 120
_LOOK_S = 0.2
_ENDED = frozenset({Phase.DONE, Phase.NEEDS_YOU, Phase.PARKED, Phase.REMOVED})
_EXTRAS = {
    "carrier": "carrier",
    "service": "service",
    "ship_date": "ship date",
    "lines": "items",
    "cost": "cost",
}
"""What a shipment may hold besides its tracking number, and how people call it."""


def add_to(top: Group) -> None:
    """Add the command."""
    parser = top.add("ship", ship, "send a tracking number to the order's own system")
    parser.add_argument("order", metavar="ORDER", help="as it stands on the order or invoice")
    parser.add_argument("tracking", metavar="TRACKING", help="as it stands on the label")
    parser.add_argument("--connection", metavar="NAME", help="needed where there are several")
    parser.add_argument("--carrier", default="", metavar="NAME")
    parser.add_argument("--service", default="", metavar="NAME")
    parser.add_argument("--ship-date", type=day, metavar="YYYY-MM-DD")
    parser.add_argument(
        "--item", type=item, action="append", default=[], metavar="SKU=QTY", dest="items",
        help="what is in the parcel; may be given several times",
    )  # fmt: skip
    parser.add_argument("--cost", type=money, metavar="12.50", help="what the carrier charges")
    parser.add_argument("--again", action="store_true", help="send it although it went through")
    parser.add_argument(
        "--wait", type=whole(1), nargs="?", const=DEFAULT_WAIT_S, metavar="SECONDS",
        help=f"wait for the answer ({DEFAULT_WAIT_S} s); sends it here if nothing else does",
    )  # fmt: skip
    add_json(parser)


def item(text: str) -> ShipmentLine:
    """`SKU=QTY`; for argparse."""
    sku, quantity = pair("SKU=QTY")(text)
    try:
        pieces = Decimal(quantity.strip())
    except InvalidOperation:
        pieces = Decimal(0)
    if not (pieces.is_finite() and pieces > 0):
        raise ArgumentTypeError(f"“{quantity}” is no quantity of {sku}; write it as {sku}=2")
    return ShipmentLine(sku, pieces)


def ship(options: Options, start: Start) -> int:
    """Enter the shipment; with --wait see it through, sending it here if nothing else does."""
    with start.visit() as program:
        program.retirement.require_in_use()
        job_id = _enter(options, program)
        if options.wait is None:
            return _tell_entered(options, program, job_id)
        if not program.ownership.is_free():
            return _follow(options, program, job_id)
    with start.working() as program:
        return _follow(options, program, job_id)


def _enter(options: Options, program: Program) -> int:
    """The number of the row that stands for this shipment."""
    connection = program.connections.only_one(options.connection)
    shipment = Shipment(
        order_ref=options.order,
        tracking=checked_tracking(options.tracking),
        carrier=options.carrier.strip(),
        service=options.service.strip(),
        ship_date=options.ship_date,
        lines=tuple(options.items),
        cost=options.cost,
    )
    entered = program.write_back.enter(
        connection.id, [shipment], actor=actor(), again=options.again
    )[0]
    row = _row(program, entered.job_id)
    if not options.json:
        line(_entered_text(row, entered.is_new, program))
        _tell_unused(connection, shipment, program)
    return entered.job_id


def _entered_text(row: QueueRow, is_new: bool, program: Program) -> str:
    if is_new:
        return f"{title_of(row)}: queued for {row.connection}"
    now, job = program.clock.now_ms(), row.job
    if job.state is JobState.SUCCEEDED:
        when = ago(job.finished_at or job.created_at, now)
        return f"{title_of(row)}: already written ({when}). To send it once more add --again"
    return f"{title_of(row)}: already in the queue ({ago(job.created_at, now)}), nothing was added"


def _tell_unused(connection: ConnectionInfo, shipment: Shipment, program: Program) -> None:
    """What is not sent is kept here, and that is said with why."""
    kept: dict[str, list[str]] = {}
    for name, words in _EXTRAS.items():
        why = program.connections.why_kept(connection.id, name)
        if why and getattr(shipment, name) not in (None, "", ()):
            kept.setdefault(why, []).append(words)
    for why, given in kept.items():
        line(f"Kept with the row, but not sent: {', '.join(given)} ({why})")


def _tell_entered(options: Options, program: Program, job_id: int) -> int:
    row = _row(program, job_id)
    if options.json:
        show_json([row_object(row)])
    elif row.wording.phase in _ENDED:
        line(f"  {row.wording.text}. {row.wording.hint}".rstrip(". "))
    elif program.ownership.is_free():
        line("Nothing is running to send it. Start it with: backhaul run (or add --wait)")
    return 0


def _follow(options: Options, program: Program, job_id: int) -> int:
    """Watch the row until it ended or the time is up; say why it waits."""
    clock = program.clock
    ends = clock.monotonic() + options.wait
    said = ""
    never = threading.Event()
    while True:
        row = _row(program, job_id)
        phase, text = row.wording.phase, row.wording.text
        if phase in _ENDED or clock.monotonic() >= ends:
            return _tell_outcome(options, row)
        if phase in (Phase.WAITING, Phase.RETRYING) and row.job.reason_code and text != said:
            said = text
            if not options.json:
                line(f"  {text}")
        clock.wait(never, _LOOK_S)


def _tell_outcome(options: Options, row: QueueRow) -> int:
    done = row.job.state is JobState.SUCCEEDED
    if options.json:
        show_json([row_object(row)])
    elif done:
        line(f"{title_of(row)}: {row.wording.text}")
    if done:
        return 0
    ended = row.wording.phase in _ENDED
    tail = row.wording.hint if ended else f"Not done after {options.wait} s; it stays in the queue."
    trouble(f"{title_of(row)}: {row.wording.text}. {tail}".rstrip())
    return 1


def _row(program: Program, job_id: int) -> QueueRow:
    return program.queue.one(f"row:{job_id}")
