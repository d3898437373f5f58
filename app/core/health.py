"""What is kept of real calls to other systems: how each ended, how long it took, what was last."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from app.core.types import ConnectionGate, Params

MINUTE_MS = 60_000


class Api(StrEnum):
    """What a call to a connection was for."""

    PRODUCTS = "products"  # product data sent or read
    WRITE_BACK = "write_back"  # a shipment looked for, written, read back
    ORDERS = "orders"  # orders read
    SIGN_IN = "sign_in"  # a test of the connection: says nothing of the other three


LIT = (Api.PRODUCTS, Api.WRITE_BACK, Api.ORDERS)
"""The APIs that have a light, as they are shown."""


class Way(StrEnum):
    """Whether a call may change something there; the two are judged apart."""

    READ = "read"  # changes nothing
    WRITE = "write"  # may change something


class Result(StrEnum):
    """How a call ended, as far as the API is concerned."""

    OK = "ok"  # answered as it should
    REFUSED = "refused"  # a no about one record, or a limit: the API did its work
    FAILED = "failed"  # the API itself is in trouble, or lets us in no more
    NETWORK = "network"  # never got there


class Lamp(StrEnum):
    """How something stands at a glance; each has a shape of its own."""

    GREEN = "green"  # seen working a short while ago
    YELLOW = "yellow"  # works, but slowly, with errors, or with many rows waiting
    RED = "red"  # unavailable, nearly everything fails, or stopped until somebody acts
    PAUSED = "paused"  # a person said so; of a whole connection only
    NONE = "none"  # unknown


BANDS_MS = (
    25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 4000, 5000, 7500,
    10_000, 15_000, 20_000, 30_000, 60_000,
)  # fmt: skip
"""Upper ends of the classes a call's time falls into; the last class has no end."""


def band_of(took_ms: float) -> int:
    """The class of a time: calls of exactly an upper end are below it."""
    return bisect_left(BANDS_MS, took_ms)


class Tally(NamedTuple):
    """Calls of one minute that went the same way. `minute`: since 1970, by the wall clock."""

    minute: int
    way: Way
    result: Result
    band: int
    calls: int


@dataclass(slots=True)
class Mark:
    """What was last, for one API and way. Times in milliseconds since 1970; None: never.

    `in_a_row`: failures since the last answer as it should be or refusal; `failing_since`: the
    first of them. `code`, `params`: the last failure, or call that never got there.
    """

    ok_at: int | None = None
    refused_at: int | None = None
    failed_at: int | None = None
    network_at: int | None = None
    in_a_row: int = 0
    failing_since: int | None = None
    code: str = ""
    params: Params = field(default_factory=dict)

    def hear(self, result: Result, at: int, code: str = "", params: Params | None = None) -> None:
        """One more call ended."""
        match result:
            case Result.OK:
                self.ok_at, self.in_a_row, self.failing_since = at, 0, None
                return
            case Result.REFUSED:
                self.refused_at, self.in_a_row, self.failing_since = at, 0, None
                return
            case Result.FAILED:
                self.failed_at = at
                self.in_a_row += 1
                self.failing_since = self.failing_since or at
            case Result.NETWORK:
                self.network_at = at
        self.code, self.params = code, params or {}

    def followed_by(self, later: "Mark") -> "Mark":
        """This one, with what was heard after it."""
        was_broken = later.ok_at is not None or later.refused_at is not None
        since = later.failing_since if was_broken else self.failing_since or later.failing_since
        last = later if later.code else self
        return Mark(
            later.ok_at or self.ok_at,
            later.refused_at or self.refused_at,
            later.failed_at or self.failed_at,
            later.network_at or self.network_at,
            later.in_a_row if was_broken else self.in_a_row + later.in_a_row,
            since,
            last.code,
            last.params,
        )

    @property
    def answered_at(self) -> int | None:
        """When the remote last said anything."""
        return latest(self.ok_at, self.refused_at, self.failed_at)


@dataclass(frozen=True, slots=True)
class ApiCalls:
    """What is known of the calls of one API: the last hour by minutes, and what was last."""

    tallies: tuple[Tally, ...] = ()
    marks: Mapping[Way, Mark] = field(default_factory=dict)

    def last(self, name: str, now_ms: int) -> int | None:
        """The latest of a mark's times of that name; one that is still to come was stamped by a
        clock that went wrong, and counts for nothing."""
        found = (getattr(mark, name) for mark in self.marks.values())
        return latest(*(at for at in found if at is not None and at <= now_ms))


@dataclass(frozen=True, slots=True)
class ConnectionCalls:
    """Everything the lights of one connection are judged by.

    `busy`: APIs that have something to do: rows wait, a sync task reads orders.
    """

    apis: Mapping[Api, ApiCalls] = field(default_factory=dict)
    gate: ConnectionGate = field(default_factory=ConnectionGate)
    busy: frozenset[Api] = frozenset()

    def of(self, api: Api) -> ApiCalls:
        """The calls of one API."""
        return self.apis.get(api, ApiCalls())

    def last(self, name: str, now_ms: int) -> int | None:
        """As `ApiCalls.last`, over all APIs."""
        return latest(*(one.last(name, now_ms) for one in self.apis.values()))


@dataclass(frozen=True, slots=True)
class Figures:
    """Calls of some time, counted. `median_ms`: of those that were answered; None: none was."""

    ok: int = 0
    refused: int = 0
    failed: int = 0
    network: int = 0
    slow: int = 0  # of those that got there, as slow as `slow_ms` or slower
    median_ms: float | None = None

    @property
    def answered(self) -> int:
        """Calls to which the remote said something, or should have."""
        return self.ok + self.refused + self.failed

    @property
    def calls(self) -> int:
        """All of them."""
        return self.answered + self.network

    @property
    def error_rate(self) -> float:
        """Share of failed calls among the answered ones, 0 to 1."""
        return self.failed / self.answered if self.answered else 0.0


def within(tallies: Iterable[Tally], span_ms: int, now_ms: int) -> list[Tally]:
    """Those of minutes that lie wholly in the last `span_ms` and have begun: a minute whose calls
    may be older is left out, and so is one that a wrong clock stamped ahead."""
    first = -(-(now_ms - span_ms) // MINUTE_MS)
    return [one for one in tallies if first <= one.minute <= now_ms // MINUTE_MS]


def count(tallies: Iterable[Tally], slow_ms: int = 3000) -> Figures:
    """The figures of these calls."""
    by_result = dict.fromkeys(Result, 0)
    bands = [0] * (len(BANDS_MS) + 1)
    slow, first_slow = 0, band_of(slow_ms)
    for one in tallies:
        by_result[one.result] += one.calls
        if one.result is Result.NETWORK:
            continue
        bands[one.band] += one.calls
        if one.band > first_slow:
            slow += one.calls
    return Figures(
        by_result[Result.OK], by_result[Result.REFUSED], by_result[Result.FAILED],
        by_result[Result.NETWORK], slow, _median_ms(bands),
    )  # fmt: skip


def _median_ms(bands: list[int]) -> float | None:
    """Read off the classes: exact to the width of the class it falls into; the upper one where
    half of the calls were quick and half slow."""
    total, seen = sum(bands), 0
    for band, calls in enumerate(bands):
        if calls and (seen + calls) * 2 > total:
            low = BANDS_MS[band - 1] if band else 0
            high = BANDS_MS[min(band, len(BANDS_MS) - 1)]
            return low + (high - low) * (total / 2 - seen) / calls
        seen += calls
    return None


def latest(*moments: int | None) -> int | None:
    """The last of some moments; None where there is none."""
    return max((one for one in moments if one is not None), default=None)
