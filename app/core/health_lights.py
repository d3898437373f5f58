"""The rule behind the lights: from what the last calls were like to a colour and its reason.

Green is only what was seen working in the last ten minutes; an error never makes a light better.
`docs/health.md` explains the thresholds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.health import (
    LIT,
    MINUTE_MS,
    Api,
    ConnectionCalls,
    Figures,
    Lamp,
    Mark,
    Tally,
    Way,
    count,
    latest,
    within,
)
from app.core.types import Params

RECENT_MS = 10 * MINUTE_MS
"""What is older lights nothing."""

HOUR_MS = 60 * MINUTE_MS

HELD_MS = 20 * MINUTE_MS
"""A connection that is not reachable is asked again after 15 minutes at the latest: so long its
last failure still says how it stands."""

RAISED_RATE, RAISED_ERRORS, RAISED_ERRORS_HOUR = 0.05, 2, 3
"""Yellow from this share of failed calls on, if there are so many: a single one that was followed
by a good call is none."""

EXTREME_RATE, EXTREME_ERRORS = 0.5, 2
"""Red from this share of failed calls in ten minutes on, if there are so many."""

DOWN_IN_A_ROW = 3
"""Red after so many failed calls one after another, however many went well before."""

SLOW_MS, SLOW_SHARE = 3000, 0.25
"""Yellow where so many of the calls in ten minutes, good or bad, took that long or longer."""


@dataclass(frozen=True, slots=True)
class Light:
    """A colour and why, as a code of the catalogue with its parameters. Moments among them are in
    milliseconds since 1970."""

    lamp: Lamp
    code: str
    params: Params = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Unknown because there was nothing to do, not because something is wrong."""
        return self.lamp is Lamp.NONE and self.code in _IDLE


_IDLE = frozenset({
    "health_idle", "health_idle_never", "health_idle_signed_in", "health_idle_never_signed_in",
    "health_unread", "health_refusals",
})  # fmt: skip


def judge(seen: ConnectionCalls, api: Api, now_ms: int) -> Light:
    """The light of one API at a moment."""
    if seen.gate.is_blocked:
        return Light(Lamp.RED, "health_blocked", {"since": seen.gate.block_since})
    recent = within(seen.of(api).tallies, RECENT_MS, now_ms)
    if seen.gate.is_unreachable:
        gone = _out_of_reach(seen, now_ms)
        if gone is not None:
            return gone
    elif seen.gate.held_until > now_ms:
        held = Light(Lamp.YELLOW, "health_held", {"until": seen.gate.held_until})
        return _worse(_of_calls(seen, api, recent, now_ms), held) if recent else held
    if not recent:
        return _silent(seen, api, now_ms)
    return _of_calls(seen, api, recent, now_ms)


def _out_of_reach(seen: ConnectionCalls, now_ms: int) -> Light | None:
    """The last call of the connection, for whatever, did not get through."""
    network, failed = seen.last("network_at", now_ms), seen.last("failed_at", now_ms)
    bad = latest(network, failed)
    good = latest(seen.last("ok_at", now_ms), seen.last("refused_at", now_ms))
    if good is not None and good > (bad or 0):
        return None  # a test got through: the next row will say so too
    if bad is None or now_ms - bad > HELD_MS:
        return Light(Lamp.NONE, "health_silent")
    if network == bad:
        return Light(Lamp.NONE, "health_network", {"since": seen.gate.failing_since})
    return Light(Lamp.RED, "health_unreachable", {"since": seen.gate.failing_since})


def _silent(seen: ConnectionCalls, api: Api, now_ms: int) -> Light:
    """Nothing was asked of it for ten minutes."""
    if seen.gate.paused_at is not None:
        return Light(Lamp.NONE, "health_paused")
    tested = seen.of(Api.SIGN_IN)
    works, fails = tested.last("ok_at", now_ms), tested.last("failed_at", now_ms)
    if fails is not None and now_ms - fails <= RECENT_MS and fails > (works or 0):
        return Light(Lamp.NONE, "health_sign_in", {"at": fails})
    if api in seen.busy:
        return Light(Lamp.NONE, "health_silent")
    if api is Api.ORDERS:
        return Light(Lamp.NONE, "health_unread")
    last = latest(*(seen.of(api).last(name, now_ms) for name in ("ok_at", "refused_at")))
    code = "health_idle" if last is not None else "health_idle_never"
    good = seen.last("ok_at", now_ms)
    if good is not None and now_ms - good <= RECENT_MS:
        code += "_signed_in"
    return Light(Lamp.NONE, code, {"since": last} if last is not None else {})


def _of_calls(seen: ConnectionCalls, api: Api, recent: list[Tally], now_ms: int) -> Light:
    """What the calls of the last ten minutes say, some of which there are."""
    calls = seen.of(api)
    network = calls.last("network_at", now_ms)
    answered = calls.last("answered_at", now_ms)
    whole = count(recent, SLOW_MS)
    if not whole.answered or (network is not None and network >= (answered or 0)):
        return Light(Lamp.NONE, "health_network", {"since": network or now_ms})
    hour = within(calls.tallies, HOUR_MS, now_ms)
    found = Light(Lamp.GREEN, "health_normal", {"calls": whole.answered})
    for way in Way:
        mark = calls.marks.get(way, Mark())
        ten = count((one for one in recent if one.way is way), SLOW_MS)
        sixty = count((one for one in hour if one.way is way), SLOW_MS)
        found = _worse(found, _of_way(way, mark, ten, sixty, now_ms))
    if whole.slow and whole.slow >= SLOW_SHARE * whole.answered:
        slow: Params = {"slow": whole.slow, "calls": whole.answered,
                        "seconds": SLOW_MS // 1000}  # fmt: skip
        found = _worse(found, Light(Lamp.YELLOW, "health_slow", slow))
    if found.lamp is Lamp.GREEN and not whole.ok:
        return Light(Lamp.NONE, "health_refusals", {"refused": whole.refused})
    return found


def _of_way(way: Way, mark: Mark, ten: Figures, hour: Figures, now_ms: int) -> Light:
    """Reads and writes apart: a thousand good reads do not hide that no write goes through."""
    fresh = mark.failed_at is not None and 0 <= now_ms - mark.failed_at <= RECENT_MS
    streak = mark.in_a_row if fresh else 0
    if streak >= DOWN_IN_A_ROW:
        return Light(
            Lamp.RED, "health_down", {"since": mark.failing_since, "failed": streak, "way": way}
        )
    figures: Params = {"failed": ten.failed, "calls": ten.answered, "way": way}
    if ten.failed >= EXTREME_ERRORS and ten.error_rate >= EXTREME_RATE:
        return Light(Lamp.RED, "health_extreme", figures)
    if ten.failed >= RAISED_ERRORS and ten.error_rate >= RAISED_RATE:
        return Light(Lamp.YELLOW, "health_errors", figures)
    if streak:
        return Light(Lamp.YELLOW, "health_last_failed", {"since": mark.failing_since})
    if hour.failed >= RAISED_ERRORS_HOUR and hour.error_rate >= RAISED_RATE:
        figures = {"failed": hour.failed, "calls": hour.answered, "way": way}
        return Light(Lamp.YELLOW, "health_errors_hour", figures)
    return Light(Lamp.GREEN, "health_normal")


_RANK = {Lamp.GREEN: 0, Lamp.NONE: 1, Lamp.YELLOW: 2, Lamp.RED: 3}


def _worse(first: Light, second: Light) -> Light:
    """The worse of two; the first where they are alike."""
    return second if _RANK[second.lamp] > _RANK[first.lamp] else first


def overall(seen: ConnectionCalls, lit: Iterable[Api], now_ms: int) -> Light:
    """The light of a whole connection: the worst of its APIs, where idle ones count for nothing
    beside one that works; paused while a person's pause holds."""
    lights = [judge(seen, api, now_ms) for api in LIT if api in lit]
    if seen.gate.is_blocked:
        return Light(Lamp.RED, "health_blocked", {"since": seen.gate.block_since})
    if seen.gate.paused_at is not None:
        return Light(Lamp.PAUSED, "health_paused")
    telling = [one for one in lights if not one.is_idle] or lights
    worst = Light(Lamp.NONE, "health_idle_never")
    for number, one in enumerate(telling):
        worst = one if not number else _worse(worst, one)
    return worst
