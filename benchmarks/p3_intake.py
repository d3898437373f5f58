"""P3, intake: a carrier's file of 200,000 rows from the disk into the outbox.

The limit parses the same file with the csv module and writes the same rows (job, history line,
ledger row; same tables and indexes) by executemany, as many in a commit as ours. `ours-again`
reads the file a second time, which adds nothing. `ours-busy`: how long somebody else's shipments,
entered one after another meanwhile, had to wait for the disk; `alone_ms` is their usual wait
without a file coming in.
"""

import argparse
import csv
import json
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import harness
from ours import OpenQueue

from app.core.clock import SystemClock
from app.core.types import Shipment
from app.models.opening import open_store
from app.models.outbox import INSERT_ENTERED, INSERT_JOB
from app.models.rows import NO_DEADLINE
from app.services.intake_import import import_file
from app.services.intake_rows import CHUNK_ROWS

HEADER = (
    "Reference 1", "Tracking Number", "Service", "Void Indicator", "ShipmentProcess Timestamp",
    "Number of Packages", "Lead Tracking Number", "Published Charge",
)  # fmt: skip
INSERT_LEDGER = (
    "INSERT INTO ledger (tracking, source, channel, void, ship_date, job_id, at, process_at, "
    "facts) VALUES (?, 'import:1', ?, 0, ?, ?, ?, NULL, ?)"
)


def export(arguments: argparse.Namespace, folder: Path) -> Path:
    """A file as WorldShip writes it, one parcel a shipment."""
    path = folder / "worldship.csv"
    with path.open("w", newline="", encoding="cp1252") as stream:
        write = csv.writer(stream, quoting=csv.QUOTE_ALL).writerow
        write(HEADER)
        for number in range(arguments.n):
            tracking = f"1Z23966E{number:010d}"
            moment = f"20261120{number // 3600 % 24:02}{number // 60 % 60:02}{number % 60:02}"
            write((300_000 + number, tracking, "Ground", "N", moment, 1, tracking,
                   f"8.{10 + number % 90}"))  # fmt: skip
    return path


def limit(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """csv and bare sqlite3."""
    path = export(arguments, folder)
    connection = open_store(folder, SystemClock()).database.connection()
    connection.execute(
        "INSERT INTO connections (id, name, kind, settings, is_practice, created_at, block_code, "
        "block_params, block_looks_again, failures, held_set_at, held_until) "
        "VALUES (1, 'one', 'bench', '', 0, 0, '', '', 0, 0, 0, 0)"
    )

    def work() -> None:
        with path.open(newline="", encoding="cp1252") as stream:
            rows = csv.reader(stream)
            next(rows)
            number = 1
            while chunk := list(islice(rows, CHUNK_ROWS)):
                _insert(connection, chunk, number)
                number += len(chunk)

    found = harness.rate(arguments.n, work)
    connection.close()
    return found


def _insert(connection: Any, chunk: list[list[str]], first: int) -> None:
    now = time.time_ns() // 1_000_000
    jobs, lines, ledger = [], [], []
    for number, row in enumerate(chunk, first):
        order, tracking, service, _, moment, _, _, cost = row
        day = f"{moment[:4]}-{moment[4:6]}-{moment[6:8]}"
        payload = json.dumps({"v": 1, "order": order, "tracking": tracking, "service": service,
                              "carrier": "ups", "ship_date": day, "cost": cost})  # fmt: skip
        jobs.append(
            (number, now + number, "order.post", 1, order, order, tracking,
             f"1/{order}/{tracking}/0", payload, 10, NO_DEADLINE, now, now, now, "", "", now, 1,
             number)
        )  # fmt: skip
        lines.append((number, 1, now, "entered", "bench"))
        ledger.append((tracking, order, day, number, now, f"ups {service} {cost}"))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT_JOB, jobs)
    connection.executemany(INSERT_ENTERED, lines)
    connection.executemany(INSERT_LEDGER, ledger)
    connection.execute("COMMIT")


def _import(queue: OpenQueue, path: Path) -> dict[str, int]:
    where = queue.connection_id("one")
    result = import_file(
        queue.program.file_intake, path, where, {"preset": "worldship"}, actor="bench"
    )
    return dict(result.counts)


def ours(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The shipped path, from the file on."""
    path, queue = export(arguments, folder), OpenQueue(str(folder / "queue"))
    found = harness.rate(arguments.n, lambda: _import(queue, path))
    assert queue.pending() == arguments.n
    queue.close()
    return found


def again(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The same file a second time."""
    path, queue = export(arguments, folder), OpenQueue(str(folder / "queue"))
    _import(queue, path)
    found = harness.rate(arguments.n, lambda: _import(queue, path))
    assert queue.pending() == arguments.n
    queue.close()
    return found


def busy(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """While somebody else enters shipments one by one."""
    path, queue = export(arguments, folder), OpenQueue(str(folder / "queue"))
    where, stopping = queue.connection_id("one"), threading.Event()
    waits: list[float] = []

    def somebody() -> None:
        for shipment in _by_hand():
            if stopping.wait(0.02):
                break
            begun = time.perf_counter()
            queue.program.write_back.enter(where, [shipment], actor="ann")
            waits.append(time.perf_counter() - begun)
        queue.program.end_thread()

    for shipment in islice(_by_hand("ALONE"), 50):
        begun = time.perf_counter()
        queue.program.write_back.enter(where, [shipment], actor="ann")
        waits.append(time.perf_counter() - begun)
    alone_ms = sorted(waits)[25] * 1000
    waits.clear()
    thread = threading.Thread(target=somebody)
    thread.start()
    found = harness.rate(arguments.n, lambda: _import(queue, path))
    stopping.set()
    thread.join()
    queue.close()
    waits.sort()
    return {
        **found,
        "alone_ms": alone_ms,
        "usual_ms": waits[len(waits) // 2] * 1000,
        "late_ms": waits[len(waits) * 99 // 100] * 1000,
        "slowest_ms": waits[-1] * 1000,
    }


def _by_hand(stem: str = "HAND") -> Iterator[Shipment]:
    number = 0
    while True:
        number += 1
        yield Shipment(f"{stem}{number}", f"1Z{stem}{number}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=200_000)
    goals = [harness.Goal("jobs_per_s", 0.25, "limit")]
    peers = {"limit": limit, "ours": ours, "ours-again": again, "ours-busy": busy}
    raise SystemExit(harness.main(peers, parser, goals))
