"""P1, enqueue: accept write-backs, each on disk before the call returns.

The limit writes the same rows (job and history line, same tables and indexes) through a bare
sqlite3 connection, WAL and synchronous=FULL. `--batch`: 100 shipments a commit.
`--callers 16`: that many threads, each waiting for its own; compare with `ours-single`.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import harness
from ours import OpenQueue, to_shipment

from app.core.clock import SystemClock
from app.core.types import Shipment
from app.models.opening import open_store
from app.models.outbox import INSERT_ENTERED, INSERT_JOB
from app.models.rows import NO_DEADLINE


def shipments(arguments: argparse.Namespace) -> list[Shipment]:
    """The same made-up shipments for every peer, made before the clock runs."""
    return [to_shipment(harness.job(number)) for number in range(arguments.n)]


def in_turn(
    arguments: argparse.Namespace, todo: Sequence[Any], enter: Callable[[Sequence[Any]], object]
) -> dict[str, float]:
    """One commit after another."""
    size = 100 if arguments.batch else 1
    groups = [todo[at : at + size] for at in range(0, len(todo), size)]
    return harness.rate(len(todo), lambda: [enter(group) for group in groups])


def limit(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Bare sqlite3: build the two rows, insert them, commit."""
    database = open_store(folder, SystemClock()).database
    connection = database.connection()
    connection.execute(
        "INSERT INTO connections (id, name, kind, settings, is_practice, created_at, block_code, "
        "block_params, block_looks_again, failures, held_set_at, held_until) "
        "VALUES (1, 'one', 'bench', '', 0, 0, '', '', 0, 0, 0, 0)"
    )
    encode = json.JSONEncoder(separators=(",", ":")).encode
    number = 0

    def rows(group: Sequence[Shipment]) -> tuple[list[Any], list[Any]]:
        nonlocal number
        jobs, lines = [], []
        for s in group:
            number += 1
            now = time.time_ns() // 1_000_000
            payload = encode(
                {
                    "v": 1, "order": s.order_ref, "tracking": s.tracking, "carrier": s.carrier,
                    "service": s.service, "ship_date": str(s.ship_date),
                    "items": [[line.item, str(line.quantity)] for line in s.lines],
                }
            )  # fmt: skip
            key = f"1/{s.order_ref}/{s.tracking}/0"
            jobs.append(
                (number, number, "order.post", 1, s.order_ref, s.order_ref, s.tracking, key,
                 payload, 10, NO_DEADLINE, now, now, now, "", "", now, None, None)
            )  # fmt: skip
            lines.append((number, 1, now, "entered", "bench"))
        return jobs, lines

    def enter(group: Sequence[Shipment]) -> None:
        jobs, lines = rows(group)
        connection.execute("BEGIN IMMEDIATE")
        if len(jobs) == 1:
            connection.execute(INSERT_JOB, jobs[0])
            connection.execute(INSERT_ENTERED, lines[0])
        else:
            connection.executemany(INSERT_JOB, jobs)
            connection.executemany(INSERT_ENTERED, lines)
        connection.execute("COMMIT")

    return in_turn(arguments, shipments(arguments), enter)


def ours(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The shipped path from the bootstrap on."""
    queue = OpenQueue(str(folder / "queue"))
    where = queue.connection_id("one")

    def enter(group: Sequence[Shipment]) -> None:
        queue.program.write_back.enter(where, group, actor="bench")

    found = by_callers(arguments, shipments(arguments), enter)
    assert queue.pending() == arguments.n
    queue.close()
    return found


def ours_single(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """One caller, to compare many with."""
    return ours(argparse.Namespace(**{**vars(arguments), "callers": 1}), folder)


def by_callers(
    arguments: argparse.Namespace, todo: Sequence[Any], enter: Callable[[Sequence[Any]], object]
) -> dict[str, float]:
    """One caller in turn, or several side by side, each waiting until its own is on disk."""
    if arguments.callers == 1:
        return in_turn(arguments, todo, enter)

    def one_caller(mine: Sequence[Any]) -> None:
        for item in mine:
            enter([item])

    def work() -> None:
        threads = [
            threading.Thread(target=one_caller, args=(todo[k :: arguments.callers],))
            for k in range(arguments.callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return harness.rate(len(todo), work)


def huey(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """huey on SQLite with fsync."""
    from huey import SqliteHuey  # noqa: PLC0415 - an extra of the benchmarks

    queue = SqliteHuey(filename=str(folder / "huey.db"), fsync=True)

    @queue.task()
    def write_back(job: dict[str, Any]) -> None: ...

    jobs = [harness.job(number) for number in range(arguments.n)]
    return by_callers(arguments, jobs, lambda group: write_back(group[0]))


def persist_queue(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """persist-queue's acknowledging queue on SQLite."""
    import persistqueue  # noqa: PLC0415 - an extra of the benchmarks

    queue = persistqueue.SQLiteAckQueue(str(folder), auto_commit=True, multithreading=True)
    jobs = [harness.job(number) for number in range(arguments.n)]
    return by_callers(arguments, jobs, lambda group: queue.put(group[0]))


def goals_of(arguments: argparse.Namespace) -> list[harness.Goal]:
    """What ours must reach in this mode."""
    same_rows = harness.Goal("jobs_per_s", 0.85, "limit")
    if arguments.batch:
        return [same_rows]
    others = [harness.Goal("jobs_per_s", 1.0, peer) for peer in ("huey", "persist-queue")]
    if arguments.callers > 1:
        return [harness.Goal("jobs_per_s", 1.5, "ours-single"), *others]
    return [same_rows, *others]


PEERS: dict[str, harness.Peer] = {
    "limit": limit,
    "ours": ours,
    "ours-single": ours_single,
    "huey": huey,
    "persist-queue": persist_queue,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--batch", action="store_true")
    parser.add_argument("--callers", type=int, default=1)
    goals = goals_of(parser.parse_known_args()[0])
    wanted = {"ours", *(goal.peer for goal in goals)}
    peers = {name: peer for name, peer in PEERS.items() if name in wanted}
    raise SystemExit(harness.main(peers, parser, goals))
