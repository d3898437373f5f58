"""What a connection's card says, as plain data; nothing of Qt."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.core.clock import clock_time
from app.core.health import Api, ConnectionCalls
from app.core.health import Lamp as Lamp
from app.core.types import ConnectionGate, ConnectionInfo
from app.core.words_health import SHORT
from app.services.connection_setup import Access, LastTest
from app.services.health import is_out_of_reach, lamp_of
from app.services.overview import ConnectionStatus
from app.services.program import Program
from app.ui import times

FRESH_MS = 10 * 60_000
"""So long a test that passed is worth a word."""

_HOUR_S, _MINUTE_S, _JUST_NOW_S = 3600, 60, 5


class Mend(StrEnum):
    """What the button of a stopped connection does."""

    NOTHING = ""  # not stopped
    TRY = "try"  # lift the block: the next row is the probe
    SIGN_IN = "sign_in"  # enter the secrets again
    UNLOCK = "unlock"  # have the password store asked once more


@dataclass(frozen=True, slots=True)
class Facts:
    """One card. `line`: the state after its word; `left`: what is left of a pause with an end;
    `who` and `hint`: only when it is stopped."""

    connection: ConnectionInfo
    system: str
    lamp: Lamp
    word: str
    line: str
    left: str
    why: str
    who: str
    hint: str
    mend: Mend
    last_success: str
    waiting: int
    needs_you: int
    reads: str
    writes: str
    tested: str
    test_passed: bool | None
    has_secrets: bool
    offers_orders: bool  # it has orders, and nobody reads them

    @property
    def is_stopped(self) -> bool:
        """True while a person has to act."""
        return self.mend is not Mend.NOTHING

    @property
    def is_paused(self) -> bool:
        """True while a person's pause holds."""
        return self.lamp is Lamp.PAUSED


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of one connection; `facts` makes words of it at any later moment."""

    status: ConnectionStatus
    gate: ConnectionGate
    system: str
    access: Access
    has_secrets: bool
    tested: LastTest | None
    who: str
    labels: Mapping[str, str]  # of its settings, by name
    offers_orders: bool = False
    calls: ConnectionCalls = field(default_factory=ConnectionCalls)
    lit: frozenset[Api] = frozenset()


def look(program: Program) -> list[Seen]:
    """Read every connection; never on the thread of the window."""
    tests = program.setup.last_tests()
    free = {one.id for one in program.routes.free()}
    statuses = program.overview.all()
    calls = program.health.calls(statuses)
    return [
        replace(
            _seen(program, one, tests),
            offers_orders=one.connection.id in free,
            calls=calls[one.connection.id],
            lit=program.health.lit(one.connection),
        )
        for one in statuses
    ]


def _seen(program: Program, status: ConnectionStatus, tests: Mapping[int, LastTest]) -> Seen:
    connection = status.connection
    kind = program.connections.kind(connection)
    gate = program.connections.gate(connection.id)
    who = program.wordsmith.block(gate).who if gate.is_blocked else ""
    return Seen(
        status,
        gate,
        kind.title,
        kind.access(connection.settings),
        bool(kind.secrets) and not connection.is_practice,
        tests.get(connection.id),
        who,
        {item.name: item.label for item in kind.settings},
    )


def facts(seen: Seen, now: int) -> Facts:
    """The words of one card at a moment (ms)."""
    status = seen.status
    lamp, word, line = _state(seen, now)
    stopped = status.state == "blocked"
    code = seen.gate.block_code if stopped else ""
    return Facts(
        connection=status.connection,
        system=seen.system,
        lamp=lamp,
        word=word,
        line=line,
        left=_left_of_pause(seen, now),
        why=status.text if stopped else "",
        who=seen.who if stopped else "",
        hint=_named(_HINTS.get(code, status.hint), seen.labels) if stopped else "",
        mend=_MENDS.get(code, Mend.TRY) if stopped else Mend.NOTHING,
        last_success=ago(status.last_success, now) if status.last_success else "Nothing yet",
        waiting=status.waiting,
        needs_you=status.needs_you,
        reads=seen.access.reads,
        writes=seen.access.writes,
        tested=_tested(seen.tested, now),
        test_passed=seen.tested.passed if seen.tested else None,
        has_secrets=seen.has_secrets,
        offers_orders=seen.offers_orders,
    )


def _state(seen: Seen, now: int) -> tuple[Lamp, str, str]:
    """The lamp is that of STATUS; the words are for whoever handles connections."""
    status, gate = seen.status, seen.gate
    light = lamp_of(seen.calls, seen.lit, status.backlog, now)
    if status.state == "blocked":
        since = gate.block_since
        return Lamp.RED, "Stopped", f"since {clock_time(since)}" if since else ""
    if status.state == "paused":
        until = gate.paused_until
        if until is None:
            return Lamp.PAUSED, "Paused", "until you resume it"
        return Lamp.PAUSED, "Paused", f"until {clock_time(until)}"
    if is_out_of_reach(light):
        failing = clock_time(gate.failing_since or now)
        return light.lamp, "Not reachable", f"since {failing}; Backhaul tries again by itself"
    if light.code == "health_held":
        until_text = clock_time(gate.held_until)
        return light.lamp, "Waiting", f"until {until_text}, as the system asked"
    if status.backlog and light.lamp is Lamp.YELLOW:
        return light.lamp, "Falling behind", status.backlog
    if light.lamp in (Lamp.RED, Lamp.YELLOW):
        return light.lamp, SHORT[light.code], "STATUS says why"
    if light.lamp is Lamp.GREEN:
        return light.lamp, "Works", ""
    return light.lamp, *_unknown(seen, now, is_idle=light.is_idle)


def _unknown(seen: Seen, now: int, *, is_idle: bool) -> tuple[str, str]:
    """Nothing was seen working of late: because of what."""
    last, tested = seen.status.last_success, seen.tested
    if tested is not None and tested.passed and now - tested.at < FRESH_MS:
        return "Ready", "the test passed"
    if not is_idle:
        return "Unknown", "no answer in the last 10 minutes"
    if last is None:
        return "Not used yet", ""
    return "Quiet", "nothing was sent in the last 10 minutes"


def _named(hint: str, labels: Mapping[str, str]) -> str:
    """Settings by what stands above their fields, where the catalogue has their short names."""
    for name, label in labels.items():
        if "_" in name:
            shown = f"“{label}”".replace("\\", "\\\\")
            hint = re.sub(rf"\b{re.escape(name)}\b", shown, hint)
    return hint


def _tested(tested: LastTest | None, now: int) -> str:
    if tested is None:
        return "Never on this computer"
    when = ago(tested.at, now)
    failed = [step.title for step in tested.steps if step.passed is False]
    if tested.error_code:
        return f"Did not get through, {when}"
    if failed:
        return f"Failed {when}: {', '.join(failed)}"
    return f"Passed {when}"


def ago(moment_ms: int, now_ms: int) -> str:
    """Relative under an hour, clock time today, date before."""
    age_s = (now_ms - moment_ms) / 1000
    if 0 <= age_s < _JUST_NOW_S:
        return "just now"
    return times.ago(age_s) if 0 <= age_s < _HOUR_S else clock_time(moment_ms)


def _left_of_pause(seen: Seen, now: int) -> str:
    until = seen.gate.paused_until
    counts = seen.status.state == "paused" and until is not None
    return left((until - now) / 1000) if counts and until is not None else ""


def left(seconds: float) -> str:
    """What is left of a pause: "29:41 left", in minutes from an hour on; never 0."""
    whole = max(1, math.ceil(seconds))
    if whole >= _HOUR_S:
        return f"{times.span(math.ceil(whole / _MINUTE_S) * _MINUTE_S)} left"
    return f"{whole // _MINUTE_S}:{whole % _MINUTE_S:02} left"


def summary(cards: list[Facts]) -> str:
    """The line beside the page title."""
    if not cards:
        return ""
    stopped = sum(card.is_stopped for card in cards)
    count = "1 system connected" if len(cards) == 1 else f"{len(cards)} systems connected"
    return f"{count} · {stopped} stopped" if stopped else count


_MENDS = {
    "credentials_rejected": Mend.SIGN_IN,
    "secret_missing": Mend.SIGN_IN,
    "keyring_none": Mend.SIGN_IN,
    "keyring_plaintext": Mend.SIGN_IN,
    "keyring_locked": Mend.UNLOCK,
    "keyring_slow": Mend.UNLOCK,
    "keyring_denied": Mend.UNLOCK,
}
"""By the code of the block; every other cause is mended elsewhere and then tried."""

_HINTS = {
    "secret_missing": "Press Sign in again and enter it.",
    "credentials_rejected": "Press Sign in again and enter a valid one.",
    "keyring_locked": "Press Unlock; the desktop asks for its password.",
    "keyring_slow": "See whether it waits for you in a window of its own; it goes on when you "
    "answer there. Or press Unlock to be asked again.",
    "keyring_denied": "Allow Backhaul to read it, then press Unlock.",
    "keyring_none": "Press Sign in again to keep it until Backhaul ends, or sign in to a desktop "
    "that has a password store.",
    "keyring_plaintext": "It is not used. Press Sign in again to keep the secret until Backhaul "
    "ends.",
}
"""In the window's own words, where the catalogue names a command."""
