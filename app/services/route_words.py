"""How a sync task reads to a person: how it stands, what came of it, what it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.clock import clock_time, from_ms
from app.core.types import ConnectionGate, Route, SyncTask
from app.core.words import Said
from app.models.orders import LOOKED_AT
from app.services.gatekeeping import is_paused, rest_s
from app.services.wording import Wordsmith


class TaskState(StrEnum):
    """How a sync task stands."""

    RUNNING = "running"  # it reads now
    WAITING = "waiting"  # until its next run
    PAUSED = "paused"  # by a person, itself or its connection
    HELD = "held"  # its connection is stopped or cannot be reached
    FAILED = "failed"  # the last run was broken off; it is tried again


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is, in records. `left` None: nobody knows how many are to come."""

    done: int
    left: int | None


@dataclass(frozen=True, slots=True)
class Stand:
    """How a task stands, in words. `who` must act; empty: nobody, or nothing is to be done."""

    state: TaskState
    text: str
    hint: str = ""
    who: str = ""


_RESULTS = {
    "new": "{count} new",
    "changed": "{count} changed",
    "skipped": "{count} skipped",
    "failed": "{count} not readable",
}


def standing(task: SyncTask, gate: ConnectionGate, now: int, words: Wordsmith) -> Stand:
    """How it stands at that moment (ms)."""
    text = words.text
    own = ConnectionGate(paused_at=task.paused_at, paused_until=task.paused_until)
    if is_paused(own, now) or is_paused(gate, now):
        until = own.paused_until if is_paused(own, now) else gate.paused_until
        if until is None:
            return Stand(TaskState.PAUSED, text("Paused until it is resumed"))
        return Stand(TaskState.PAUSED, text("Paused until {until}", until=clock_time(until)))
    if gate.is_blocked:
        said = words.block(gate)
        why = text("Blocked: {why}", why=said.summary)
        return Stand(TaskState.HELD, why, said.hint, said.who)
    if task.running_since is not None:
        return Stand(TaskState.RUNNING, _progress_text(task, words))
    if task.result_code:
        said = words.say(task.result_code, task.result_params)
        since = clock_time(task.failing_since or now)
        why = text("Broken off since {since}: {why}", since=since, why=said.summary)
        state = TaskState.HELD if rest_s(gate, now) else TaskState.FAILED
        return Stand(state, why, said.hint, said.who)
    if task.finished_at is None:
        return Stand(TaskState.WAITING, text("It has not run yet"))
    return Stand(TaskState.WAITING, result_text(task, words))


def progress_of(task: SyncTask) -> Progress | None:
    """How far the reading is that is under way; None: none is."""
    if task.running_since is None:
        return None
    if _reads_again(task):
        return Progress(task.again_counts.get(LOOKED_AT, 0), task.again_left)
    return Progress(_orders_of(task.cycle_counts), task.left)


def result_text(task: SyncTask, words: Wordsmith) -> str:
    """What came of the last whole reading: "12 new, 3 changed, 2 skipped"."""
    counts = task.counts
    parts = [
        words.text(_RESULTS[name], count=counts[name]) for name in _RESULTS if counts.get(name)
    ]
    return ", ".join(parts) or words.text("Nothing new")


def reads_text(route: Route, words: Wordsmith) -> str:
    """What of its source a route reads."""
    settings, text = route.settings, words.text
    since = text("changed since {day}", day=day_text(int(settings.get("start_at") or 0)))
    stores = str(settings.get("stores") or "").split(",")
    parts = [since]
    if len(stores) > 1:
        parts.append(text("of the store views {stores}", stores=", ".join(stores)))
    elif stores[0]:
        parts.append(text("of the store view {store}", store=stores[0]))
    parts.append(
        text("with delivery addresses")
        if settings.get("with_address")
        else text("without delivery addresses")
    )
    return text("Orders {what}", what=", ".join(parts))


def warning(task: SyncTask, words: Wordsmith) -> Said | None:
    """Something besides how it stands; None: nothing."""
    if task.over_since is not None:
        return words.say("sync_over", {"since": clock_time(task.over_since)})
    if task.advice_code:
        return words.say(task.advice_code, task.advice_params)
    return None


def day_text(moment_ms: int) -> str:
    """The day of a moment here, as 2026-11-21."""
    return from_ms(moment_ms).astimezone().date().isoformat()


def _progress_text(task: SyncTask, words: Wordsmith) -> str:
    progress = progress_of(task) or Progress(0, None)
    done, left = progress.done, progress.left
    if _reads_again(task):
        day = day_text(task.again_from or 0)
        if left is None:
            return words.text("Reading again since {day}: {done} orders so far", day=day, done=done)
        return words.text(
            "Reading again since {day}: {done} orders, {left} to come",
            day=day, done=done, left=left,
        )  # fmt: skip
    if left is None:
        return words.text("Reading: {done} orders so far", done=done)
    return words.text("Reading: {done} orders, {left} to come", done=done, left=left)


def _reads_again(task: SyncTask) -> bool:
    """What is new was read in this run; now what a person wanted once more."""
    return task.again_from is not None and task.cycle_since is None


def _orders_of(counts: Mapping[str, int]) -> int:
    return counts.get("new", 0) + counts.get("changed", 0)
