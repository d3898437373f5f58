"""P2, drain: carry out queued write-backs over HTTP, each outcome on disk.

One call per write-back (a bench kind of system), everything else the shipped path.
The limit is a bare httpx client per thread with no queue at all.
`--rate 2 --burst 10`: what each of 20 shops allows; utilisation of that, and refusals (429).
`--hang`: one more connection whose shop never answers; the others must not notice.
"""

import argparse
import http.client
import json
import queue
import threading
import time
from pathlib import Path

import harness
import ours as backhaul

ACCOUNTS = 20


def jobs(arguments: argparse.Namespace) -> list[dict[str, object]]:
    """The same made-up jobs for every peer."""
    return [harness.job(number, ACCOUNTS) for number in range(arguments.n)]


def stats(base_url: str) -> dict[str, int]:
    """What the stub shop counted."""
    connection = http.client.HTTPConnection(base_url.removeprefix("http://"))
    connection.request("GET", "/stats")
    found: dict[str, int] = json.loads(connection.getresponse().read())
    return found


def measured(
    arguments: argparse.Namespace, base_url: str, begun: float, cpu: float, ended: float = 0.0
) -> dict[str, float]:
    """The figures of a drain that ended then, or just now."""
    wall = (ended or time.perf_counter()) - begun
    used, seen = harness.cpu_s() - cpu, stats(base_url)
    assert seen["posts"] == arguments.n, f"the shop saw {seen['posts']} of {arguments.n} posts"
    found = {"jobs_per_s": arguments.n / wall, "cpu_ms_per_job": used / arguments.n * 1000}
    if arguments.rate:
        ideal = (arguments.n - ACCOUNTS * arguments.burst) / (ACCOUNTS * arguments.rate)
        found.update(utilisation=ideal / wall, refused=seen["refused"])
    return found


def shop(arguments: argparse.Namespace) -> object:
    """The stub shop with the limits asked for."""
    return harness.stub_shop("--rate", arguments.rate, "--burst", arguments.burst, "--hang", "hung")


def bare(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """One httpx client per thread, a queue in memory."""
    import httpx  # noqa: PLC0415 - not for the peers without it

    todo: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()
    context = httpx.create_ssl_context()
    with shop(arguments) as base_url:  # type: ignore[attr-defined]

        def work() -> None:
            client = httpx.Client(base_url=base_url, verify=context)
            while (one := todo.get()) is not None:
                path = f"/a/{one['account']}/orders/{one['order']}/shipments"
                client.post(path, json=one).raise_for_status()

        threads = [threading.Thread(target=work) for _ in range(arguments.threads)]
        begun, cpu = time.perf_counter(), harness.cpu_s()
        for one in [*jobs(arguments), *[None] * len(threads)]:
            todo.put(one)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return measured(arguments, base_url, begun, cpu)


def ours(arguments: argparse.Namespace, folder: Path, hung: int = 0) -> dict[str, float]:
    """The shipped engine."""
    path = str(folder / "queue")
    stuck = [{**harness.job(10**6 + k), "account": "hung"} for k in range(hung)]
    backhaul.fill_queue(path, [*stuck, *jobs(arguments)])
    with shop(arguments) as base_url:  # type: ignore[attr-defined]
        begun, cpu = time.perf_counter(), harness.cpu_s()
        ended = backhaul.drain(path, base_url, 0, arguments.rate, arguments.burst, hung=hung)
        found = measured(arguments, base_url, begun, cpu, ended)
    assert backhaul.count_done(path) == arguments.n
    return found


def ours_with_hung(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The shipped engine with a twenty-first connection that hangs."""
    return ours(arguments, folder, hung=3)


def huey(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """huey on SQLite, sixteen consumer threads, each with an httpx client."""
    import httpx  # noqa: PLC0415
    from huey import SqliteHuey  # noqa: PLC0415

    tasks = SqliteHuey(filename=str(folder / "huey.db"), fsync=True, results=False)
    local, left, done = threading.local(), [arguments.n], threading.Event()
    lock, context, base = threading.Lock(), httpx.create_ssl_context(), [""]

    @tasks.task()
    def write_back(one: dict[str, object]) -> None:
        client = getattr(local, "client", None)
        if client is None:
            client = local.client = httpx.Client(base_url=base[0], verify=context)
        client.post(f"/a/{one['account']}/orders/{one['order']}/x", json=one).raise_for_status()
        with lock:
            left[0] -= 1
            if not left[0]:
                done.set()

    for one in jobs(arguments):
        write_back(one)
    with shop(arguments) as base_url:  # type: ignore[attr-defined]
        base[0] = base_url
        consumer = tasks.create_consumer(
            workers=arguments.threads, periodic=False, initial_delay=0.001, max_delay=0.001
        )
        consumer._set_signal_handlers = lambda: None
        begun, cpu = time.perf_counter(), harness.cpu_s()
        consumer.start()
        done.wait()
        found = measured(arguments, base_url, begun, cpu)
        consumer.stop()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--burst", type=float, default=10)
    parser.add_argument("--hang", action="store_true")
    mode = parser.parse_known_args()[0]
    peers: dict[str, harness.Peer] = {"bare-httpx": bare, "ours": ours, "huey": huey}
    goals = [
        harness.Goal("jobs_per_s", 0.9, "bare-httpx"),
        harness.Goal("jobs_per_s", 1.4, "huey"),
    ]
    if mode.hang:
        peers = {"none-hangs": ours, "ours": ours_with_hung}
        goals = [harness.Goal("jobs_per_s", 0.95, "none-hangs")]
    elif mode.rate:
        peers = {"ours": ours}
        goals = [harness.Goal("utilisation", 0.96), *harness.at_most(0, "", "refused")]
    raise SystemExit(harness.main(peers, parser, goals))
