"""`queue retry|discard|restore|park|done|edit`: what a person does to rows."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any

from app.cli.command import Group, Options, actor, money, visiting, whole, wrong_usage
from app.cli.output import line, trouble
from app.cli.rows import live_rows, title_of
from app.cli.times import day
from app.core.errors import UsageError
from app.core.states import JobState
from app.core.tracking import checked_tracking, clean_order_ref
from app.core.types import Job
from app.services.grouping import group_numbered
from app.services.program import Program
from app.services.queue_view import Acted, QueueRow
from app.services.wording import Phase

ROW_HELP = "a row number, a copied id, an order or a tracking number"
Act = Callable[[Options, Program, Sequence[Job]], Sequence[Acted]]
_FIELDS = ("order", "tracking", "carrier", "service", "ship_date", "cost")


def add_to(queue: Group) -> None:
    """Add the acts under `queue`."""
    _add(queue, "retry", _retry, "try again now, with five new attempts", groups=True)
    _add(queue, "discard", _discard, "remove rows; they stay in the bin for 30 days", groups=True)
    _add(queue, "restore", _restore, "put removed rows back")
    _add(queue, "park", _park, "keep rows, but do not try them", groups=True)
    parser = _add(queue, "done", _done, "close rows as done by hand", groups=True)
    parser.add_argument("--reason", required=True, metavar="TEXT", help="kept in the history")
    parser = _add(queue, "edit", _edit, "correct rows and try them again")
    parser.add_argument("--order", metavar="ORDER")
    parser.add_argument("--tracking", metavar="TRACKING")
    parser.add_argument("--carrier", metavar="NAME")
    parser.add_argument("--service", metavar="NAME")
    parser.add_argument("--ship-date", type=day, metavar="YYYY-MM-DD")
    parser.add_argument("--cost", type=money, metavar="12.50")


def _add(
    queue: Group, name: str, act: Act, help_text: str, *, groups: bool = False
) -> ArgumentParser:
    def run(options: Options, program: Program) -> int:
        rows = _chosen(options, program)
        return _tell(name, rows, act(options, program, [row.job for row in rows]), program)

    parser = queue.add(name, visiting(run), help_text)
    parser.add_argument("rows", metavar="ROW", nargs="*" if groups else "+", help=ROW_HELP)
    parser.set_defaults(group=None)
    if groups:
        parser.add_argument(
            "--group", type=whole(1), metavar="N",
            help="every row of that group (see: backhaul queue groups)",
        )  # fmt: skip
    return parser


def _chosen(options: Options, program: Program) -> list[QueueRow]:
    """The rows that were named, each once; one that is unknown stops all of it."""
    if bool(options.rows) == (options.group is not None):
        wrong_usage(options, "name rows, or a group with --group")
    if options.group is not None:
        return list(group_numbered(live_rows(program), options.group).rows)
    found = [program.queue.one(text) for text in options.rows]
    return list({row.job.id: row for row in found}.values())


def _retry(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    return program.queue.retry(jobs, actor())


def _discard(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    return program.queue.discard(jobs, actor())


def _restore(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    return program.queue.restore(jobs, actor())


def _park(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    return program.queue.park(jobs, actor())


def _done(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    reason = options.reason.strip()
    if not reason:
        wrong_usage(options, "--reason: say in a few words how it was done")
    return program.queue.done(jobs, reason, actor())


def _edit(options: Options, program: Program, jobs: Sequence[Job]) -> Sequence[Acted]:
    changes = _changes(options)
    if not changes:
        wrong_usage(options, "say what to change: --" + " --".join(_FIELDS).replace("_", "-"))
    if len(jobs) > 1 and {"order_ref", "tracking"} & set(changes):
        wrong_usage(options, "an order or tracking number is for one row only")
    return [program.queue.edit(job, changes, actor()) for job in jobs]


def _changes(options: Options) -> dict[str, Any]:
    """Fields of a shipment as they shall be; what was not given stays."""
    given = {name: getattr(options, name) for name in _FIELDS if getattr(options, name) is not None}
    if "tracking" in given:
        given["tracking"] = checked_tracking(given["tracking"])
    if "order" in given:
        given["order_ref"] = clean_order_ref(given.pop("order"))
        if not given["order_ref"]:
            raise UsageError("order_empty")
    return given


_DONE = {
    "retry": "set to be tried again",
    "discard": "removed; for 30 days it comes back with: backhaul queue restore {row}",
    "restore": "put back",
    "park": "parked; it goes on with: backhaul queue retry {row}",
    "done": "closed as done by hand",
    "edit": "corrected, set to be tried again",
}
_REMOVING = "is being sent now; removed when the answer is in, unless it went through"


def _tell(name: str, rows: Sequence[QueueRow], acted: Sequence[Acted], program: Program) -> int:
    """What became of each row; 1 when any was left alone."""
    before = {row.job.id: row for row in rows}
    failed = 0
    for act in acted:
        row = before[act.job_id]
        if act.error is not None:
            failed = 1
            said = program.wordsmith.say(act.error.code, act.error.params)
            trouble(f"{title_of(row)}: not done. {said.summary}. {said.hint}".rstrip())
        else:
            after = program.queue.one(f"row:{act.job_id}")
            line(f"{title_of(after)}: {_became(name, act, after)}")
    return failed


def _became(name: str, act: Acted, after: QueueRow) -> str:
    if name == "discard" and act.state is not JobState.DISCARDED:
        return _REMOVING
    text = _DONE[name].format(row=act.job_id)
    stuck = act.state is JobState.PENDING and after.wording.phase is Phase.NEEDS_YOU
    return f"{text}. {after.wording.text}. {after.wording.hint}".rstrip() if stuck else text
