"""`status` and `log`: how everything stands, and what happened last."""

from typing import Any

from app.cli.command import Group, Options, add_json, visiting, whole
from app.cli.connections import practice_mark, status_object
from app.cli.output import block, line, show_json
from app.cli.rows import entry_object, entry_text, rows_text
from app.cli.times import ago, iso, span
from app.core.clock import clock_time
from app.core.health import LIT, Api, Lamp
from app.services.health import ABSENT, TITLES, ApiHealth, ConnectionHealth, Last
from app.services.health_words import calls_text, rate_text, time_text
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
    seen, now = program.health.look(), program.clock.now_ms()
    found = [(one.status, program.health.view(one, now)) for one in seen]
    if options.json:
        running: dict[str, Any] = {"engine_running": pid is not None, "engine_pid": pid or None}
        show_json(
            {**status_object(one), **running, **health_object(health)} for one, health in found
        )
        return 0
    if program.retirement.since() is None:
        line(_engine_text(pid))
    else:
        line("This computer was retired: nothing is sent from here any more")
    if not found:
        line("No system is connected yet. Connect one: backhaul connection add --list")
    for one, health in found:
        _show(one, health, now)
    return 0


def _engine_text(pid: int | None) -> str:
    if pid is None:
        return "Nothing is running to send the queue. Start it with: backhaul run"
    return f"Backhaul is running (process {pid or 'unknown'})"


def _show(one: ConnectionStatus, health: ConnectionHealth, now: int) -> None:
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
    for api in LIT:
        if api in health.apis:
            _show_light(health.apis[api], now)
        else:
            line(f"  {TITLES[api]}: {ABSENT[api][:1].lower()}{ABSENT[api][1:]}")
    done = health.activity
    line("  Most recent")
    for name, last in (
        ("Shipment in", done.taken_in),
        ("Write-back out", done.written),
        ("Order in", done.order_read if Api.ORDERS in health.apis else None),
        ("Product out", done.product_sent if Api.PRODUCTS in health.apis else None),
    ):
        if last is not None:
            line(f"    {name}: {last.ref}, {ago(last.at, now)}")
    if not any((done.taken_in, done.written, done.order_read, done.product_sent)):
        line("    Nothing yet")


def _show_light(one: ApiHealth, now: int) -> None:
    """A light in words, and the section behind it."""
    lamp = "no light" if one.lamp is Lamp.NONE else one.lamp.value
    line(f"  {TITLES[one.api]}: {lamp}. {one.text}")
    error, figures = one.last_error, one.figures
    over = ", calls were answered since" if error and error.is_over else ""
    pairs = (
        ("What to do", f"{one.hint} ({one.who})" if one.who else one.hint),
        ("Last hour", calls_text(figures)),
        ("Error rate", rate_text(figures) if figures.calls else ""),
        ("Usual time", time_text(figures.median_ms) if figures.answered else ""),
        ("Last success", ago(one.last_ok, now) if one.last_ok else ""),
        ("Last error", f"{ago(error.at, now)}, {error.said.summary}{over}" if error else ""),
    )
    for name, value in pairs:
        if value:
            line(f"    {name:<12}  {value}")


def health_object(one: ConnectionHealth) -> dict[str, Any]:
    """The lights of a connection for programs; an API that it does not have is null."""
    done = one.activity
    return {
        "light": one.lamp.value,
        "lights": {
            api.value: _light_object(one.apis[api]) if api in one.apis else None for api in LIT
        },
        "activity": {
            "shipment_in": _last_object(done.taken_in),
            "write_back_out": _last_object(done.written),
            "order_in": _last_object(done.order_read),
            "product_out": _last_object(done.product_sent),
        },
    }


def _light_object(one: ApiHealth) -> dict[str, Any]:
    figures, error = one.figures, one.last_error
    return {
        "light": one.lamp.value,
        "word": one.word,
        "text": one.text,
        "hint": one.hint,
        "who": one.who,
        "calls": figures.calls,
        "ok": figures.ok,
        "refused": figures.refused,
        "failed": figures.failed,
        "not_reached": figures.network,
        "error_rate": round(figures.error_rate, 4) if figures.answered else None,
        "median_ms": None if figures.median_ms is None else round(figures.median_ms),
        "last_success": iso(one.last_ok),
        "last_error": error
        and {
            "at": iso(error.at),
            "text": error.said.summary,
            "hint": error.said.hint,
            "is_over": error.is_over,
        },
    }


def _last_object(last: Last | None) -> dict[str, Any] | None:
    return {"ref": last.ref, "at": iso(last.at)} if last else None


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
