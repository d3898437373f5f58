"""`sync list|now|pause|resume`: how far the sources were read, and reading them now."""

import threading
from typing import Any

from app.cli.command import Group, Options, Start, actor, add_json, visiting, whole
from app.cli.output import block, line, progress, show_json, table, trouble
from app.cli.routes import route_object
from app.cli.times import ago, day, day_began, duration, in_time, iso
from app.services.program import Program
from app.services.routes import TaskInWords, TaskState

TITLES = ("Route", "What", "State", "Last run", "Next run")
_LOOK_S = 0.1
_WAIT_S = 600


def add_to(top: Group) -> None:
    """Add the commands."""
    group = top.group("sync", "how far the sources were read, and reading them now")
    add_json(group.add("list", visiting(show_list), "list the sync tasks with their results"))
    parser = group.add("now", now, "read a source now")
    _add_route(parser)
    anew = parser.add_mutually_exclusive_group()
    anew.add_argument(
        "--since", type=day, metavar="DATE", help="also read again everything saved since that day"
    )
    anew.add_argument(
        "--again", action="store_true", help="the same, since the start date of the route"
    )
    parser.add_argument(
        "--wait", nargs="?", type=whole(1), const=_WAIT_S, metavar="SECONDS",
        help="see it through, reading here if nothing else runs",
    )  # fmt: skip
    add_json(parser)
    parser = group.add("pause", visiting(pause), "read a source no more until resumed")
    _add_route(parser)
    parser.add_argument("--for", dest="length", type=duration, metavar="TIME", help="30m, 1h")
    _add_route(group.add("resume", visiting(resume), "read it again at its interval"))


def _add_route(parser: Any) -> None:
    parser.add_argument("route", metavar="ROUTE", nargs="?", help="number or connection")


def show_list(options: Options, program: Program) -> int:
    """`sync list`."""
    found = program.routes.all()
    if options.json:
        show_json(map(task_object, found))
        return 0
    now_ms = program.clock.now_ms()
    cells = [
        (str(one.task.route.id), one.name, one.text,
         ago(one.task.ran_at, now_ms) if one.task.ran_at else "never", _next(one, now_ms))
        for one in found
    ]  # fmt: skip
    table(TITLES, cells, "No route yet. Add one: backhaul route add orders CONNECTION", fold=2)
    for one in found:
        _tell_more(one)
    return 0


def _tell_more(one: TaskInWords) -> None:
    for text, hint in ((one.warning, one.warning_hint), (one.text, one.hint)):
        if text and hint:
            line(f"{one.name}: {text}")
            block((("What to do", hint),))


def _next(one: TaskInWords, now_ms: int) -> str:
    if one.state in (TaskState.PAUSED, TaskState.RUNNING):
        return ""
    return in_time(max(0, one.task.due_at - now_ms) / 1000)


def task_object(one: TaskInWords) -> dict[str, Any]:
    """One sync task for programs; keys are only ever added."""
    task = one.task
    return {
        **route_object(one),
        "state": one.state.value,
        "text": one.text,
        "hint": one.hint,
        "warning": one.warning,
        "running_since": iso(task.running_since),
        "unfinished_since": iso(task.cycle_since),
        "starts_over_since": iso(task.over_since),
        "reads_again_from": iso(task.again_from),
        "left": task.left,
        "last_run": iso(task.ran_at),
        "result": task.result_code,
        "failing_since": iso(task.failing_since),
        "last_whole_run": iso(task.finished_at),
        "counts": dict(task.counts),
        "next_run": iso(task.due_at),
    }


def now(options: Options, start: Start) -> int:
    """`sync now`; with --wait 1 when the run was broken off or has not ended in time."""
    with start.visit() as program:
        program.retirement.require_in_use()
        before = program.routes.named(options.route)
        route_id = before.task.route.id
        _ask(options, program, before)
        if options.wait is None:
            return _tell_asked(options, program, route_id)
        if not program.ownership.is_free():
            return _follow(options, program, before)
    with start.working() as program:
        return _follow(options, program, before)


def _ask(options: Options, program: Program, one: TaskInWords) -> None:
    """What runs already is not asked for once more: it takes what is new with it."""
    route_id = one.task.route.id
    if options.since is not None:
        began = day_began(options.since, program.clock.now_ms())
        program.routes.fetch_from(route_id, began, actor())
    elif options.again:
        program.routes.fetch_from(route_id, None, actor())
    elif one.state is not TaskState.RUNNING or program.ownership.is_free():
        program.routes.run_now(route_id, actor())


def _tell_asked(options: Options, program: Program, route_id: int) -> int:
    one = program.routes.one(route_id)
    if options.json:
        show_json([task_object(one)])
        return 0
    is_running = one.state is TaskState.RUNNING
    line(f"{one.name}: {'it is running' if is_running else 'asked for'}")
    if program.ownership.is_free():
        line("Nothing is running to read it. Start it with: backhaul run (or add --wait)")
    return 0


def _follow(options: Options, program: Program, before: TaskInWords) -> int:
    """Watch the task until a run has ended that began after it was asked for."""
    clock, never = program.clock, threading.Event()
    ends = clock.monotonic() + options.wait
    while True:
        one = program.routes.one(before.task.route.id)
        task = one.task
        has_run = task.ran_at != before.task.ran_at and task.running_since is None
        has_run = has_run and (task.again_from is None or bool(task.result_code))
        has_run = has_run and one.progress is None  # products are on their way after the reading
        is_stuck = one.state is TaskState.PAUSED or (
            one.state is TaskState.HELD and one.task.running_since is None
        )
        if has_run or is_stuck or clock.monotonic() >= ends:
            break
        if one.state is TaskState.RUNNING and not options.json:
            progress(f"{one.name}: {one.text}")
        clock.wait(never, _LOOK_S)
    progress("")
    return _tell_outcome(options, one, is_done=has_run and not one.task.result_code)


def _tell_outcome(options: Options, one: TaskInWords, *, is_done: bool) -> int:
    if options.json:
        show_json([task_object(one)])
    elif is_done:
        line(f"{one.name}: {one.text}")
        if one.warning:
            line(f"  {one.warning}. {one.warning_hint}".rstrip(". "))
    if not is_done:
        trouble(f"{one.name}: {one.text}. {one.hint}".rstrip())
        return 1
    return 0


def pause(options: Options, program: Program) -> int:
    """`sync pause`."""
    one = program.routes.named(options.route)
    program.routes.pause(one.task.route.id, options.length, actor())
    after = program.routes.one(one.task.route.id)
    line(f"{one.name}: {after.text[:1].lower()}{after.text[1:]}")
    return 0


def resume(options: Options, program: Program) -> int:
    """`sync resume`."""
    one = program.routes.named(options.route)
    program.routes.resume(one.task.route.id, actor())
    line(f"{one.name}: goes on")
    return 0
