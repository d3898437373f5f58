"""How long a connection rests, over every reason it may have."""

import math
from typing import Any

import pytest

from app.core.types import ConnectionGate
from app.services.gatekeeping import FOREVER, rest_s

NOW = 1_790_000_000_000
MIN = 60_000


@pytest.mark.parametrize(
    ("gate", "rest"),
    [
        ({}, 0),
        ({"block_code": "credentials_rejected"}, FOREVER),
        ({"block_code": "moved", "block_looks_again": True}, FOREVER),
        ({"paused_at": NOW - MIN, "paused_until": None}, FOREVER),
        ({"paused_at": NOW - MIN, "paused_until": NOW + 30_500}, 30.5),
        ({"paused_at": NOW - MIN, "paused_until": NOW}, 0),
        ({"paused_at": NOW - 2 * MIN, "paused_until": NOW - MIN}, 0),
        ({"held_set_at": NOW, "held_until": NOW + 250}, 0.25),
        ({"held_set_at": NOW - MIN, "held_until": NOW - 1}, 0),
        # the longer of two
        ({"paused_at": NOW, "paused_until": NOW + MIN, "held_set_at": NOW,
          "held_until": NOW + 2 * MIN}, 120),
        ({"paused_at": NOW, "paused_until": NOW + 2 * MIN, "held_set_at": NOW,
          "held_until": NOW + MIN}, 120),
        ({"block_code": "x", "paused_at": NOW, "paused_until": NOW - 1}, FOREVER),
        # failures alone hold nothing: what holds is written into held_until
        ({"failures": 9, "failing_since": NOW - MIN}, 0),
        # the clock was set back after the wait began: the wait itself, never an hour more
        ({"held_set_at": NOW + 60 * MIN, "held_until": NOW + 61 * MIN}, 60),
        ({"paused_at": NOW + 60 * MIN, "paused_until": NOW + 61 * MIN}, 60),
    ],
)  # fmt: skip
def test_rest(gate: dict[str, Any], rest: float) -> None:
    assert rest_s(ConnectionGate(**gate), NOW) == rest


def test_rest_ends_as_time_passes() -> None:
    gate = ConnectionGate(held_set_at=NOW, held_until=NOW + 10_000)
    assert [rest_s(gate, NOW + ms) for ms in (0, 4_000, 9_999, 10_000, 99_000)] == [
        10, 6, 0.001, 0, 0,
    ]  # fmt: skip


def test_for_ever_is_longer_than_any_wait() -> None:
    assert math.isinf(FOREVER)
    assert min(FOREVER, 3600.0) == 3600.0
