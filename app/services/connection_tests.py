"""Remembers what the last test of each connection saw, on this computer.

A test depends on this computer's network and password store, so it is kept beside the data
file and not in it.
"""

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.core.clock import Clock
from app.core.errors import BackhaulError
from app.integrations.base import CheckStep

logger = logging.getLogger(__name__)

FILE_NAME = "connection-tests.json"

Found = CheckStep | BackhaulError


@dataclass(frozen=True, slots=True)
class SeenStep:
    """One line of a test as it is kept."""

    title: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class LastTest:
    """A whole test. `at` in milliseconds since 1970; `error_code` empty: it ran to its end."""

    at: int
    steps: tuple[SeenStep, ...]
    account: str = ""
    error_code: str = ""

    @property
    def passed(self) -> bool:
        """True when nothing failed."""
        return not self.error_code and all(step.passed is not False for step in self.steps)


def to_tested(found: Sequence[Found], at: int) -> LastTest:
    """A test that was watched, as it is kept."""
    steps = [one for one in found if isinstance(one, CheckStep)]
    errors = [one.code for one in found if isinstance(one, BackhaulError)]
    return LastTest(
        at,
        tuple(SeenStep(step.title, step.passed) for step in steps),
        next((step.account for step in steps if step.account), ""),
        errors[-1] if errors else "",
    )


class ConnectionTests:
    """The last test of every connection. Safe to use from several threads."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file = folder / FILE_NAME
        self._clock = clock
        self._lock = threading.Lock()

    def last(self, connection_id: int) -> LastTest | None:
        """What its last test saw; None when it was never tested here."""
        return self.all().get(connection_id)

    def all(self) -> dict[int, LastTest]:
        """The last test of every connection, by id; one that cannot be read is left out."""
        found = {}
        for key, value in self._load().items():
            try:
                found[int(key)] = _tested(value)
            except (KeyError, TypeError, ValueError):
                logger.warning("a remembered connection test cannot be read")
        return found

    def keep(self, connection_id: int, found: Sequence[Found]) -> None:
        """Remember a test. A file that cannot be written is no reason to fail the test."""
        tested = to_tested(found, self._clock.now_ms())
        if not tested.account:  # it ended before anybody said who we are
            last = self.last(connection_id)
            account = last.account if last else ""
            tested = LastTest(tested.at, tested.steps, account, tested.error_code)
        self._change(str(connection_id), asdict(tested))

    def forget(self, connection_id: int) -> None:
        """The connection is gone."""
        self._change(str(connection_id), None)

    def _change(self, key: str, value: dict[str, Any] | None) -> None:
        with self._lock:
            kept = self._load()
            kept.pop(key, None)
            if value is not None:
                kept[key] = value
            part = self._file.with_suffix(".part")
            try:
                part.write_text(json.dumps(kept), encoding="utf-8")
                part.replace(self._file)
            except OSError as error:
                logger.warning("the connection test was not remembered: %s", error)

    def _load(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}


def _tested(value: dict[str, Any]) -> LastTest:
    steps = tuple(SeenStep(str(one["title"]), one["passed"]) for one in value["steps"])
    return LastTest(int(value["at"]), steps, str(value["account"]), str(value["error_code"]))
