"""Runs peers in turn, each in a fresh process, and prints medians with the ratio to a limit."""

import argparse
import contextlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

Peer = Callable[[argparse.Namespace, Path], Mapping[str, float]]

_CARRIERS = [("UPS", "Ground"), ("UPS", "2nd Day Air"), ("FedEx", "Home"), ("USPS", "Priority")]


def job(number: int, accounts: int = 6) -> dict[str, Any]:
    """One write-back job as another program would hand it over."""
    carrier, service = _CARRIERS[number % 4]
    return {
        "type": "order.post",
        "account": f"account-{number % accounts:02d}",
        "order": f"113-{number:07d}-{number * 7919 % 9999999:07d}",
        "tracking": f"1Z23966E{number:010d}",
        "carrier": carrier,
        "service": service,
        "ship_date": "2026-10-05",
        "lines": [{"item": f"SKU-{number % 997}", "qty": 1 + number % 3}],
    }


def cpu_s() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def stub_shop(*options: object, script: str = "stub_shop.py") -> Iterator[str]:
    """A stub shop in a process of its own; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / script), "--port", str(port)]
    process = subprocess.Popen([*command, *map(str, options)], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it prints a line once it listens
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Goal:
    """What a figure of ours must reach: as a ratio to a peer's of the same round, or by itself."""

    metric: str
    value: float
    peer: str = ""
    is_ceiling: bool = False  # at most that much; else at least

    def __str__(self) -> str:
        word = "at most" if self.is_ceiling else "at least"
        return f"{word} {self.value:g}" + (f" x {self.peer}" if self.peer else "")


def at_most(value: float, peer: str = "", *metrics: str) -> list[Goal]:
    """Ceilings of several figures."""
    return [Goal(metric, value, peer, is_ceiling=True) for metric in metrics]


def main(
    peers: Mapping[str, Peer],
    parser: argparse.ArgumentParser,
    goals: Sequence[Goal],
) -> int:
    """Run all peers for some rounds and judge the goals; 1 when one is missed."""
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="comma list of " + ", ".join(peers))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return _child(peers[arguments.child], arguments)
    names = arguments.only.split(",") if arguments.only else list(peers)
    found: dict[str, list[Mapping[str, float] | None]] = {name: [] for name in names}
    for number in range(arguments.rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            found[name].append(_run(name))
    return _table(found, goals)


def _run(name: str) -> Mapping[str, float] | None:
    command = [sys.executable, *sys.argv, "--child", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        print(f"{name}: no result\n{done.stderr[-800:]}", file=sys.stderr)
        return None
    result: Mapping[str, float] = json.loads(lines[-1][7:])
    return result


def _child(peer: Peer, arguments: argparse.Namespace) -> int:
    root = os.environ.get("BENCH_TMP") or ("/var/tmp" if Path("/var/tmp").is_dir() else None)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=root))
    try:
        print("RESULT " + json.dumps(dict(peer(arguments, folder))), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _table(found: Mapping[str, list[Mapping[str, float] | None]], goals: Sequence[Goal]) -> int:
    """Print the figures; 1 when a goal is missed."""
    for name, runs in found.items():
        good = [run for run in runs if run]
        figures = ", ".join(
            f"{key} {statistics.median(run[key] for run in good):,.4g}"
            for key in (good[0] if good else ())
        )
        print(f"{name:28} {len(good)} runs: {figures or '-'}")
    missed = 0
    for goal in goals:
        values = _measured(found, goal)
        if not values:
            continue
        value = statistics.median(values)
        is_missed = value > goal.value if goal.is_ceiling else value < goal.value
        missed += is_missed
        print(f"{goal.metric} {value:.2f}: {'MISSED, ' if is_missed else ''}goal {goal}")
    return int(missed > 0)


def _measured(found: Mapping[str, list[Mapping[str, float] | None]], goal: Goal) -> list[float]:
    """Ours in each round, divided by the peer's of that round where the goal names one."""
    if not goal.peer:
        return [run[goal.metric] for run in found.get("ours", ()) if run]
    pairs = zip(found.get("ours", ()), found.get(goal.peer, ()), strict=False)
    return [ours[goal.metric] / peer[goal.metric] for ours, peer in pairs if ours and peer]


def rate(count: int, work: Callable[[], object]) -> dict[str, float]:
    """Jobs per second and CPU per job of some work."""
    cpu, begun = cpu_s(), time.perf_counter()
    work()
    wall = time.perf_counter() - begun
    return {"jobs_per_s": count / wall, "cpu_us_per_job": (cpu_s() - cpu) / count * 1e6}
