"""The rule of the lights: tables of cases, and what must hold for any calls at all."""

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.health import (
    LIT,
    MINUTE_MS,
    Api,
    ApiCalls,
    ConnectionCalls,
    Lamp,
    Mark,
    Result,
    Tally,
    Way,
    band_of,
)
from app.core.health_lights import HELD_MS, RECENT_MS, judge, overall
from app.core.types import ConnectionGate

NOW = 1_790_000_040_500
W = Api.WRITE_BACK
BADNESS = {Lamp.GREEN: 0, Lamp.NONE: 1, Lamp.YELLOW: 2, Lamp.RED: 3}


class One(NamedTuple):
    """A call as it ended."""

    result: Result = Result.OK
    age_s: float = 60.0
    way: Way = Way.READ
    took_ms: float = 80.0


OK, REFUSED, FAILED, NETWORK = (One(result) for result in Result)
WRITE_FAILED = One(Result.FAILED, 30, Way.WRITE)


def calls_of(*ones: One) -> ApiCalls:
    """As the program would have counted them."""
    marks: dict[Way, Mark] = {}
    tallies = []
    for one in sorted(ones, key=lambda one: -one.age_s):
        at = NOW - round(one.age_s * 1000)
        tallies.append(Tally(at // MINUTE_MS, one.way, one.result, band_of(one.took_ms), 1))
        marks.setdefault(one.way, Mark()).hear(one.result, at, "server_error", {"host": "shop"})
    return ApiCalls(tuple(tallies), marks)


def seen(*ones: One, api: Api = W, busy: bool = False, **gate: object) -> ConnectionCalls:
    apis = {api: calls_of(*ones)} if ones else {}
    made = ConnectionGate(**gate)  # type: ignore[arg-type]
    return ConnectionCalls(apis, made, frozenset({W} if busy else ()))


def light(*ones: One, **more: object) -> tuple[Lamp, str]:
    found = judge(seen(*ones, **more), W, NOW)  # type: ignore[arg-type]
    return found.lamp, found.code


def aged(one: One, *ages_s: float) -> list[One]:
    return [one._replace(age_s=age) for age in ages_s]


GOOD_DAY = aged(OK, *range(40, 340))
"""Three hundred good calls in the last minutes."""

CASES: list[tuple[str, list[One], Lamp, str]] = [
    ("all well", [OK], Lamp.GREEN, "health_normal"),
    ("refusals are no errors", [*aged(REFUSED, 1, 2, 3, 4), OK], Lamp.GREEN, "health_normal"),
    ("only refusals", [REFUSED], Lamp.NONE, "health_refusals"),
    ("the first failure", [OK, *aged(FAILED, 5)], Lamp.YELLOW, "health_last_failed"),
    ("one failure long made good", [*aged(FAILED, 99), *aged(OK, 5)], Lamp.GREEN, "health_normal"),
    ("two of forty", [*aged(FAILED, 90, 95), *aged(OK, *range(1, 39))], Lamp.YELLOW,
     "health_errors"),
    ("two of three hundred", [*aged(FAILED, 200, 205), *GOOD_DAY], Lamp.GREEN, "health_normal"),
    ("half", [*aged(FAILED, 90, 95), *aged(OK, 1, 2)], Lamp.RED, "health_extreme"),
    ("three in a row after many good ones", [*GOOD_DAY, *aged(FAILED, 1, 2, 3)], Lamp.RED,
     "health_down"),
    ("good reads hide no failing write", [*GOOD_DAY, *aged(WRITE_FAILED, 50, 55)], Lamp.RED,
     "health_extreme"),
    ("errors of the hour", [*aged(FAILED, 1500, 1510, 1520), *aged(OK, *range(5, 25))],
     Lamp.YELLOW, "health_errors_hour"),
    ("a quarter is slow", [*aged(OK, 1, 2, 3), OK._replace(took_ms=4000)], Lamp.YELLOW,
     "health_slow"),
    ("one of five is slow", [*aged(OK, 1, 2, 3, 4), OK._replace(took_ms=4000)], Lamp.GREEN,
     "health_normal"),
    ("the network is gone", [*GOOD_DAY, *aged(NETWORK, 5)], Lamp.NONE, "health_network"),
    ("the network came back", [*aged(NETWORK, 50), *aged(OK, 5)], Lamp.GREEN, "health_normal"),
    ("a success of before", aged(OK, 601), Lamp.NONE, "health_idle"),
    ("failures of before", aged(FAILED, 700, 701, 702), Lamp.NONE, "health_idle_never"),
    ("never used", [], Lamp.NONE, "health_idle_never"),
]  # fmt: skip


@pytest.mark.parametrize(("ones", "lamp", "code"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_light(ones: list[One], lamp: Lamp, code: str) -> None:
    assert light(*ones) == (lamp, code)


def test_a_stopped_connection_is_red_whatever_its_calls_say() -> None:
    assert light(OK, block_code="moved") == (Lamp.RED, "health_blocked")


def test_a_server_out_of_reach_is_red_until_its_last_failure_is_too_old() -> None:
    gate = {"failures": 3, "failing_since": NOW - 9_000_000}
    assert light(*aged(FAILED, 900), **gate) == (Lamp.RED, "health_unreachable")
    late = HELD_MS / 1000 + 1
    assert light(*aged(FAILED, late), **gate) == (Lamp.NONE, "health_silent")


def test_a_network_out_of_order_is_unknown_and_no_fault_of_the_server() -> None:
    gate = {"failures": 3, "failing_since": NOW - 9_000}
    assert light(*aged(NETWORK, 9), **gate) == (Lamp.NONE, "health_network")


def test_a_test_that_got_through_ends_being_out_of_reach() -> None:
    gate = ConnectionGate(failures=3, failing_since=NOW - 9_000, held_until=NOW + 9_000)
    apis = {W: calls_of(*aged(FAILED, 700)), Api.SIGN_IN: calls_of(*aged(OK, 5))}
    found = judge(ConnectionCalls(apis, gate), W, NOW)
    assert (found.lamp, found.code) == (Lamp.NONE, "health_idle_never_signed_in")


def test_a_pause_the_system_asked_for_is_never_green() -> None:
    held = {"held_until": NOW + 1}
    assert light(**held) == light(OK, **held) == (Lamp.YELLOW, "health_held")
    assert light(*aged(FAILED, 1, 2, 3), **held)[0] is Lamp.RED


def test_an_idle_write_back_says_whether_the_sign_in_works() -> None:
    old, probe = calls_of(*aged(OK, 7200)), calls_of(*aged(OK, 5))
    both = ConnectionCalls({W: old, Api.SIGN_IN: probe})
    assert judge(both, W, NOW).code == "health_idle_signed_in"
    assert judge(both, W, NOW).params == {"since": NOW - 7_200_000}
    assert judge(both, W, NOW + RECENT_MS).code == "health_idle"


def test_a_probe_lights_only_what_it_asked() -> None:
    found = ConnectionCalls({Api.SIGN_IN: calls_of(OK), Api.ORDERS: calls_of(OK)})
    lamps = [judge(found, api, NOW).lamp for api in LIT]
    assert lamps == [Lamp.NONE, Lamp.NONE, Lamp.GREEN]


def test_a_test_that_failed_is_said() -> None:
    found = ConnectionCalls({Api.SIGN_IN: calls_of(*aged(OK, 50), *aged(FAILED, 5))})
    assert judge(found, W, NOW).code == "health_sign_in"


def test_rows_that_wait_without_a_run_are_no_idleness() -> None:
    assert light(busy=True) == (Lamp.NONE, "health_silent")


def test_orders_that_nothing_reads_are_not_said_to_be_idle() -> None:
    assert judge(ConnectionCalls(), Api.ORDERS, NOW).code == "health_unread"


def test_the_whole_is_its_worst_light_and_idle_ones_count_for_nothing() -> None:
    good, bad = calls_of(OK), calls_of(*aged(FAILED, 1, 2, 3))
    lit = (W, Api.ORDERS)
    assert overall(ConnectionCalls({Api.ORDERS: good}), lit, NOW).lamp is Lamp.GREEN
    assert overall(ConnectionCalls({Api.ORDERS: good, W: bad}), lit, NOW).lamp is Lamp.RED
    silent = ConnectionCalls({Api.ORDERS: good}, busy=frozenset({W}))
    assert overall(silent, lit, NOW).lamp is Lamp.NONE
    assert overall(ConnectionCalls({Api.SIGN_IN: good}), lit, NOW).lamp is Lamp.NONE
    assert overall(ConnectionCalls({Api.ORDERS: good}), (W,), NOW).lamp is Lamp.NONE
    paused = ConnectionGate(paused_at=NOW)
    assert overall(ConnectionCalls({W: bad}, paused), lit, NOW).lamp is Lamp.PAUSED


ANY_CALL = st.builds(
    One, st.sampled_from(Result), st.floats(0, 7200), st.sampled_from(Way), st.floats(0, 9000)
)
ANY_GATE = st.builds(
    ConnectionGate,
    failures=st.integers(0, 4),
    failing_since=st.none() | st.integers(NOW - 9_000_000, NOW),
    held_until=st.integers(NOW - 9000, NOW + 9000),
    paused_at=st.none() | st.just(NOW - 5),
    block_code=st.sampled_from(["", "", "moved"]),
)
ANY = st.lists(ANY_CALL, max_size=12)


@given(ANY, ANY, ANY_GATE, st.booleans())
def test_green_needs_a_success_of_that_api_in_the_last_ten_minutes(
    ones: list[One], others: list[One], gate: ConnectionGate, busy: bool
) -> None:
    apis = {W: calls_of(*ones), Api.SIGN_IN: calls_of(*others), Api.ORDERS: calls_of(*others)}
    found = judge(ConnectionCalls(apis, gate, frozenset({W} if busy else ())), W, NOW)
    was_seen = any(one.result is Result.OK and one.age_s * 1000 <= RECENT_MS for one in ones)
    assert found.lamp is not Lamp.GREEN or was_seen


@given(ANY, ANY_GATE, st.sampled_from(Way), st.floats(0, 9000))
def test_one_more_failure_never_makes_a_light_better(
    ones: list[One], gate: ConnectionGate, way: Way, took_ms: float
) -> None:
    before = seen(*ones)
    after = seen(*ones, One(Result.FAILED, 0, way, took_ms))
    lights = [judge(replace(one, gate=gate), W, NOW).lamp for one in (before, after)]
    assert BADNESS[lights[1]] >= BADNESS[lights[0]]


@given(ANY, ANY_CALL, ANY_GATE)
@example([One(Result.OK, 0)], One(Result.OK, 1, took_ms=3001), ConnectionGate())
def test_a_failure_instead_of_a_success_never_makes_a_light_better(
    ones: list[One], changed: One, gate: ConnectionGate
) -> None:
    as_failed = changed._replace(result=Result.FAILED)
    as_ok = changed._replace(result=Result.OK)
    lights = [
        judge(replace(seen(*ones, one), gate=gate), W, NOW).lamp for one in (as_ok, as_failed)
    ]
    order = {**BADNESS, Lamp.NONE: 0}  # an answer that was bad is more than none at all
    assert order[lights[1]] >= order[lights[0]] or lights[1] is Lamp.NONE


@given(ANY, ANY_GATE, st.integers(RECENT_MS, 9_000_000))
def test_what_is_green_now_is_not_green_ten_minutes_later(
    ones: list[One], gate: ConnectionGate, later_ms: int
) -> None:
    assert judge(replace(seen(*ones), gate=gate), W, NOW + later_ms).lamp is not Lamp.GREEN


@given(ANY, st.integers(1, 9_000_000))
def test_stamps_that_are_still_to_come_light_nothing_green(ones: list[One], ahead: int) -> None:
    recent = [one for one in ones if one.age_s * 1000 < ahead]
    found = judge(seen(*recent), W, NOW - ahead - MINUTE_MS)
    assert found.lamp is not Lamp.GREEN
