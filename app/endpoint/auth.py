"""How a program shows that it may call, and what becomes of those who guess."""

import re
import threading
from collections import deque
from collections.abc import Callable
from http import HTTPStatus

from app.core.clock import Clock
from app.endpoint.calls import Call, Refusal

WRONG_CALLS, PERIOD_S = 10, 60.0
SLOW_S = 1.0
_BEARER = re.compile(r"bearer +([!-~]{1,512})", re.IGNORECASE)


class WrongCalls:
    """Counts calls that could not show a key. The right key is never asked for its count.

    From the tenth within a minute on they are answered "too many", one at a time and slowly:
    whoever guesses is held up, while the other threads stay free for those who know the key.
    """

    def __init__(self, clock: Clock, stopping: threading.Event) -> None:
        self._clock = clock
        self._stopping = stopping
        self._lock = threading.Lock()
        self._slow = threading.Lock()
        self._moments: deque[float] = deque(maxlen=WRONG_CALLS)

    def refusal(self, challenge: str) -> Refusal:
        """What this one is answered; `challenge`: how to sign in, as HTTP says it."""
        now = self._clock.monotonic()
        with self._lock:
            is_full = len(self._moments) == WRONG_CALLS
            left = self._moments[0] + PERIOD_S - now if is_full else 0.0
            if left <= 0:
                self._moments.append(now)
        if left <= 0:
            wrong = Refusal(HTTPStatus.UNAUTHORIZED, "call_key")
            return wrong.with_header("WWW-Authenticate", challenge)
        if self._slow.acquire(blocking=False):
            try:
                self._clock.wait(self._stopping, SLOW_S)
            finally:
                self._slow.release()
        wait_s = int(left) + 1
        too_many = Refusal(HTTPStatus.TOO_MANY_REQUESTS, "call_too_often", wait_s=wait_s)
        return too_many.with_header("Retry-After", str(wait_s))


class Bearer:
    """Calls with `Authorization: Bearer KEY`. `is_key` compares in constant time."""

    def __init__(self, is_key: Callable[[bytes], bool], wrong_calls: WrongCalls) -> None:
        self._is_key = is_key
        self._wrong = wrong_calls

    def check(self, call: Call) -> None:
        """Raises: Refusal."""
        found = _BEARER.fullmatch(call.headers.get("authorization", "").strip())
        given = found.group(1).encode("ascii") if found else b""
        if not self._is_key(given):
            raise self._wrong.refusal("Bearer")
