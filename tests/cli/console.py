"""The command line as a test uses it: calls `main` and keeps what was printed."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.bootstrap import open_program
from app.core.clock import Clock
from app.core.states import JobState
from app.core.types import Shipment
from app.services.program import Program

ORDER, TRACKING = "316132", "1Z23966E0397467800"
PYTHON = [sys.executable, "-m", "app"]


@dataclass(frozen=True)
class Said:
    """How a call ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The array of `--json`."""
        found: list[dict[str, Any]] = json.loads(self.out)
        return found


class Console:
    """`backhaul …` in this process, for one data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        self._capsys.readouterr()
        code = main([*words, "--data-dir", str(self.folder)])
        printed = self._capsys.readouterr()
        return Said(code, printed.out, printed.err)

    def ok(self, *words: str) -> Said:
        """A call that is to succeed, without a word on stderr."""
        said = self(*words)
        assert (said.code, said.err) == (0, ""), said
        return said

    def fails(self, *words: str) -> str:
        """A call that is to end with 1; returns its one line on stderr."""
        said = self(*words)
        assert said.code == 1, said
        assert said.err.count("\n") == 1, said
        return said.err.rstrip("\n")


class Desk:
    """An open data folder beside the console, to set a scene without going through it."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.program: Program = open_program(folder, is_engine=False, clock=clock)

    def connect(
        self, name: str = "Front desk", url: str = "http://127.0.0.1:9", **more: str
    ) -> int:
        """A practice connection; returns its number."""
        typed = {"base_url": url, **more}
        return self.program.connections.add(
            "printsmith", name, typed, is_practice=True, actor="ann"
        ).id

    def enter(self, order: str = ORDER, tracking: str = TRACKING, connection: int = 1) -> int:
        """A row; returns its number."""
        shipment = Shipment(order, tracking)
        return self.program.write_back.enter(connection, [shipment], actor="ann")[0].job_id

    def state(self, row: int) -> JobState:
        """Where a row stands."""
        return self.program.queue.one(f"row:{row}").job.state


Scene = Callable[..., Desk]
