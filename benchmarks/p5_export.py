"""P5, export: 1,000,000 orders as CSV, newest first, from the start of the command to its end.

Ours is `orders export`: the columns of the page in words, guarded against formulas, into a file
that appears whole. The limit is the sqlite3 command line with the query that somebody would type
for the same columns: words of statuses, local times, names of connections and addresses in one
line, but codes instead of sentences, and nothing guarded. `ours-total`: sorted by a heading that
no index holds.
"""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import harness

QUERY = """SELECT o.order_ref, CASE o.urgency WHEN 1 THEN 'Failed' WHEN 2 THEN 'Processing'
 WHEN 3 THEN 'Pending' WHEN 4 THEN 'Skipped' ELSE 'Success' END, o.fault_code || o.skip_code,
 o.skip_params, c.name,
 strftime('%Y-%m-%d %H:%M:%S', o.order_at / 1000, 'unixepoch', 'localtime'),
 strftime('%Y-%m-%d %H:%M:%S', o.changed_at / 1000, 'unixepoch', 'localtime'),
 o.source_status, o.total, o.currency, o.shipping,
 replace(replace(substr(o.ship_to, 1, instr(o.ship_to, char(29)) - 1), char(30), ', '),
  char(31), ', '), o.remote_id
 FROM orders o JOIN connections c ON c.id = o.connection_id
 ORDER BY o.order_at DESC, o.id DESC"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(harness.HERE.parent)}


def _stock(arguments: argparse.Namespace, folder: Path) -> None:
    aside = [sys.executable, str(harness.HERE / "order_stock.py"), str(folder), str(arguments.n)]
    subprocess.run(aside, check=True, env=ENVIRONMENT)


def _timed(command: list[str], target: Path, count: int, output: Path | None) -> dict[str, float]:
    """Seconds and the peak of memory of a command that writes the file."""
    begun = time.perf_counter()
    with (output or Path(os.devnull)).open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, env=ENVIRONMENT)
        peak = _Peak(process.pid)
        assert process.wait() == 0
    wall = time.perf_counter() - begun
    with target.open("rb") as file:
        assert sum(1 for _ in file) in (count, count + 1)
    return {"wall_s": wall, "rss_mb": peak.end(), "mb": target.stat().st_size / 1e6}


class _Peak:
    """Watches the memory of a process."""

    def __init__(self, pid: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._kib = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            try:
                lines = self._status.read_text().splitlines()
            except OSError:
                return
            found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
            self._kib = max(self._kib, *map(int, found or ["0"]))

    def end(self) -> float:
        """In MiB."""
        self._over.set()
        self._thread.join()
        return self._kib / 1024


def limit(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The sqlite3 command line."""
    program = shutil.which("sqlite3")
    assert program, "the limit needs the sqlite3 command line"
    _stock(arguments, folder)
    target = folder / "limit.csv"
    command = [program, "-csv", str(folder / "backhaul.db"), QUERY]
    return _timed(command, target, arguments.n, target)


def _ours(arguments: argparse.Namespace, folder: Path, *more: str) -> dict[str, float]:
    _stock(arguments, folder)
    target = folder / "ours.csv"
    command = [sys.executable, "-m", "app", "--data-dir", str(folder), "orders", "export"]
    return _timed([*command, str(target), *more], target, arguments.n, None)


def ours(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The shipped command, newest first."""
    return _ours(arguments, folder)


def by_total(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The same in an order that must be made first."""
    return _ours(arguments, folder, "--sort", "total", "--desc")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_000_000)
    goals = [
        harness.Goal("wall_s", 2.5, "limit", is_ceiling=True),
        *harness.at_most(100, "", "rss_mb"),
    ]
    peers = {"limit": limit, "ours": ours, "ours-total": by_total}
    raise SystemExit(harness.main(peers, parser, goals))
