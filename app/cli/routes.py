"""`route add|list|edit|remove`: which connections are read, for what, and how often."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting
from app.cli.output import line, show_json, table
from app.cli.products import add_route_to, product_route_object
from app.cli.times import day, day_began, duration, iso, span
from app.services.product_words import PRODUCTS
from app.services.program import Program
from app.services.routes import INTERVAL_S, ORDERS, SHORTEST_S, TaskInWords

TITLES = ("Route", "What", "Mode", "Every", "State")


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("route", "what is read from which connection, and how often")
    add_json(group.add("list", visiting(show_list), "list the routes"))
    adding = group.group("add", "read from a connection from now on")
    parser = adding.add("orders", visiting(add_orders), "read the orders of a store")
    parser.add_argument("connection", metavar="CONNECTION", nargs="?")
    _add_settings(parser, every=float(INTERVAL_S), stores=[], with_address=False)
    add_route_to(adding)
    parser = group.add("edit", visiting(edit), "read along it otherwise than until now")
    parser.add_argument("route", metavar="ROUTE", help="number or connection")
    _add_settings(parser, every=None, stores=None, with_address=None)
    parser.add_argument("--all-stores", action="store_true", help="every store view")
    parser = group.add("remove", visiting(remove), "read along it no more; what was read stays")
    parser.add_argument("route", metavar="ROUTE")


def _add_settings(
    parser: ArgumentParser,
    *,
    every: float | None,
    stores: list[str] | None,
    with_address: bool | None,
) -> None:
    parser.add_argument("--mode", metavar="MODE", help="which orders: wait-for-invoice")
    parser.add_argument(
        "--every", type=duration, default=every, metavar="TIME",
        help=f"how often, at least {span(SHORTEST_S)} apart (5m)",
    )  # fmt: skip
    parser.add_argument(
        "--start", type=day, metavar="DATE", help="nothing that was last changed before (today)"
    )
    parser.add_argument(
        "--store", action="append", default=stores, metavar="ID", help="only this store view; "
        "again for more",
    )  # fmt: skip
    parser.add_argument(
        "--with-address", action=BooleanOptionalAction, default=with_address,
        help="read also where parcels go (personal data)",
    )  # fmt: skip
    add_json(parser)


def show_list(options: Options, program: Program) -> int:
    """`route list`."""
    found = program.routes.all()
    if options.json:
        show_json(map(route_object, found))
        return 0
    cells = [
        (str(one.task.route.id), one.name, one.task.route.mode, span(one.task.route.interval_s),
         one.text)
        for one in found
    ]  # fmt: skip
    table(TITLES, cells, "No route yet. Add one: backhaul route add orders CONNECTION", fold=4)
    return 0


def route_object(one: TaskInWords) -> dict[str, Any]:
    """One route for programs; keys are only ever added."""
    route = one.task.route
    if route.purpose == PRODUCTS:
        return product_route_object(one)
    return {
        "route": route.id,
        "name": one.name,
        "purpose": route.purpose,
        "source": one.connection,
        "target": None,
        "mode": route.mode,
        "interval_s": route.interval_s,
        "start": iso(int(route.settings.get("start_at") or 0)),
        "stores": [part for part in str(route.settings.get("stores") or "").split(",") if part],
        "with_address": bool(route.settings.get("with_address")),
    }


def add_orders(options: Options, program: Program) -> int:
    """`route add orders`."""
    program.retirement.require_in_use()
    connection = program.connections.only_one(options.connection)
    added = program.routes.add_orders(
        connection,
        mode=options.mode,
        interval_s=round(options.every),
        start_at=_start_of(options, program),
        stores=frozenset(options.store),
        with_address=options.with_address,
        actor=actor(),
    )
    if options.json:
        show_json([route_object(added)])
        return 0
    _tell(added)
    if program.ownership.is_free():
        line("Nothing is running to read them. Start it with: backhaul run")
    return 0


def edit(options: Options, program: Program) -> int:
    """`route edit`: what is not given stays."""
    program.retirement.require_in_use()
    stores = [] if options.all_stores else options.store
    edited = program.routes.edit(
        program.routes.named(options.route, ORDERS).task.route.id,
        mode=options.mode,
        interval_s=None if options.every is None else round(options.every),
        start_at=None if options.start is None else _start_of(options, program),
        stores=None if stores is None else frozenset(stores),
        with_address=options.with_address,
        actor=actor(),
    )
    if options.json:
        show_json([route_object(edited)])
        return 0
    _tell(edited)
    if edited.task.again_from is not None:
        line("What was read since the start date is read again with this")
    return 0


def _tell(one: TaskInWords) -> None:
    route = one.task.route
    line(f"Route {route.id}: {one.name}, mode {route.mode}, every {span(route.interval_s)}")


def _start_of(options: Options, program: Program) -> int:
    """Midnight of the day given, or of today, where this computer is."""
    return day_began(options.start, program.clock.now_ms())


def remove(options: Options, program: Program) -> int:
    """`route remove`."""
    one = program.routes.named(options.route)
    program.routes.remove(one.task.route.id, actor())
    line(f"{one.name}: not read any more. What was read stays")
    return 0
