"""`attention list|show|resolve|ignore`: what only a person can settle."""

from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting, whole, wrong_usage
from app.cli.output import block, line, show_json, table, trouble
from app.cli.times import ago, iso
from app.services.attention import ItemInWords, ItemState
from app.services.program import Program

TITLES = ("Item", "What", "Where", "Why", "Since")
_ENDED = (ItemState.RESOLVED, ItemState.IGNORED)


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("attention", "what only you can settle: rejected rows, void labels, names")
    parser = group.add("list", visiting(show_list), "list what waits for you")
    parser.add_argument("--closed", action="store_true", help="what was resolved or ignored")
    parser.add_argument("--limit", type=whole(1), default=1000, metavar="N", help="newest N items")
    add_json(parser)
    parser = group.add("show", visiting(show), "show one item with the row as it was read")
    parser.add_argument("item", metavar="ITEM", type=whole(1))
    add_json(parser)
    parser = group.add("resolve", visiting(resolve), "say that items are settled")
    _add_items(parser)
    parser.add_argument("--carrier", metavar="CODE", help="which carrier the new name means")
    parser = group.add("ignore", visiting(ignore), "do not show items again")
    _add_items(parser)


def _add_items(parser: Any) -> None:
    parser.add_argument("items", metavar="ITEM", nargs="*", type=whole(1))
    parser.add_argument("--all", action="store_true", help="every item that is open now")
    parser.add_argument("--reason", default="", metavar="TEXT", help="kept with the items")


def show_list(options: Options, program: Program) -> int:
    """`attention list`."""
    states = _ENDED if options.closed else (ItemState.OPEN,)
    found = program.attention.items(states, options.limit)
    if options.json:
        show_json(map(item_object, found))
        return 0
    now = program.clock.now_ms()
    cells = [
        (str(one.item.id), one.title, one.where, one.text, ago(one.item.created_at, now))
        for one in found
    ]
    table(TITLES, cells, "Nothing waits for you", fold=3)
    return 0


def item_object(one: ItemInWords) -> dict[str, Any]:
    """One item for programs; keys are only ever added."""
    item = one.item
    return {
        "item": item.id,
        "kind": item.kind.value,
        "state": item.state.value,
        "text": one.text,
        "hint": one.hint,
        "who": one.who,
        "cause": item.code,
        "connection": one.connection,
        "source": item.source,
        "file": item.file,
        "line": item.line,
        "row_text": item.text,
        "row": item.job_id,
        "since": iso(item.created_at),
        "closed_at": iso(item.closed_at),
        "actor": item.actor,
        "note": item.note,
    }


def show(options: Options, program: Program) -> int:
    """`attention show`."""
    one = program.attention.one(options.item)
    if options.json:
        show_json([item_object(one)])
        return 0
    item = one.item
    line(f"Item {item.id}, {one.title[:1].lower()}{one.title[1:]}: {one.text}")
    closed = f"{item.state.value} by {item.actor or 'the program'}" if item.closed_at else ""
    block(
        (
            ("What to do", one.hint),
            ("Where", one.where),
            ("The row", item.text),
            ("Connection", one.connection),
            ("Queue row", str(item.job_id or "")),
            ("Since", ago(item.created_at, program.clock.now_ms())),
            ("Now", f"{closed}: {item.note}" if item.note else closed),
        )
    )
    return 0


def resolve(options: Options, program: Program) -> int:
    """`attention resolve`; 1 when an item was not open."""
    if options.carrier is None:
        return _close(options, program, program.attention.resolve, "resolved")
    if len(options.items) != 1 or options.all:
        wrong_usage(options, "--carrier goes with one ITEM")
    program.attention.map_carrier(options.items[0], options.carrier, actor())
    line(f"Item {options.items[0]}: resolved; the name means {options.carrier.lower()} from now on")
    return 0


def ignore(options: Options, program: Program) -> int:
    """`attention ignore`; 1 when an item was not open."""
    return _close(options, program, program.attention.ignore, "ignored")


def _close(options: Options, program: Program, act: Any, done: str) -> int:
    if bool(options.items) == options.all:
        wrong_usage(options, "name the items, or say --all")
    wanted = options.items
    if options.all:
        wanted = [one.item.id for one in program.attention.items(limit=1_000_000)]
    closed = act(wanted, actor(), options.reason.strip())
    if options.all:
        line(f"{'1 item' if len(closed) == 1 else f'{len(closed)} items'}: {done}")
        return 0
    for item_id in closed:
        line(f"Item {item_id}: {done}")
    left = [item_id for item_id in wanted if item_id not in closed]
    for item_id in left:
        trouble(f"Item {item_id} was closed already")
    return 1 if left else 0
