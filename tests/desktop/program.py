"""The real program on such a desktop, as a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.desktop.session import ROOT, Session, until

PATIENCE_S = 40.0
_FAULT = re.compile(
    r"Traceback \(most recent|Fatal Python error|QThread: |^Q(?!Accessible)[A-Z]\w+::"
)
# (Qt says so where a screen reader asks for a row that has just gone.)


class Program:
    """`python -m app --data-dir FOLDER`, and its commands for the same folder."""

    def __init__(self, session: Session, folder: Path, log: Path) -> None:
        self.session = session
        self.folder = folder
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._all: list[subprocess.Popen[bytes]] = []
        self._said_before = 0
        self.env: dict[str, str] = {}
        """What it is started with beside what the session gives."""

    @property
    def pid(self) -> int:
        """Of the process that runs, or ran last."""
        assert self._process is not None, "it was not started"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *words: str) -> None:
        """Start it and wait until its window shows what it holds."""
        self.launch(*words)
        self.session.wait("Backhaul", "frame", PATIENCE_S)
        self.wait_open()

    def launch(self, *words: str) -> None:
        """Start it; waits for nothing."""
        assert not self.is_running, "it runs already"
        self._said_before = len(self.said())
        self._process = self.second(*words)

    def second(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start it once more beside what runs; the caller waits for the process."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self._argv(*words),
                env=self._env(),
                cwd=self.folder.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._all.append(process)
        return process

    def wait_open(self) -> None:
        """Until the data folder is open and the list, or the welcome, is there."""
        until(
            lambda: [
                w
                for w in self.session.widgets()
                if w.name in ("Welcome to Backhaul", "Write-backs")
            ],
            "the open data folder",
            PATIENCE_S,
        )

    def start_practising(self) -> None:
        """With a fresh folder: start, and choose practice mode; three invoices show."""
        self.start()
        self.session.press("Start practice mode")
        self.session.wait("Invoice 316088: Needs you")
        self.session.wait("Invoice 316132: Waiting: open at another desk")

    def command(self, *words: str, check: bool = True) -> str:
        """What a command of its command line says, for the same data folder."""
        done = subprocess.run(
            self._argv(*words), env=self._env(), cwd=self.folder.parent, capture_output=True,
            text=True, check=False, timeout=60,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def rows(self) -> dict[str, Any]:
        """The open rows of the queue by order, as `queue list --json` gives them."""
        return {row["order"]: row for row in json.loads(self.command("queue", "list", "--json"))}

    def wait_end(self, patience_s: float = PATIENCE_S) -> int:
        """Until the process is over; its exit code. Raises: subprocess.TimeoutExpired."""
        assert self._process is not None, "it was not started"
        return self._process.wait(patience_s)

    def terminate(self) -> float:
        """SIGTERM; the seconds until the process was over."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        assert self.wait_end() == 0, self.said()
        return time.monotonic() - began

    def kill(self) -> None:
        """As a power cut does."""
        for process in self._all:
            process.kill()
            process.wait(PATIENCE_S)

    def said(self) -> str:
        """What all its processes wrote to their terminal."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def said_since_start(self) -> str:
        """What it wrote to its terminal since the last start."""
        return self.said()[self._said_before :]

    def faults(self) -> list[str]:
        """Lines, there and in its own log, that only a mistake of the program leaves."""
        text = self.said()
        for file in self.folder.glob("logs/*.log"):
            text += file.read_text("utf-8", "replace")
        return [line for line in text.splitlines() if _FAULT.search(line)]

    def _argv(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "app", "--data-dir", str(self.folder), *words]

    def _env(self) -> dict[str, str]:
        fixed = {"PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1"}
        return {**self.session.env, **self.env, **fixed}
