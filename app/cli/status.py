"""`status` and `log`: how everything stands, and what happened last."""

from typing import Any

from app.cli.command import Group, Options, add_json, visiting, whole
from app.cli.connections import practice_mark, status_object
from app.cli.output import block, line, show_json
from app.cli.rows import entry_object, entry_text, rows_text
from app.cli.times import span
from app.core.clock import clock_time
from app.services.overview import ConnectionStatus
from app.services.program import Program


def add_to(top: Group) -> None:
    """Add the commands."""
    add_json(top.add("status", visiting(status), "show how every connection stands"))
    parser = top.add("log", visiting(log), "show what happened last, oldest first")
    parser.add_argument("--limit", type=whole(1), default=50, metavar="N", help="the last N")
    add_json(parser)


def status(options: Options, program: Program) -> int:
    """`status`."""
    pid = None if program.ownership.is_free() else program.ownership.owner_pid() or 0
    found = program.overview.all()
    if options.json:
        running: dict[str, Any] = {"engine_running": pid is not None, "engine_pid": pid or None}
        show_json({**status_object(one), **running} for one in found)
        return 0
    if program.retirement.since() is None:
        line(_engine_text(pid))
    else:
        line("This computer was retired: nothing is sent from here any more")
    if not found:
        line("No system is connected yet. Connect one: backhaul connection add --list")
    for one in found:
        _show(one)
    return 0


def _engine_text(pid: int | None) -> str:
    if pid is None:
        return "Nothing is running to send the queue. Start it with: backhaul run"
    return f"Backhaul is running (process {pid or 'unknown'})"


def _show(one: ConnectionStatus) -> None:
    line(f"{one.connection.name}{practice_mark(one.connection)}: {one.text}")
    oldest = "" if one.oldest_s is None else f", the oldest for {span(one.oldest_s)}"
    block(
        (
            ("What to do", one.hint),
            ("Waiting", f"{rows_text(one.waiting)}{oldest}" if one.waiting else ""),
            ("Needs you", rows_text(one.needs_you) if one.needs_you else ""),
            ("Backlog", one.backlog),
        )
    )


def log(options: Options, program: Program) -> int:
    """`log`."""
    names = program.connections.names()
    entries = [
        (entry, text, names.get(entry.connection_id or 0, ""))
        for entry, text in program.queue.log(options.limit)
    ]
    if options.json:
        show_json(entry_object(entry, text, name) for entry, text, name in entries)
        return 0
    for entry, text, name in entries:
        row = f"row {entry.job_id}" if entry.job_id else ""
        about = ", ".join(part for part in (row, name) if part)
        what = ": ".join(part for part in (about, entry_text(entry, text)) if part)
        line(f"{clock_time(entry.at)}  {what}")
    if not entries:
        line("Nothing happened yet")
    return 0
