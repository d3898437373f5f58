"""`orders list|show|pending|export`: what was read from the stores, and how it stands."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from app.cli import order_fetch
from app.cli.command import Group, Options, actor, add_json, visiting, whole
from app.cli.output import block, line, piece, progress, show_json, table, trouble
from app.cli.times import ago, day, day_began, iso
from app.core.job_types import job_type
from app.core.order_deeds import CommentWish
from app.core.orders import (
    NEWEST_FIRST,
    OrderColumn,
    OrderFilter,
    OrderLine,
    OrderSort,
    OrderStatus,
)
from app.services.orders_view import OrderInWords
from app.services.program import Program
from app.services.whole_file import write_whole

TITLES = ("Order", "Status", "Reason", "Connection", "Ordered", "Total")
_DAY_MS = 86_400_000


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("orders", "orders that were read from the stores, and how they stand")
    parser = group.add("list", visiting(show_list), "list orders, newest first")
    _add_filters(parser)
    parser.add_argument("--limit", type=whole(1), default=100, metavar="N", help="first N orders")
    add_json(parser)
    parser = group.add("show", visiting(show), "show one order with its items and its timeline")
    parser.add_argument("order", metavar="ORDER")
    add_json(parser)
    parser = group.add(
        "pending",
        visiting(pending),
        "set orders back to Pending here; their store keeps its status",
    )
    parser.add_argument("orders", metavar="ORDER", nargs="+")
    parser.add_argument("--comment", default="", metavar="TEXT", help="kept with the order here")
    parser.add_argument(
        "--to-store", action="store_true", help="write the comment to the order at its store, too"
    )
    parser.add_argument("--notify", action="store_true", help="and mail it to the customer")
    parser.add_argument("--visible", action="store_true", help="and show it in the shop")
    parser = group.add("export", visiting(export), "write orders as CSV for a spreadsheet")
    parser.add_argument("file", metavar="FILE", help="- for standard output")
    _add_filters(parser)
    order_fetch.add_to(group)
    parser = group.add(
        "addresses", visiting(addresses), "for how long it is kept where parcels went"
    )
    parser.add_argument(
        "--keep", type=_days, metavar="DAYS", help="days after the order ended, or: always"
    )


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--status", action="append", default=[], choices=[one.value for one in OrderStatus],
        help="again for more",
    )  # fmt: skip
    parser.add_argument("--connection", metavar="NAME")
    parser.add_argument("--from", dest="since", type=day, metavar="DATE")
    parser.add_argument("--to", dest="until", type=day, metavar="DATE", help="that day included")
    parser.add_argument(
        "--text", default="", metavar="TEXT", help="in number, item, address or tracking number"
    )
    parser.add_argument(
        "--sort", choices=[one.value for one in OrderColumn], help="smallest first; without it: "
        "newest first",
    )  # fmt: skip
    parser.add_argument("--desc", action="store_true", help="largest first")


def filter_of(options: Options, program: Program) -> OrderFilter:
    """What the options ask for."""
    now = program.clock.now_ms()
    named = options.connection
    return OrderFilter(
        frozenset(OrderStatus(one) for one in options.status),
        program.connections.named(named).id if named else 0,
        day_began(options.since, now) if options.since else None,
        day_began(options.until, now) + _DAY_MS if options.until else None,
        options.text.strip(),
    )


def sort_of(options: Options) -> OrderSort:
    """The order in which they are listed."""
    if options.sort is None:
        return NEWEST_FIRST
    return OrderSort(OrderColumn(options.sort), options.desc)


def show_list(options: Options, program: Program) -> int:
    """`orders list`."""
    wanted = filter_of(options, program)
    sort = sort_of(options)
    found = program.orders.page(wanted, sort, 0, options.limit + 1)
    shown = found[: options.limit]
    if options.json:
        show_json(map(order_object, shown))
        return 0
    now = program.clock.now_ms()
    cells = [
        (one.title, one.status, one.reason, one.connection, ago(one.order.order_at, now),
         f"{one.order.total} {one.order.currency}".strip())
        for one in shown
    ]  # fmt: skip
    empty = "No such orders" if wanted != OrderFilter() else "No orders were read yet"
    table(TITLES, cells, empty, fold=2)
    if len(found) > len(shown):
        which = "newest" if sort == NEWEST_FIRST else "first"
        line(f"These are the {which} {len(shown)}; more with --limit {10 * options.limit}")
    return 0


def order_object(one: OrderInWords) -> dict[str, Any]:
    """One order for programs; keys are only ever added."""
    order = one.order
    why = order.fault or order.skip
    return {
        "id": order.id,
        "order": order.order_ref,
        "remote_id": order.remote_id,
        "connection": one.connection,
        "status": order.status.value,
        "reason": why.code if why else "",
        "reason_text": one.reason,
        "hint": one.hint,
        "setting": one.setting,
        "ordered_at": iso(order.order_at),
        "changed_at": iso(order.changed_at),
        "changed_text": order.changed_text,
        "state": order.state,
        "store_status": order.source_status,
        "store": order.store,
        "shipping": order.shipping,
        "total": order.total,
        "currency": order.currency,
        "ship_to": order.ship_to._asdict() if order.ship_to else None,
        "read_at": iso(order.read_at),
        "set_back_at": iso(order.set_back_at),
    }


def show(options: Options, program: Program) -> int:
    """`orders show`."""
    one = program.orders.one(options.order)
    lines = program.orders.lines(one.order)
    jobs, events = program.orders.jobs(one.order), program.orders.timeline(one.order)
    if options.json:
        timeline = [{"at": iso(e.at), "text": e.text, "actor": e.actor} for e in events]
        rows = [job.id for job in jobs]
        show_json([{**order_object(one), "lines": [*map(line_object, lines)], "rows": rows,
                    "timeline": timeline}])  # fmt: skip
        return 0
    order, now = one.order, program.clock.now_ms()
    if one.reason:
        line(one.reason)
    line(f"{one.title}: {one.status}, {one.connection}")
    block(
        (
            ("What to do", one.hint),
            ("Setting", one.setting),
            ("Ordered", ago(order.order_at, now)),
            ("At the store", order.source_status),
            ("Total", f"{order.total} {order.currency}".strip()),
            ("Shipping", order.shipping),
            ("Ship to", _place(one)),
        )
    )
    if lines:
        line("  Items")
    for item in lines:
        inside = "  " if item.parent else ""
        line(f"    {inside}{item.quantity} x {item.sku}  {item.name}  shipped {item.shipped}")
    if jobs:
        line("  Tracking numbers")
    for job in jobs:
        what = job.tracking or job_type(job.kind).noun("order")
        line(f"    {what}  row {job.id}, {job.state.value.replace('_', ' ')}")
    line("  Timeline")
    for event in events:
        by = f" ({event.actor})" if event.actor else ""
        line(f"    {ago(event.at, now)}  {event.text}{by}")
    return 0


def line_object(item: OrderLine) -> dict[str, Any]:
    """One row of an order for programs; quantities as texts, to stay exact."""
    return {
        "remote_id": item.remote_id,
        "sku": item.sku,
        "name": item.name,
        "kind": item.kind,
        "quantity": str(item.quantity),
        "shipped": str(item.shipped),
        "left": str(item.left),
        "weight": None if item.weight is None else str(item.weight),
        "ships": item.ships,
        "parent": item.parent,
    }


def _place(one: OrderInWords) -> str:
    place = one.order.ship_to
    if place is None:
        return ""
    parts = (place.name, place.company, *place.street, f"{place.postcode} {place.city}".strip(),
             place.region, place.country)  # fmt: skip
    return ", ".join(part for part in parts if part)


def pending(options: Options, program: Program) -> int:
    """`orders pending`; 1 when one was left alone."""
    found = [program.orders.one(text) for text in options.orders]
    comment = options.comment.strip()
    is_sent = options.to_store or options.notify or options.visible
    to_store = CommentWish(options.notify, options.visible) if is_sent else None
    done = program.orders.set_back([one.order for one in found], comment, actor(), to_store)
    left = [one for one in found if one.order.id not in done]
    for one in found:
        if one not in left:
            then = "its comment is on its way to" if to_store else "nothing was changed at"
            line(f"{one.title}: set back to Pending here; {then} {one.connection}")
    for one in left:
        trouble(f"{one.title} is being written right now, so it was left alone")
    return 1 if left else 0


def _days(text: str) -> int:
    return 0 if text == "always" else whole(1)(text)


def addresses(options: Options, program: Program) -> int:
    """`orders addresses`."""
    if options.keep is not None:
        program.erasure.set_days(options.keep, actor())
    days = program.erasure.days
    line(
        f"Addresses are erased {days} days after their order ended"
        if days
        else "Addresses are kept until somebody changes that"
    )
    return 0


def export(options: Options, program: Program) -> int:
    """`orders export`; the file appears whole or not at all."""
    wanted = filter_of(options, program)
    count = 0

    def watch(done: int, total: int) -> bool:
        nonlocal count
        count = done
        progress(f"{done:,} of {total:,} orders")
        return True

    if options.file == "-":
        for part in program.orders.export(wanted, sort_of(options)):
            piece(part)
        return 0
    target = Path(options.file).expanduser()
    try:
        write_whole(target, program.orders.export(wanted, sort_of(options), watch), lambda: True)
    except OSError as error:
        trouble(f"{target} cannot be written: {error.strerror}")
        return 1
    finally:
        progress("")
    line(f"{target}: {count:,} orders")
    return 0
