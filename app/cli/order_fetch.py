"""`orders fetch`: one order looked up at its store by its number, and stored."""

from typing import Any

from app.cli.command import Group, Options, add_json, visiting
from app.cli.output import block, line, show_json, trouble
from app.services.order_fetch import FetchedOrder
from app.services.program import Program
from app.services.routes import ORDERS


def add_to(group: Group) -> None:
    """Add the command to those of `orders`."""
    parser = group.add("fetch", visiting(fetch), "look up one order at its store, and store it")
    parser.add_argument("order", metavar="NUMBER", help="as the store shows it, with its zeros")
    parser.add_argument("--connection", metavar="NAME", help="where several stores are read")
    add_json(parser)


def fetch(options: Options, program: Program) -> int:
    """`orders fetch`; 1 when none of what was found could be read."""
    program.retirement.require_in_use()
    route = program.routes.named(options.connection, ORDERS)
    found = program.order_fetch.fetch(route.task.route.id, options.order)
    is_read = any(one.order.fault is None for one in found)
    if options.json:
        show_json(map(_object, found))
        return 0 if is_read else 1
    for one in found:
        tell = line if one.order.fault is None else trouble
        name = one.order.order_ref
        if len(found) > 1:
            name = f"{name} (store view {one.order.store or '?'})"
        tell(f"{name}: {one.text}")
        if one.hint:
            block((("What to do", one.hint),))
    return 0 if is_read else 1


def _object(one: FetchedOrder) -> dict[str, Any]:
    """One order that was found, for programs; keys are only ever added."""
    order = one.order
    why = order.fault or order.skip
    return {
        "order": order.order_ref,
        "remote_id": order.remote_id,
        "store": order.store,
        "taken": one.is_taken,
        "news": one.is_news,
        "reason": why.code if why else "",
        "text": one.text,
        "hint": one.hint,
    }
