"""Calls of the last hour put into a data file, as the program would have counted them."""

from collections.abc import Iterable
from typing import NamedTuple

from app.core.clock import Clock
from app.core.health import MINUTE_MS, Api, Mark, Result, Tally, Way, band_of
from app.models.database import Database
from app.models.health import HealthStore, Key


class Some(NamedTuple):
    """So many calls that went the same way, so many minutes ago."""

    minutes_ago: int = 0
    calls: int = 1
    result: Result = Result.OK
    took_ms: float = 80.0
    way: Way = Way.READ
    code: str = "server_error"


HOST = {"host": "shop.example", "status": 500}


def put_calls(
    database: Database, clock: Clock, connection_id: int, api: Api, some: Iterable[Some]
) -> None:
    """Store them, the oldest first."""
    counted: dict[tuple[Key, Tally], int] = {}
    marks: dict[Key, Mark] = {}
    for one in sorted(some, key=lambda one: -one.minutes_ago):
        at = clock.now_ms() - one.minutes_ago * MINUTE_MS
        key = (connection_id, api, one.way)
        tally = Tally(at // MINUTE_MS, one.way, one.result, band_of(one.took_ms), 0)
        counted[key, tally] = counted.get((key, tally), 0) + one.calls
        mark = marks.setdefault(key, Mark())
        for _ in range(one.calls):
            mark.hear(one.result, at, one.code, HOST)
    HealthStore(database).add(counted, marks, clock.now_ms())


def a_good_hour(every: int = 1, calls: int = 4, took_ms: float = 120.0) -> list[Some]:
    """An hour in which everything went well."""
    return [Some(ago, calls + ago % 3, took_ms=took_ms) for ago in range(0, 60, every)]
