"""`products list|show|send` and `route add products`: a store's products kept as a file says."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting, whole
from app.cli.output import line, show_json, table
from app.cli.rows import row_object, show_row
from app.cli.times import ago, duration, iso, span
from app.core.errors import UsageError
from app.core.states import JobState
from app.services.product_layout import MEANINGS, ProductLayout
from app.services.product_words import PRODUCTS
from app.services.products import DECIMAL_MARKS, WEIGHT_UNITS, ProductRow
from app.services.program import Program
from app.services.routes import INTERVAL_S, SHORTEST_S, TaskInWords

TITLES = ("Item", "Connection", "State", "Changed")
_STATES = {
    "failed": (JobState.FAILED,),
    "waiting": (JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT),
    "done": (JobState.SUCCEEDED,),
}


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("products", "products on their way to a store, and what became of each")
    parser = group.add("list", visiting(show_list), "list products, what was changed last first")
    parser.add_argument("--connection", metavar="NAME")
    parser.add_argument("--state", choices=tuple(_STATES), help="only those")
    parser.add_argument("--limit", type=whole(1), default=100, metavar="N", help="(100)")
    add_json(parser)
    parser = group.add("show", visiting(show), "one product with all that happened to it")
    parser.add_argument("item", metavar="ITEM", help="item number")
    add_json(parser)
    parser = group.add("send", visiting(send), "read the file now and send what differs")
    parser.add_argument("route", metavar="ROUTE", nargs="?", help="number or connection")
    parser.add_argument(
        "--all", dest="everything", action="store_true", help="also what does not differ"
    )


def add_route_to(adding: Group) -> None:
    """Add `route add products`."""
    parser = adding.add("products", visiting(add_route), "keep a store's products as a file says")
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV file, with its path")
    parser.add_argument("connection", metavar="CONNECTION", nargs="?")
    parser.add_argument(
        "--map", dest="columns", type=_mapping, action="append", default=[],
        metavar="MEANING=COLUMN",
        help=f"a column by its name or number: {', '.join(MEANINGS)} (found out by their names)",
    )  # fmt: skip
    parser.add_argument(
        "--every", type=duration, default=float(INTERVAL_S), metavar="TIME",
        help=f"how often the file is looked at, at least {span(SHORTEST_S)} apart (5m)",
    )  # fmt: skip
    parser.add_argument("--delimiter", default="", metavar="CHAR", help="(found out)")
    parser.add_argument("--encoding", default="", metavar="NAME", help="utf-8, cp1252 (found out)")
    parser.add_argument("--decimal-mark", default="", choices=DECIMAL_MARKS[1:])
    parser.add_argument("--weight-unit", default="", choices=WEIGHT_UNITS[1:])
    add_json(parser)


def _mapping(text: str) -> tuple[str, str]:
    meaning, found, column = text.partition("=")
    if not (found and column.strip() and meaning.strip() in MEANINGS):
        raise ArgumentTypeError(f"“{text}”: give MEANING=COLUMN, as in price=Sell Price")
    return meaning.strip(), column.strip()


def add_route(options: Options, program: Program) -> int:
    """`route add products`."""
    program.retirement.require_in_use()
    free = program.products.free()
    if options.connection is None and len(free) == 1:
        connection = free[0]
    else:
        connection = program.connections.only_one(options.connection)
    layout = ProductLayout(
        dict(options.columns),
        options.delimiter,
        options.encoding,
        options.decimal_mark,
        options.weight_unit,
    )
    added = program.products.add(
        options.file, connection, layout, interval_s=round(options.every), actor=actor()
    )
    if options.json:
        show_json([product_route_object(added)])
        return 0
    route = added.task.route
    line(f"Route {route.id}: {added.name}. {added.reads}, looked at every {span(route.interval_s)}")
    if program.ownership.is_free():
        line("Nothing is running to send them. Start it with: backhaul run")
    return 0


def product_route_object(one: TaskInWords) -> dict[str, Any]:
    """One products route for programs; keys are only ever added."""
    route, progress = one.task.route, one.progress
    return {
        "route": route.id,
        "name": one.name,
        "purpose": route.purpose,
        "source": str(route.settings["file"]),
        "target": one.connection,
        "mode": route.mode,
        "interval_s": route.interval_s,
        "columns": str(route.settings["columns"]),
        "done": progress.done if progress else None,
        "of": progress.done + (progress.left or 0) if progress else None,
    }


def show_list(options: Options, program: Program) -> int:
    """`products list`."""
    connection = program.connections.named(options.connection) if options.connection else None
    states = _STATES[options.state] if options.state else ()
    found = program.products.rows(connection, states=states, limit=options.limit)
    if options.json:
        show_json(map(_object, found))
        return 0
    now_ms = program.clock.now_ms()
    cells = [
        (one.sku, one.connection, one.row.wording.text, ago(one.changed_at, now_ms))
        for one in found
    ]
    table(TITLES, cells, "No products", fold=2)
    return 0


def _object(one: ProductRow) -> dict[str, Any]:
    return {"item": one.sku, "changed_at": iso(one.changed_at), **row_object(one.row)}


def show(options: Options, program: Program) -> int:
    """`products show`."""
    found = program.products.named(options.item)
    if options.json:
        show_json(map(_object, found))
        return 0
    for one in found:
        show_row(one.row, program)
    return 0


def send(options: Options, program: Program) -> int:
    """`products send`."""
    program.retirement.require_in_use()
    try:
        one = program.routes.named(options.route, PRODUCTS)
    except UsageError as error:
        if error.code == "route_none":
            raise UsageError("products_route_none") from error
        raise
    program.products.send(one.task.route.id, actor(), everything=options.everything)
    line(f"{one.name}: asked for")
    if program.ownership.is_free():
        line("Nothing is running to send them. Start it with: backhaul run")
    return 0
