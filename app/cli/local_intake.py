"""`local-intake on|off|status|key|new-key`: shipments that other programs hand in over HTTP."""

from typing import Any

from app.cli.command import Group, Options, actor, add_json, visiting, whole
from app.cli.output import block, line, raw, show_json, trouble
from app.cli.times import ago, iso
from app.services.local_intake import LocalIntakeStatus
from app.services.program import Program

_MORE = "How to call it, with examples: docs/local-intake.md."


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group(
        "local-intake", "shipments that other programs on this computer hand in", visiting(status)
    )
    parser = group.add("on", visiting(on), "let other programs hand in shipments", _MORE)
    parser.add_argument("--port", type=whole(1), metavar="N", help="where it listens (8765)")
    group.add("off", visiting(off), "let no program hand in shipments any more")
    parser = group.add("status", visiting(status), "show whether it is on, its address and counts")
    add_json(parser)
    group.add("key", visiting(key), "show the key that other programs must send")
    group.add("new-key", visiting(new_key), "make another key; the old one ends at once")


def on(options: Options, program: Program) -> int:
    """`local-intake on`."""
    program.retirement.require_in_use()
    made = program.local_intake.switch(True, options.port, actor())
    found = program.local_intake.status()
    line(f"Switched on at {found.address}")
    if made:
        line(f"The key for the other program: {made}")
        line("Show it again with: backhaul local-intake key")
    if found.trouble:
        line(f"{found.text}. {found.hint}")
    return 0


def off(options: Options, program: Program) -> int:
    """`local-intake off`."""
    program.local_intake.switch(False, None, actor())
    line("Switched off. The key stays for the next time")
    return 0


def status(options: Options, program: Program) -> int:
    """`local-intake status`."""
    found = program.local_intake.status()
    if getattr(options, "json", False):
        show_json([status_object(found)])
        return 0
    line(found.text)
    now = program.clock.now_ms()
    last = ago(found.last_at, now) if found.last_at else "none yet"
    block(
        (
            ("What to do", found.hint),
            ("Address", found.address),
            ("Last call", last if found.is_on or found.last_at else ""),
            ("Records taken in", f"{found.accepted:,}"),
            ("Calls refused", f"{found.refused:,}" if found.refused else ""),
        )
    )
    return 0


def status_object(found: LocalIntakeStatus) -> dict[str, Any]:
    """How it stands, for programs; keys are only ever added."""
    return {
        "is_on": found.is_on,
        "is_serving": found.is_serving,
        "port": found.port,
        "address": found.address,
        "text": found.text,
        "hint": found.hint,
        "trouble": found.trouble,
        "since": iso(found.since),
        "last_at": iso(found.last_at),
        "accepted": found.accepted,
        "refused": found.refused,
    }


def key(options: Options, program: Program) -> int:
    """`local-intake key`: nothing but the key, so that a script can use it."""
    raw(program.local_intake.key())
    return 0


def new_key(options: Options, program: Program) -> int:
    """`local-intake new-key`."""
    made = program.local_intake.new_key(actor())
    raw(made)
    trouble("The old key is refused from now on: put this one into the other program")
    return 0
