"""`route add|list|remove`: which connections are read, for what, and how often."""

from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting
from app.cli.output import line, show_json, table
from app.cli.times import day, day_began, duration, iso, span
from app.services.program import Program
from app.services.routes import INTERVAL_S, SHORTEST_S, TaskInWords

TITLES = ("Route", "What", "Mode", "Every", "State")


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("route", "what is read from which connection, and how often")
    add_json(group.add("list", visiting(show_list), "list the routes"))
    adding = group.group("add", "read from a connection from now on")
    parser = adding.add("orders", visiting(add_orders), "read the orders of a store")
    parser.add_argument("connection", metavar="CONNECTION", nargs="?")
    parser.add_argument("--mode", metavar="MODE", help="which orders: wait-for-invoice")
    parser.add_argument(
        "--every", type=duration, default=float(INTERVAL_S), metavar="TIME",
        help=f"how often, at least {span(SHORTEST_S)} apart (5m)",
    )  # fmt: skip
    parser.add_argument(
        "--start", type=day, metavar="DATE", help="nothing that was last changed before (today)"
    )
    parser.add_argument(
        "--store", action="append", default=[], metavar="ID", help="only this store view; again "
        "for more",
    )  # fmt: skip
    parser.add_argument(
        "--with-address", action="store_true", help="read also where parcels go (personal data)"
    )
    add_json(parser)
    parser = group.add("remove", visiting(remove), "read along it no more; what was read stays")
    parser.add_argument("route", metavar="ROUTE")


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
    line(f"Route {added.task.route.id}: {added.name}, mode {added.task.route.mode}, every "
         f"{span(added.task.route.interval_s)}")  # fmt: skip
    if program.ownership.is_free():
        line("Nothing is running to read them. Start it with: backhaul run")
    return 0


def _start_of(options: Options, program: Program) -> int:
    """Midnight of the day given, or of today, where this computer is."""
    return day_began(options.start, program.clock.now_ms())


def remove(options: Options, program: Program) -> int:
    """`route remove`."""
    one = program.routes.named(options.route)
    program.routes.remove(one.task.route.id, actor())
    line(f"{one.name}: not read any more. What was read stays")
    return 0
