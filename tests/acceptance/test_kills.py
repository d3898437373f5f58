"""The shipped process is killed again and again, also between every step of a write-back.

Killed where it hurts: the practice server, which runs in the test, kills the program when a
chosen request arrives, when it was applied, or while the outcome is about to be stored.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import Shipment
from app.models.opening import FILE_NAME
from app.practice.host import Reply, Request
from app.practice.printsmith import PracticePrintSmith
from app.services.program import Program

ROOT = Path(__file__).resolve().parents[2]
POINTS = ("read", "write_unapplied", "write_applied", "read_back", "before_commit", "random")


class KillingShop:
    """Stands before the practice shop and kills its caller at the chosen point."""

    def __init__(self, shop: PracticePrintSmith, data_file: Path) -> None:
        self._shop = shop
        self._data_file = data_file
        self._lock = threading.Lock()
        self._point = ""
        self._pid = self._skip = 0
        self._written: set[str] = set()
        self._holding: sqlite3.Connection | None = None
        self.killed = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)

    def aim(self, point: str, pid: int, skip: int) -> None:
        """Kill that process at that point, after the first `skip` write-backs."""
        with self._lock:
            self._point, self._pid, self._skip = point, pid, skip
            self.killed.clear()

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        with self._lock:
            invoice = request.path.split("/")[2] if request.path.count("/") > 1 else ""
            is_write = request.method == "PUT"
            is_read_back = request.method == "GET" and invoice in self._written
            before = "write_unapplied" if is_write else "read_back" if is_read_back else "read"
            if self._skip and is_read_back:
                self._skip -= 1
            elif self._skip == 0 and invoice:
                if self._point == before:
                    self._kill()
                if self._point == "before_commit" and is_read_back:
                    self._hold_store()
            reply = self._shop.answer(request, keep=keep)
            if is_write and reply.status == 200:
                self._written.add(invoice)
                if self._point == "write_applied" and not self._skip:
                    self._kill()
            return reply

    def _kill(self) -> None:
        self._point = ""
        os.kill(self._pid, signal.SIGKILL)
        self.killed.set()

    def _hold_store(self) -> None:
        """Keep the store locked, so that the outcome cannot be stored; then kill."""
        self._holding = sqlite3.connect(
            self._data_file, isolation_level=None, timeout=5, check_same_thread=False
        )
        self._holding.execute("BEGIN IMMEDIATE")
        self._point = ""
        # The answer leaves now; the program meets the lock and waits. 50 ms are its time for it.
        threading.Timer(0.05, self._kill).start()

    def release_store(self) -> None:
        if self._holding is not None:
            self._holding.close()
            self._holding = None


@contextlib.contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program as README's command starts it."""
    command = [sys.executable, str(ROOT / "dev.py"), "run", "--data-dir", str(folder), "run"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def open_shop(folder: Path, count: int, latency_s: float) -> Iterator[Any]:
    with PracticePrintSmith() as shop:
        shop.latency(latency_s)
        for number in range(count):
            shop.add_invoice(str(400_000 + number))
        yield shop


def fill(program: Program, url: str, count: int) -> int:
    connection = program.connections.add(
        "printsmith", "Shop", {"base_url": url}, is_practice=True, actor="test"
    )
    shipments = [
        Shipment(str(400_000 + number), f"1Z999AA1{number:010d}") for number in range(count)
    ]
    program.write_back.enter(connection.id, shipments, actor="test")
    return connection.id


def kill_once(
    shop: KillingShop, folder: Path, point: str, rng: random.Random, most_skipped: int
) -> None:
    with running(folder) as process:
        if point == "random":
            process_ends = threading.Timer(rng.uniform(0.3, 1.2), process.kill)
            process_ends.start()
            process.wait(60)
            return
        shop.aim(point, process.pid, rng.randint(0, most_skipped))
        assert shop.killed.wait(60), f"nothing came to be killed at {point}"
        process.wait(60)
        shop.release_store()


def retry_crashed(program: Program) -> int:
    """What the row asks of a person: look, then Retry. Killing twice by chance leads there."""
    crashed = [
        row.job
        for row in program.queue.rows([JobState.FAILED])
        if row.job.reason_code == "crashed_twice"
    ]
    program.queue.retry(crashed, "test")
    return len(crashed)


def finish(program: Program, folder: Path, count: int, limit_s: float) -> int:
    """Let it run undisturbed until all is confirmed; returns how often a person retried."""
    retried, ends = 0, time.monotonic() + limit_s
    with running(folder):
        while time.monotonic() < ends:
            retried += retry_crashed(program)
            done = len(program.queue.rows([JobState.SUCCEEDED], limit=count))
            if done == count:
                return retried
            threading.Event().wait(0.2)
    left = [(row.job.order_ref, row.wording.text) for row in program.queue.rows()]
    raise AssertionError(f"not confirmed within {limit_s} s: {left[:10]}")


def battery(tmp_path: Path, count: int, kills: int, seed: int, latency_s: float) -> None:
    rng = random.Random(seed)
    print(f"seed {seed}")
    folder = tmp_path / "data"
    program = open_program(folder, is_engine=False)
    for shop in open_shop(folder, count, latency_s):
        killing = KillingShop(shop, folder / FILE_NAME)
        shop.host.shop = killing
        fill(program, shop.url, count)
        for number in range(kills):
            most_skipped = min(4, count // kills - 1)
            kill_once(killing, folder, POINTS[number % len(POINTS)], rng, most_skipped)
        retried = finish(program, folder, count, 60 + count)
        written = sorted(write["invoice"] for write in shop.writes)
        wanted = [str(400_000 + number) for number in range(count)]
        assert written == wanted, "an invoice was written twice, or never"
        for number in range(count):
            assert shop.notes(str(400_000 + number)) == f"1Z999AA1{number:010d}"
        print(f"{kills} kills, {count} confirmed, {retried} retried by hand after two kills")
    program.close()


@pytest.mark.timeout(150)
def test_killed_at_every_point_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    battery(tmp_path, count=12, kills=6, seed=random.randrange(10**6), latency_s=0.005)


@pytest.mark.battery
@pytest.mark.timeout(1800)
def test_hundred_kills_in_five_hundred_jobs(tmp_path: Path) -> None:
    battery(tmp_path, count=500, kills=100, seed=random.randrange(10**6), latency_s=0.01)
