"""Backhaul's side of the benchmarks: thin calls into the bootstrap that users get."""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench_kind import bench_kind

from app.bootstrap import open_program
from app.core.events import JobChanged
from app.core.states import JobState
from app.core.types import ConnectionInfo, Shipment, ShipmentLine
from app.services.program import Program


def to_shipment(job: Mapping[str, Any]) -> Shipment:
    """A job of the benchmarks as the program takes it in."""
    return Shipment(
        job["order"],
        job["tracking"],
        job["carrier"],
        job["service"],
        date.fromisoformat(job["ship_date"]),
        tuple(ShipmentLine(line["item"], Decimal(line["qty"])) for line in job["lines"]),
    )


def folder_of(path: str) -> Path:
    """The data folder that stands for a queue file."""
    return Path(path + ".d")


class OpenQueue:
    """A new store with one connection per account, made when its first job comes."""

    def __init__(self, path: str, base_url: str = "http://127.0.0.1:9") -> None:
        self.program: Program = open_program(
            folder_of(path), is_engine=True, more_kinds={"bench": bench_kind()}
        )
        self._base_url = base_url
        self._ids: dict[str, ConnectionInfo] = {}

    def connection_id(self, account: str) -> int:
        """The connection of an account."""
        if account not in self._ids:
            self._ids[account] = self.program.connections.add(
                "bench", account, {"base_url": self._base_url}, actor="bench"
            )
        return self._ids[account].id

    def put(self, job: Mapping[str, Any]) -> int:
        """Enter one job; on disk when this returns."""
        where = self.connection_id(job["account"])
        return self.program.write_back.enter(where, [to_shipment(job)], actor="bench")[0].job_id

    def put_many(self, jobs: Iterable[Mapping[str, Any]]) -> None:
        """Enter jobs, those of one account in one commit."""
        groups: dict[int, list[Shipment]] = {}
        for job in jobs:
            groups.setdefault(self.connection_id(job["account"]), []).append(to_shipment(job))
        self.program.write_back.enter_all(groups, actor="bench")

    def pending(self) -> int:
        """Jobs waiting, read from the store."""
        return sum(status.waiting for status in self.program.overview.all())

    def close(self) -> None:
        """Close the store."""
        self.program.close()


def open_queue(path: str) -> OpenQueue:
    """A queue on a new store."""
    return OpenQueue(path)


def fill_queue(path: str, jobs: Iterable[Mapping[str, Any]]) -> None:
    """Enter jobs for a later drain."""
    queue = OpenQueue(path)
    queue.put_many(list(jobs))
    queue.close()


def drain(
    path: str, base_url: str, concurrency: int, rate: float, burst: float, *, hung: int = 0
) -> float:
    """Run the engine until no job waits, but for `hung` jobs of a shop that never answers.

    Returns the moment (`time.perf_counter`) when the last success was on disk: stopping waits
    a little for a hanging call. `concurrency` is not used: one worker per connection.
    """
    kind = bench_kind(rate, burst)
    program = open_program(folder_of(path), is_engine=True, more_kinds={"bench": kind})
    for connection in program.connections.all():
        program.connections.edit(connection, name=None, typed={"base_url": base_url}, actor="bench")
    left = sum(status.waiting for status in program.overview.all()) - hung
    done, count, lock = threading.Event(), 0, threading.Lock()

    def changed(event: JobChanged) -> None:
        nonlocal count
        if event.state is JobState.SUCCEEDED:
            with lock:
                count += 1
                if count >= left:
                    done.set()

    program.bus.subscribe(JobChanged, changed)
    engine = program.engine()
    engine.start()
    done.wait()
    ended = time.perf_counter()
    engine.stop(0.1 if hung else 5.0)
    program.close()
    return ended


def count_done(path: str) -> int:
    """Jobs that the store holds as succeeded."""
    program = open_program(folder_of(path), is_engine=True, more_kinds={"bench": bench_kind()})
    found = len(program.queue.rows([JobState.SUCCEEDED], limit=10_000_000))
    program.close()
    return found
