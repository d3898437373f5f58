"""`queue list|groups|show|copy`: what waits, what happened, and the text behind "copy details"."""

from argparse import ArgumentParser
from typing import Any

from app.cli import queue_acts
from app.cli.command import Group, Options, add_json, visiting, whole
from app.cli.output import line, raw, show_json, table
from app.cli.rows import (
    MOST_ROWS,
    TITLES,
    entry_object,
    live_rows,
    row_cells,
    row_object,
    show_row,
)
from app.cli.times import ago
from app.core.states import LIVE, JobState
from app.services.grouping import Group as Cause
from app.services.grouping import grouped
from app.services.program import Program
from app.services.wording import Phase

_ALL = tuple(sorted(LIVE))
STATES: dict[str, tuple[tuple[JobState, ...], Phase | None]] = {
    "all": (_ALL, None),
    "waiting": ((JobState.PENDING,), Phase.WAITING),
    "retrying": ((JobState.PENDING,), Phase.RETRYING),
    "sending": ((JobState.IN_FLIGHT, JobState.IN_DOUBT), Phase.SENDING),
    "needs-you": (_ALL, Phase.NEEDS_YOU),
    "parked": ((JobState.PARKED,), None),
    "done": ((JobState.SUCCEEDED,), None),
    "bin": ((JobState.DISCARDED,), None),
}
"""The words of --state: which rows to read, and which of them to show. "all" is what is live."""


def add_to(top: Group) -> None:
    """Add the commands."""
    queue = top.group("queue", "show the queue and act on its rows")
    parser = queue.add("list", visiting(show_list), "list the rows that are not settled")
    parser.add_argument("--state", choices=STATES, default="all", help="all: what is not settled")
    parser.add_argument("--connection", metavar="NAME")
    parser.add_argument("--limit", type=whole(1), default=1000, metavar="N", help="newest N rows")
    add_json(parser)
    parser = queue.add("groups", visiting(show_groups), "list what waits, by cause")
    parser.add_argument("--connection", metavar="NAME")
    add_json(parser)
    parser = queue.add("show", visiting(show), "show one row with its proof and history")
    add_row(parser)
    add_json(parser)
    parser = queue.add("copy", visiting(copy), "print the details of a row for a support mail")
    add_row(parser)
    parser.add_argument("--with-diagnosis", action="store_true", help="and how it stands")
    queue_acts.add_to(queue)


def add_row(parser: ArgumentParser) -> None:
    """The argument that names one row."""
    parser.add_argument("row", metavar="ROW", help=queue_acts.ROW_HELP)


def show_list(options: Options, program: Program) -> int:
    """`queue list`."""
    states, phase = STATES[options.state]
    wanted = _connection_id(options, program)
    most = options.limit + 1 if phase is None else MOST_ROWS
    rows = program.queue.rows(states, connection_id=wanted, limit=most)
    found = [row for row in rows if phase in (None, row.wording.phase)]
    shown = found[: options.limit]
    if options.json:
        show_json(map(row_object, shown))
        return 0
    now = program.clock.now_ms()
    table(TITLES, [row_cells(row, now) for row in shown], _empty(options, program), fold=4)
    if len(found) > len(shown):
        line(f"These are the newest {len(shown)}; more with --limit {10 * options.limit}")
    return 0


def show_groups(options: Options, program: Program) -> int:
    """`queue groups`."""
    groups = grouped(live_rows(program, _connection_id(options, program)))
    if options.json:
        show_json(map(_group_object, groups))
        return 0
    now = program.clock.now_ms()
    cells = [
        (
            str(group.number),
            str(len(group.rows)),
            group.oldest.connection,
            group.oldest.wording.text,
            ago(group.oldest.job.created_at, now),
        )
        for group in groups
    ]
    table(
        ("Group", "Rows", "Connection", "State of the oldest", "Entered"),
        cells,
        "Nothing waits",
        fold=3,
    )
    return 0


def _group_object(group: Cause) -> dict[str, Any]:
    """One group for programs; keys are only ever added."""
    oldest = group.oldest
    return {
        "group": group.number,
        "connection": oldest.connection,
        "phase": oldest.wording.phase.value,
        "cause": oldest.job.reason_code,
        "text": oldest.wording.text,
        "hint": oldest.wording.hint,
        "count": len(group.rows),
        "rows": [row.job.id for row in group.rows],
    }


def show(options: Options, program: Program) -> int:
    """`queue show`."""
    row = program.queue.one(options.row)
    if not options.json:
        show_row(row, program)
        return 0
    history = [
        entry_object(entry, text, row.connection) for entry, text in program.queue.timeline(row.job)
    ]
    origin = program.origins.of(row.job.id)
    show_json([{**row_object(row), "from": origin, "history": history}])
    return 0


def copy(options: Options, program: Program) -> int:
    """`queue copy`."""
    job = program.queue.one(options.row).job
    raw(program.queue.details(job))
    if options.with_diagnosis:
        raw(program.queue.diagnosis(job))
    return 0


def _connection_id(options: Options, program: Program) -> int | None:
    if options.connection is None:
        return None
    return program.connections.named(options.connection).id


def _empty(options: Options, program: Program) -> str:
    """What an empty list says: when the last write-back succeeded."""
    if options.state != "all":
        return "No such rows"
    last = [one.last_success for one in program.overview.all() if one.last_success]
    if not last:
        return "Nothing waits, and nothing was written back yet"
    return f"Nothing waits. The last write-back succeeded {ago(max(last), program.clock.now_ms())}"
