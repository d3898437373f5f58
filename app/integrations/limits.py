"""How many calls a remote allows: a budget per connection and operation, shared through a store.

The generic cell rate algorithm: a bucket is one moment (`tat_ms`), the theoretical arrival time
of the next call if all came at the allowed pace; a call may go while that moment is no further
ahead than the burst reaches.
"""

import math
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from app.core.backoff import DAY_S
from app.core.clock import Clock
from app.core.errors import Throttled
from app.core.rates import Bucket, Rate

WHOLE_CONNECTION = ""
"""The operation that stands for all of them."""

UNOBSERVED = Rate(0.0, 0)
"""No rate was seen in the remote's answers: the declared one holds, if there is one."""


class BudgetStore(Protocol):
    """Keeps buckets over restarts, for all processes."""

    def load(self, connection_id: int, operation: str) -> Bucket | None:
        """The bucket, None when there is none yet."""

    def update(
        self, connection_id: int, operation: str, change: Callable[[Bucket | None], Bucket]
    ) -> Bucket:
        """Replace the bucket by what `change` makes of it, atomic over threads and processes.

        `change` may run more than once; when it raises, nothing is stored and the error
        passes through.
        """


class MemoryBudgets:
    """Buckets of a connection that is not stored yet."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, str], Bucket] = {}

    def load(self, connection_id: int, operation: str) -> Bucket | None:
        return self._buckets.get((connection_id, operation))

    def update(
        self, connection_id: int, operation: str, change: Callable[[Bucket | None], Bucket]
    ) -> Bucket:
        bucket = change(self.load(connection_id, operation))
        self._buckets[connection_id, operation] = bucket
        return bucket


class RateBudget:
    """The budgets of one connection. Used by several threads.

    `declared` holds what the documents of the system allow, by operation (empty: all calls of
    the connection together); `host` is for the error.
    """

    def __init__(
        self,
        connection_id: int,
        store: BudgetStore,
        clock: Clock,
        declared: Mapping[str, Rate] = {},
        *,
        host: str = "",
    ) -> None:
        self._connection_id = connection_id
        self._store = store
        self._clock = clock
        self._declared = dict(declared)
        self._host = host
        self._lock = threading.Lock()
        self._changes = 0
        self._unlimited: set[str] = set()  # looked up, and nothing is known of them
        self._observed: dict[str, tuple[float, int | None]] = {}

    def wait_s(self, operation: str) -> float:
        """Seconds until a call may go, 0 when it may now. Books nothing."""
        return max(self._look(name)[0] for name in _names(operation))

    def take(self, operation: str) -> None:
        """Book a call.

        Raises: Throttled when none is left; it names the operation that must wait.
        """
        limits: list[tuple[str, Rate]] = []
        for name in _names(operation):  # all are looked at before one is booked
            wait_s, rate = self._look(name)
            self._refuse(name, wait_s)
            if rate is not None:
                limits.append((name, rate))
        for name, rate in limits:
            self._book(name, rate)

    def hold(self, operation: str, seconds: float) -> None:
        """The remote refused a call: none is made before `seconds` (at most a day) are over.

        The burst is taken to be used up by then. An empty operation holds the connection.
        """
        ms = math.ceil(min(max(seconds, 0.0), DAY_S) * 1000)

        def held(bucket: Bucket | None) -> Bucket:
            now = self._clock.now_ms()
            bucket = _at(bucket, now)
            until = max(bucket.held_until_ms, now + ms)
            rate = self._rate(operation, bucket)
            tat = max(bucket.tat_ms, until + math.ceil(rate.ahead_ms)) if rate else bucket.tat_ms
            return replace(bucket, tat_ms=tat, held_until_ms=until)

        self._change(operation, held)

    def observe(self, operation: str, per_s: float, burst: int | None = None) -> None:
        """The remote states its rate: from now on that one holds. Cheap when it is not new.

        Without a burst the one known so far stays.
        """
        seen = (per_s, burst)
        if not (math.isfinite(per_s) and per_s > 0) or self._observed.get(operation) == seen:
            return

        def observed(bucket: Bucket | None) -> Bucket:
            bucket = _at(bucket, self._clock.now_ms())
            known = self._rate(operation, bucket)
            rate = Rate(per_s, max(burst or (known.burst if known else 1), 1))
            # What was booked at a slower pace is no reason to wait longer than this one asks.
            free = max(bucket.set_at_ms, bucket.held_until_ms)
            latest = free + math.ceil(rate.ahead_ms + rate.step_ms)
            return replace(bucket, rate=rate, tat_ms=min(bucket.tat_ms, latest))

        self._change(operation, observed)
        self._observed[operation] = seen

    def _look(self, operation: str) -> tuple[float, Rate | None]:
        """Seconds to wait for it, and the rate that holds; changes nothing."""
        if operation in self._unlimited:
            return 0.0, None
        seen = self._changes
        bucket = self._store.load(self._connection_id, operation)
        if bucket is None:
            self._remember_unlimited(operation, seen)
            return 0.0, self._declared.get(operation)
        now = self._clock.now_ms()
        if now < bucket.set_at_ms:  # stored, or the wait would start anew at every look
            bucket = self._store.update(
                self._connection_id, operation, lambda found: _at(found, now)
            )
        rate = self._rate(operation, bucket)
        return _left_ms(bucket, rate, now) / 1000, rate

    def _book(self, operation: str, rate_seen: Rate) -> None:
        def booked(bucket: Bucket | None) -> Bucket:
            now = self._clock.now_ms()
            bucket = _at(bucket, now)
            rate = self._rate(operation, bucket) or rate_seen
            self._refuse(operation, _left_ms(bucket, rate, now) / 1000)
            return replace(bucket, tat_ms=math.ceil(max(bucket.tat_ms, now) + rate.step_ms))

        self._store.update(self._connection_id, operation, booked)

    def _refuse(self, operation: str, wait_s: float) -> None:
        if wait_s > 0:
            raise Throttled(
                "rate_limited", retry_after_s=wait_s, operation=operation, host=self._host
            )

    def _rate(self, operation: str, bucket: Bucket) -> Rate | None:
        return bucket.rate if bucket.rate.per_s > 0 else self._declared.get(operation)

    def _change(self, operation: str, change: Callable[[Bucket | None], Bucket]) -> None:
        self._store.update(self._connection_id, operation, change)
        with self._lock:
            self._changes += 1
            self._unlimited.discard(operation)

    def _remember_unlimited(self, operation: str, seen: int) -> None:
        with self._lock:
            if self._changes == seen and operation not in self._declared:
                self._unlimited.add(operation)


def _names(operation: str) -> tuple[str, ...]:
    return (WHOLE_CONNECTION, operation) if operation else (WHOLE_CONNECTION,)


def _left_ms(bucket: Bucket, rate: Rate | None, now: int) -> int:
    pace = math.ceil(bucket.tat_ms - rate.ahead_ms) if rate else 0
    return max(bucket.held_until_ms - now, pace - now, 0)


def _at(bucket: Bucket | None, now: int) -> Bucket:
    """The bucket as it stands now. Where the clock was set back, its waits restart from now."""
    if bucket is None:
        return Bucket(UNOBSERVED, now, 0, now)
    back = max(bucket.set_at_ms - now, 0)
    return replace(
        bucket,
        tat_ms=bucket.tat_ms - back,
        held_until_ms=bucket.held_until_ms - back,
        set_at_ms=now,
    )


class ServerLocks:
    """One lock per server in this process, whatever connection asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def one_at_a_time(self, server_key: str) -> Iterator[None]:
        """Wait until nobody else is inside for the same key."""
        with self._lock:
            lock = self._locks[server_key]
        with lock:
            yield
