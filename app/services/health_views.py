"""What is known of the lights for whoever shows them: plain data, and the minutes of a graph."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.health import (
    MINUTE_MS,
    Api,
    ApiCalls,
    ConnectionCalls,
    Figures,
    Lamp,
    Result,
)
from app.core.types import ConnectionGate, ConnectionInfo
from app.core.words import Said
from app.models.health import Activity
from app.services.overview import ConnectionStatus

TITLES = {Api.PRODUCTS: "Products", Api.WRITE_BACK: "Write-back", Api.ORDERS: "Orders"}
"""What people call each API; a screen may have its own words for none."""

ABSENT = {
    Api.PRODUCTS: "Does not take products",
    Api.WRITE_BACK: "Does not take shipments",
    Api.ORDERS: "Does not read orders",
}


@dataclass(frozen=True, slots=True)
class SeenHealth:
    """What was read of one connection; `view` makes words of it at any later moment."""

    status: ConnectionStatus
    gate: ConnectionGate
    system: str
    lit: frozenset[Api]
    calls: ConnectionCalls
    activity: Activity


@dataclass(frozen=True, slots=True)
class Point:
    """One minute of a graph."""

    calls: int = 0
    failed: int = 0  # those that never got there included


@dataclass(frozen=True, slots=True)
class LastError:
    """The last call that failed, in words. `is_over`: calls went well since."""

    at: int
    said: Said
    is_over: bool


@dataclass(frozen=True, slots=True)
class ApiHealth:
    """One light and the section behind it. `word`: one or two words; `text`: the whole reason;
    `hint`: what to do, `who`: by whom, both empty where nobody has to.

    `figures`: of the last hour; `points`: its sixty minutes, oldest first.
    """

    api: Api
    lamp: Lamp
    word: str
    text: str
    hint: str
    who: str
    figures: Figures
    last_ok: int | None
    last_error: LastError | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """One connection for people: its lights by API, where it has the API at all."""

    connection: ConnectionInfo
    system: str
    lamp: Lamp
    word: str
    apis: Mapping[Api, ApiHealth]
    activity: Activity
    waiting: int
    needs_you: int
    oldest_s: float | None


def points_of(calls: ApiCalls, now_ms: int) -> tuple[Point, ...]:
    """The last sixty minutes, the one under way included, oldest first."""
    last = now_ms // MINUTE_MS
    made, failed = [0] * 60, [0] * 60
    for one in calls.tallies:
        place = one.minute - last + 59
        if 0 <= place < 60:
            made[place] += one.calls
            if one.result in (Result.FAILED, Result.NETWORK):
                failed[place] += one.calls
    return tuple(Point(*pair) for pair in zip(made, failed, strict=True))
