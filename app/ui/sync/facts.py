"""What the card of a sync task says, as plain data; nothing of Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.clock import clock_time
from app.services.gatekeeping import left_s
from app.services.routes import ORDERS, Progress, TaskState
from app.ui import times
from app.ui.connections.facts import FRESH_MS, Lamp, ago, left
from app.ui.sync.seen import SeenTask
from app.ui.sync.typed import mode_title

_NOBODY_READS = "When Backhaul runs again"


class Mend(StrEnum):
    """What the button in the box of a card does."""

    NOTHING = ""  # there is none
    MODE = "mode"  # take the mode that the warning speaks for
    CONNECTION = "connection"  # show the connection that is stopped
    TRY = "try"  # run once more, at once


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One card. `line`: the state after its word; `left`: what is left of a pause with an end;
    `why`, `hint` and `who`: of a failure, or else of a warning. `skipped`: of the last reading.

    `progress`: what is read now; its words are `progress_text`.
    """

    seen: SeenTask
    lamp: Lamp
    word: str
    line: str
    left: str
    why: str
    hint: str
    who: str
    is_failure: bool
    mend: Mend
    mend_text: str
    last_run: str
    result: str
    skipped: int
    next_run: str
    progress: Progress | None
    progress_text: str

    @property
    def id(self) -> int:
        """The number of its route."""
        return self.seen.one.task.route.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.seen.one.name

    @property
    def is_running(self) -> bool:
        """True while it reads."""
        return self.seen.one.state is TaskState.RUNNING

    @property
    def is_paused(self) -> bool:
        """True while a person's pause of this task holds."""
        return self.seen.one.pauses_itself

    @property
    def reads_orders(self) -> bool:
        """True for orders, which can be fetched from a date or by their number."""
        return self.seen.one.task.route.purpose == ORDERS

    @property
    def reads_again(self) -> bool:
        """True until everything a person wanted once more was read."""
        return self.seen.one.task.again_from is not None


def facts(seen: SeenTask, now: int, *, is_read: bool = True) -> TaskFacts:
    """What a card shows at a moment (ms). `is_read`: an engine runs that reads it."""
    one, task = seen.one, seen.one.task
    lamp, word, line = _state(seen, now)
    why, hint, who = _trouble(seen)
    is_failure = bool(why)
    mend, mend_text = _mend(seen)
    if not is_failure:
        why, hint = one.warning, one.warning_hint
    return TaskFacts(
        seen=seen,
        lamp=lamp,
        word=word,
        line=line,
        left=_left_of_pause(seen, now),
        why=why,
        hint=hint,
        who=who,
        is_failure=is_failure,
        mend=mend,
        mend_text=mend_text,
        last_run=ago(task.ran_at, now) if task.ran_at is not None else "Never",
        result=_result(seen),
        skipped=task.counts.get("skipped", 0),
        next_run=_next_run(seen, now) if is_read else _NOBODY_READS,
        progress=one.progress,
        progress_text=one.text if one.state is TaskState.RUNNING else "",
    )


def _state(seen: SeenTask, now: int) -> tuple[Lamp, str, str]:
    one, task = seen.one, seen.one.task
    match one.state:
        case TaskState.RUNNING:
            word = "Reading" if task.route.purpose == ORDERS else "Working"
            return _seen_working(seen, now), word, ""
        case TaskState.PAUSED:
            whose = "" if one.pauses_itself else "with its connection, "
            _, _, until = one.text.partition(" ")
            return Lamp.PAUSED, "Paused", f"{whose}{until}"
        case TaskState.HELD if seen.is_blocked:
            return Lamp.RED, "Stopped", "with its connection"
        case TaskState.HELD | TaskState.FAILED:
            since = clock_time(task.failing_since or now)
            if one.is_for_person:
                return Lamp.RED, "Needs you", f"since {since}"
            word = "Not reachable" if one.state is TaskState.HELD else "Did not get through"
            lamp = Lamp.RED if one.state is TaskState.HELD else Lamp.YELLOW
            return lamp, word, f"since {since}; Backhaul tries again by itself"
        case TaskState.WAITING if task.finished_at is None:
            return Lamp.NONE, "Not read yet", ""
    lamp = _seen_working(seen, now)
    if task.over_since is not None:
        return Lamp.YELLOW, "Starts over", ""
    if one.warning:
        return Lamp.YELLOW, "Likely the wrong mode", ""
    if lamp is Lamp.GREEN:
        return lamp, "Works", ""
    return lamp, "Quiet", "nothing was read in the last 10 minutes"


def _seen_working(seen: SeenTask, now: int) -> Lamp:
    """Nothing is green that was not seen working a short while ago."""
    task = seen.one.task
    is_fresh = task.ran_at is not None and 0 <= now - task.ran_at < FRESH_MS
    if task.result_code:
        return Lamp.RED if seen.one.is_for_person else Lamp.YELLOW
    return Lamp.GREEN if is_fresh else Lamp.NONE


def _trouble(seen: SeenTask) -> tuple[str, str, str]:
    """Why, what to do, who must act; empty: nothing is wrong."""
    one = seen.one
    if one.state not in (TaskState.HELD, TaskState.FAILED):
        return "", "", ""
    _, _, why = one.text.partition(": ")  # since when stands beside the lamp
    return why or one.text, one.hint, one.who


def _mend(seen: SeenTask) -> tuple[Mend, str]:
    one = seen.one
    if one.state is TaskState.HELD:
        return (Mend.CONNECTION, "Show the connection") if seen.is_blocked else (Mend.NOTHING, "")
    if one.state is TaskState.FAILED:
        return Mend.TRY, "Try again"
    if one.other_mode:
        return Mend.MODE, f"Change the mode to “{mode_title(one.other_mode)}”"
    return Mend.NOTHING, ""


def _result(seen: SeenTask) -> str:
    """Without what was skipped: that is a link."""
    text = seen.one.result
    skipped = seen.one.task.counts.get("skipped", 0)
    if not text:
        return "Nothing yet"
    return ", ".join(part for part in text.split(", ") if part != f"{skipped} skipped")


def _next_run(seen: SeenTask, now: int) -> str:
    one, task = seen.one, seen.one.task
    if one.state is TaskState.RUNNING:
        return f"{times.span(task.route.interval_s)} after this one"
    if one.state is TaskState.PAUSED:
        return "When it is resumed" if "until it is" in one.text else "When the pause is over"
    if one.state is TaskState.HELD:
        return "When its connection works again"
    wait = left_s(task.due_set_at, task.due_at, now)
    every = f"every {times.span(task.route.interval_s)}"
    return f"in {times.countdown(int(wait * 1000))}, {every}" if wait > 0 else "now"


def _left_of_pause(seen: SeenTask, now: int) -> str:
    until = seen.one.task.paused_until
    if not seen.one.pauses_itself or until is None:
        return ""
    return left((until - now) / 1000)


def summary(cards: Sequence[TaskFacts]) -> str:
    """The line beside the page title."""
    if not cards:
        return ""
    count = "1 task" if len(cards) == 1 else f"{len(cards)} tasks"
    running = sum(card.is_running for card in cards)
    bad = sum(card.seen.needs_you for card in cards)
    parts = [count]
    if running:
        parts.append(f"{running} reading now")
    if bad:
        parts.append(f"{bad} {'needs' if bad == 1 else 'need'} you")
    return " · ".join(parts)
