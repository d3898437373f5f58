"""What a person is told about each cause: title, why, what to do, and that it is over."""

from dataclasses import dataclass

from app.core.clock import clock_time
from app.core.types import ORDER_POST, ConnectionGate, Job
from app.services.wording import Wordsmith


@dataclass(frozen=True, slots=True)
class Story:
    """One cause in words. `over_title` empty: nothing is said when it ends."""

    title: str
    why: str
    hint: str = ""
    lead: str = ""
    over_title: str = ""
    over_text: str = ""

    @property
    def text(self) -> str:
        """What it is about, why, and what to do, as sentences."""
        return " ".join(_sentence(part) for part in (self.lead, self.why, self.hint) if part)


def need_you(words: Wordsmith, name: str, noun: str, count: int, job: Job | None) -> Story:
    """Rows that only a person can settle; `job` is the one of them that is quoted."""
    said = words.reason(job) if job else None
    why, hint = (said.summary, said.hint) if said else ("", "")
    order = job.order_ref if job else "?"
    if count == 1:
        title = words.text("{name}: {noun} {order} needs you", name=name, noun=noun, order=order)
        return Story(title, why, hint)
    all_written_back = job is None or job.kind == ORDER_POST
    title = words.text(
        "{name}: {count} write-backs need you"
        if all_written_back
        else "{name}: {count} rows need you",
        name=name,
        count=count,
    )
    lead = words.text("{noun} {order} and {more} more", noun=noun, order=order, more=count - 1)
    return Story(title, why, hint, _capital(lead))


def blocked(words: Wordsmith, name: str, gate: ConnectionGate, count: int) -> Story:
    """The connection stands still until a person acts."""
    said = words.block(gate)
    since = clock_time(gate.block_since or 0)
    return Story(
        words.text("{name} is stopped", name=name),
        said.summary,
        _joined(said.hint, _wait(words, count)),
        over_title=words.text("{name} works again", name=name),
        over_text=words.text(
            "It stood still from {since} until now. What waited is being sent.", since=since
        ),
    )


def unreachable(words: Wordsmith, name: str, since_ms: int, count: int) -> Story:
    """The system does not answer."""
    since = clock_time(since_ms)
    if count:
        hint = words.text(
            "{waiting} and go out by themselves as soon as it answers."
            if count > 1
            else "{waiting} and goes out by itself as soon as it answers.",
            waiting=_wait(words, count).rstrip("."),
        )
    else:
        hint = ""
    check = words.text("Check that it is switched on and that this computer is on the network.")
    return Story(
        words.text("{name} is not reachable", name=name),
        words.text("No answer since {since}", since=since),
        _joined(hint, check),
        over_title=words.text("{name} works again", name=name),
        over_text=words.text(
            "It was out of reach from {since} until now. What waited is being sent.", since=since
        ),
    )


def backlog(words: Wordsmith, name: str, count: int, oldest_ms: int, why: str) -> Story:
    """The queue grows instead of draining."""
    return Story(
        words.text("{name}: the queue is not draining", name=name),
        words.text(
            "{count} write-backs wait, the oldest since {since}; most of them: {why}",
            count=count,
            since=clock_time(oldest_ms),
            why=why,
        ),
        over_title=words.text("{name}: the queue drains again", name=name),
    )


def late(
    words: Wordsmith, name: str, noun: str, count: int, since_ms: int, job: Job | None
) -> Story:
    """Rows that have waited for one reason for longer than usual."""
    said = words.reason(job) if job else None
    since = clock_time(since_ms)
    order = job.order_ref if job else "?"
    if count == 1:
        title = words.text(
            "{name}: {noun} {order} has waited since {since}",
            name=name,
            noun=noun,
            order=order,
            since=since,
        )
    else:
        title = words.text(
            "{name}: {count} write-backs have waited since {since}",
            name=name,
            count=count,
            since=since,
        )
    return Story(title, said.summary if said else "", said.hint if said else "")


def local_intake(words: Wordsmith, why: str, hint: str) -> Story:
    """Other programs cannot hand in shipments."""
    return Story(
        words.text("Other programs cannot hand in shipments"),
        why,
        hint,
        over_title=words.text("Other programs can hand in shipments again"),
        over_text=words.text("What they could not hand in they must send again."),
    )


def storage(words: Wordsmith, code: str, path: str) -> Story:
    """The data file cannot be written."""
    said = words.say(code, {"path": path, "reason": "?"})
    return Story(
        words.text("Backhaul sends nothing now"),
        said.summary,
        said.hint,
        over_title=words.text("Backhaul goes on"),
        over_text=words.text("The data file can be written again."),
    )


def _wait(words: Wordsmith, count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return words.text("1 write-back waits.")
    return words.text("{count} write-backs wait.", count=count)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."
