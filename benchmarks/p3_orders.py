"""P3, orders: a reading of 100,000 orders from a stub of a Magento store into the data file.

Ours is the shipped path: engine, sync task, signed calls, a page and its cursor in one commit.
`ours-again` reads all of it a second time, when nothing changed. The limit takes the same pages
from memory, parses them with the standard library's json and writes the same rows (order, its
items, history line; same tables, indexes and triggers) by executemany, in as many commits.
"""

import argparse
import json
import os
import resource
import sqlite3
import threading
from pathlib import Path
from typing import Any

import harness
from stub_orders import FIRST_S, Store

from app.bootstrap import open_program
from app.core.clock import SystemClock
from app.core.events import RouteChanged
from app.core.orders import OrderFilter
from app.models.opening import open_store
from app.models.order_writing import EVENT, INSERT, LINE

PAGE = 64  # as many as the program asks for
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def limit(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """json and bare sqlite3."""
    store = Store(arguments.n)
    pages = [store.page(FIRST_S + 1, n + 1, PAGE) for n in range(-(-arguments.n // PAGE))]
    del store
    connection = open_store(folder, SystemClock()).database.connection()
    connection.execute(
        "INSERT INTO connections (id, name, kind, settings, is_practice, created_at, block_code, "
        "block_params, block_looks_again, failures, held_set_at, held_until) "
        "VALUES (1, 'one', 'bench', '', 0, 0, '', '', 0, 0, 0, 0)"
    )

    def work() -> None:
        for page in pages:
            _insert(connection, json.loads(page)["items"])

    found = harness.rate(arguments.n, work)
    connection.close()
    return found


def _insert(connection: sqlite3.Connection, found: list[dict[str, Any]]) -> None:
    orders, lines, events = [], [], []
    for one in found:
        number, ref = one["entity_id"], one["increment_id"]
        stamp = (FIRST_S + number) * 1000
        is_new = one["state"] == "new"
        skip = ("mg_skip_not_invoiced", '{"setting":"mode"}') if is_new else ("", "")
        orders.append(
            (number, 1, str(number), 4 if is_new else 3, ref, ref, f"{len(ref):03}{ref}", stamp,
             stamp, one["updated_at"], "0" * 32, one["state"], one["status"],
             str(one["store_id"]), one["shipping_description"], str(one["grand_total"]),
             one["order_currency_code"], "", *skip, "", "", stamp)
        )  # fmt: skip
        events.append((number, stamp, "order_read", *skip, ""))
        lines += [
            (number, place, str(row["item_id"]), row["sku"], row["name"], row["product_type"],
             str(row["qty_ordered"]), str(row["qty_shipped"]), str(row["qty_ordered"]),
             str(row["weight"]), 1, "")
            for place, row in enumerate(one["items"])
        ]  # fmt: skip
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, orders)
    connection.executemany(LINE, lines)
    connection.executemany(EVENT, events)
    connection.execute("COMMIT")


class _Reading:
    """A program with one Magento store, and the reading of its orders."""

    def __init__(self, folder: Path, url: str) -> None:
        os.environ.update({f"BACKHAUL_SECRET_SHOP_{one.upper()}": "x" * 32 for one in SECRETS})
        self.program = open_program(folder, is_engine=True)
        shop = self.program.connections.add("magento", "Shop", {"base_url": url}, actor="bench")
        route = self.program.routes.add_orders(
            shop, mode=None, interval_s=3600, start_at=0, stores=frozenset(), with_address=False,
            actor="bench",
        )  # fmt: skip
        self._route_id = route.task.route.id

    def run(self) -> None:
        """Let the engine run until it read everything there is to read."""
        done, begun = threading.Event(), self.program.clock.now_ms()

        def changed(event: RouteChanged) -> None:
            task = self.program.routes.one(self._route_id).task
            if task.running_since is None and (task.ran_at or 0) >= begun:
                assert not task.result_code, task.result_code
                if task.again_from is None:
                    done.set()

        stop = self.program.bus.subscribe(RouteChanged, changed)
        engine = self.program.engine()
        engine.start()
        done.wait()
        stop()
        engine.stop(5.0)

    def again(self) -> None:
        """Let everything be read once more."""
        self.program.routes.fetch_from(self._route_id, 0, actor="bench")

    def close(self, count: int) -> dict[str, float]:
        """The peak of memory so far; all orders must be there."""
        assert self.program.orders.count(OrderFilter()) == count
        self.program.close()
        return {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def ours(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The shipped path."""
    with harness.stub_shop("--orders", arguments.n, script="stub_orders.py") as url:
        reading = _Reading(folder, url)
        return {**harness.rate(arguments.n, reading.run), **reading.close(arguments.n)}


def again(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Everything a second time."""
    with harness.stub_shop("--orders", arguments.n, script="stub_orders.py") as url:
        reading = _Reading(folder, url)
        reading.run()
        reading.again()
        return {**harness.rate(arguments.n, reading.run), **reading.close(arguments.n)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=100_000)
    goals = [harness.Goal("jobs_per_s", 0.85, "limit"), *harness.at_most(65, "", "rss_mb")]
    peers = {"limit": limit, "ours": ours, "ours-again": again}
    raise SystemExit(harness.main(peers, parser, goals))
