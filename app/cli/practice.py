"""`practice`: the practice servers alone, and what they are told to do."""

import re
from typing import Any

from app.cli.command import (
    Group,
    Options,
    Parser,
    Start,
    add_json,
    pair,
    pasteable,
    visiting,
    whole,
)
from app.cli.output import line, show_json, table
from app.cli.waiting import stop_signals, wait_for
from app.core.errors import UsageError
from app.services.program import Program

TRY = (
    "connection add printsmith --practice --name Practice",
    "practice act printsmith add_invoice --invoice 316132",
    "ship 316132 1Z23966E0397467800 --wait",
    "practice list",
)
"""Connect, an invoice, a shipment, and what can go wrong."""

_OPTIONS: dict[str, tuple[str, Any, str]] = {
    "invoice": ("NUMBER", str, "the invoice it is about"),
    "by": ("NAME", str, "who does it"),
    "text": ("TEXT", str, "what somebody types"),
    "old": ("NAME", str, "the name before"),
    "new": ("NAME", str, "the name afterwards"),
    "free": ("N", whole(0), "how many"),
    "seconds": ("S", float, "how long"),
    "can-save-invoice": ("true|false", str, "a right"),
    "can-see-locks": ("true|false", str, "a right"),
    "notes": ("true|false", str, "may be changed"),
    "price": ("true|false|P", str, "may be changed; of a product: what it costs"),
    "order": ("NUMBER", str, "the order it is about"),
    "items": ("SKU=QTY …", str, "what is ordered, in one pair of quotes"),
    "tracking": ("NUMBER", str, "the number that somebody enters"),
    "state": ("STATE", str, "of an order"),
    "status": ("STATUS", str, "of an order, as its people see it"),
    "sku": ("SKU", str, "a product"),
    "name": ("NAME", str, "of a product"),
    "weight": ("W", float, "of a product"),
    "resource": ("NAME", str, "a right"),
    "allowed": ("true|false", str, "given or taken"),
    "broken": ("true|false", str, "or whole again"),
    "revoked": ("true|false", str, "or allowed again"),
    "needed": ("true|false", str, "or not"),
    "release": ("R", str, "like 2.4.7"),
    "most": ("N", whole(0), "rows"),
    "count": ("N", whole(1), "how many"),
    "stem": ("TEXT", str, "how their numbers begin"),
    "refuses": ("true|false", str, "or takes them again"),
    "words": ("deadlock|timeout", str, "what the store says"),
    "code": ("CODE", str, "the status to answer; of a source: its code"),
    "times": ("N", whole(1), "how often"),
}
_FAULT_OPTIONS: dict[str, tuple[str, Any, str]] = {
    "seconds": ("S", float, "how long"),
    "skip": ("N", whole(0), "let the first N requests pass"),
    "method": ("GET|PUT|POST", str, "only such requests"),
    "path": ("REGEX", str, "only requests with such a path"),
    "code": ("STATUS", whole(100), "the status to answer"),
    "retry-after": ("S", whole(0), "the pause to ask for"),
    "to": ("URL", str, "where to send the caller"),
}


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("practice", "run practice servers, and make them misbehave", serve)
    parser = group.add("list", visiting(show_list), "list what a practice server can be told")
    parser.add_argument("system", metavar="SYSTEM", nargs="?", help="one system only")
    add_json(parser)
    parser = _system(group, "fault", fault, "make the next requests fail")
    parser.add_argument("kind", metavar="KIND", help="see: backhaul practice list")
    parser.add_argument("--times", type=_times, default=1, metavar="N", help="or: always")
    parser.add_argument("--invoice", metavar="NUMBER", help="only requests about this invoice")
    _add(parser, _FAULT_OPTIONS)
    parser = _system(group, "act", act, "do there what a person could do")
    parser.add_argument("act", metavar="ACT", help="see: backhaul practice list")
    _add(parser, _OPTIONS)
    _system(group, "clear", clear, "let everything work again")


def _system(group: Group, name: str, command: Any, help_text: str) -> Parser:
    parser = group.add(name, visiting(command), help_text)
    parser.add_argument("system", metavar="SYSTEM")
    return parser


def _add(parser: Parser, options: dict[str, tuple[str, Any, str]]) -> None:
    for name, (metavar, kind, help_text) in options.items():
        parser.add_argument(f"--{name}", metavar=metavar, type=kind, help=help_text)
    parser.add_argument(
        "--set", type=pair("NAME=VALUE"), action="append", default=[], dest="more",
        metavar="NAME=VALUE", help="any other option",
    )  # fmt: skip


def _times(text: str) -> int | None:
    return None if text == "always" else whole(1)(text)


def serve(options: Options, start: Start) -> int:
    """Only the practice servers, until stopped."""
    with start.visit() as program, stop_signals() as stopped:
        running = _running(program)
        if running:
            line(f"The practice servers are running already: {', '.join(running.values())}")
            return 0
        with program.practice_servers() as urls:
            line(f"Practice servers for {program.folder}. Stop them with Ctrl-C")
            for system, url in urls.items():
                line(f"{program.kinds[system].title}: {url}")
            line("Try it with these commands")
            for words in TRY:
                line(f"  {pasteable(words, program.folder)}")
            wait_for(stopped, program.clock)
    return 0


def _running(program: Program) -> dict[str, str]:
    """Addresses of practice servers that answer to this folder's key."""
    found = {}
    for system in program.kinds:
        try:
            program.practice.state(system)
        except UsageError:
            continue
        found[system] = program.practice.url(system)
    return found


def show_list(options: Options, program: Program) -> int:
    """`practice list`, in the servers' own words."""
    if options.system:
        _check_system(options, program)
    found = []
    for system in [options.system] if options.system else sorted(program.kinds):
        state = program.practice.state(system)
        found += [(system, "act", name, text) for name, text in state.get("acts", {}).items()]
        found += [(system, "fault", name, text) for name, text in state.get("kinds", {}).items()]
    if options.json:
        keys = ("system", "type", "name", "text")
        show_json(dict(zip(keys, row, strict=True)) for row in found)
    else:
        table(("System", "Type", "Name", "What it does"), found, "There is nothing")
    return 0


def fault(options: Options, program: Program) -> int:
    """`practice fault`."""
    _check_system(options, program)
    given = _given(options, _FAULT_OPTIONS)
    if options.invoice:
        given["path"] = f"/invoices/{re.escape(options.invoice)}(/|$)"
    program.practice.fault(options.system, options.kind, times=options.times, **given)
    how_often = {None: "until cleared", 1: "once"}.get(options.times, f"{options.times} times")
    line(f"{options.system}: {options.kind}, {how_often}")
    return 0


def act(options: Options, program: Program) -> int:
    """`practice act`."""
    _check_system(options, program)
    program.practice.act(options.system, options.act, **_given(options, _OPTIONS))
    line(f"{options.system}: {options.act} done")
    return 0


def clear(options: Options, program: Program) -> int:
    """`practice clear`."""
    _check_system(options, program)
    program.practice.clear(options.system)
    line(f"{options.system}: everything works again")
    return 0


def _check_system(options: Options, program: Program) -> None:
    if options.system not in program.kinds:
        raise UsageError(
            "kind_missing", kind=options.system, kinds=", ".join(sorted(program.kinds))
        )


def _given(options: Options, names: dict[str, tuple[str, Any, str]]) -> dict[str, Any]:
    """The options that were typed, as the server calls them."""
    given = dict(options.more)
    for name in names:
        key = name.replace("-", "_")
        value = getattr(options, key)
        if value is not None:
            given[key] = value
    return given
