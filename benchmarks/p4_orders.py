"""P4, orders: what the ORDERS page waits for, on 1,000,000 orders, without a window.

Every figure is in milliseconds, the slowest of some; page, middle and end are read as the page
reads them, 128 orders in words. `first_…`: the first page of a list that is sorted anew, which
runs aside and is kept: `kept_…` is any page of it after that.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import harness

from app.bootstrap import open_program
from app.core.orders import (
    NEWEST_FIRST,
    OrderColumn,
    OrderFilter,
    OrderSort,
    OrderStatus,
)

BLOCK = 128
ALL = OrderFilter()


def _ms(work: Callable[[], object], times: int = 5) -> float:
    """The slowest of some."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        assert work() is not None
        taken.append((time.perf_counter() - begun) * 1000)
    return max(taken)


def ours(arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    """The view behind the page."""
    aside = [sys.executable, str(harness.HERE / "order_stock.py"), str(folder), str(arguments.n)]
    environment = {**os.environ, "PYTHONPATH": str(harness.HERE.parent)}
    subprocess.run(aside, check=True, env=environment)  # its memory is not the program's
    program = open_program(folder, is_engine=False)
    view, end = program.orders, arguments.n
    by_status, by_number = OrderSort(OrderColumn.STATUS, False), OrderSort(OrderColumn.ORDER, False)
    failed = OrderFilter(statuses=frozenset({OrderStatus.FAILED}))
    shop, total = OrderFilter(connection_id=2), OrderSort(OrderColumn.TOTAL, True)
    found = {"open": _ms(lambda: view.page(ALL, NEWEST_FIRST, 0, BLOCK // 2), 1)}
    found |= {"count": _ms(lambda: view.counts(ALL), 1)}
    for name, sort in (("placed", NEWEST_FIRST), ("status", by_status), ("number", by_number)):
        found |= {
            f"{name}_top": _ms(lambda sort=sort: view.page(ALL, sort, 0, BLOCK)),
            f"{name}_jump": _ms(lambda sort=sort: view.page(ALL, sort, end // 2, BLOCK), 1),
            f"{name}_middle": _ms(lambda sort=sort: view.page(ALL, sort, end // 2 + BLOCK, BLOCK)),
            f"{name}_end": _ms(lambda sort=sort: view.page(ALL, sort, end - BLOCK, BLOCK)),
        }
    found |= {
        "filter": _ms(lambda: (view.page(failed, NEWEST_FIRST, 0, BLOCK), view.count(failed))),
        "shop": _ms(lambda: (view.page(shop, NEWEST_FIRST, 0, BLOCK), view.count(shop))),
        "shop_middle": _ms(lambda: view.page(shop, NEWEST_FIRST, end // 20, BLOCK)),
        "position": _ms(lambda: view.position(end // 2, ALL, NEWEST_FIRST)),
    }
    for column in set(OrderColumn) - {OrderColumn.STATUS, OrderColumn.PLACED, OrderColumn.ORDER}:
        sort = OrderSort(column, True)
        found[f"first_{column}"] = _ms(lambda sort=sort: view.page(ALL, sort, 0, BLOCK), 1)
    view.page(ALL, total, 0, BLOCK)
    found["kept_middle"] = _ms(lambda: view.page(ALL, total, end // 2, BLOCK))
    text = OrderFilter(text="miller77")
    found["first_text"] = _ms(lambda: view.page(text, NEWEST_FIRST, 0, BLOCK), 1)
    found["count_text"] = _ms(lambda: view.count(text), 1)
    program.close()
    return {**found, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_000_000)
    at_once, soon = ["open", "filter"], ["count", "shop"]  # figures on chips come a little later
    jumps, pages = [], ["kept_middle"]
    for name in ("placed", "status", "number"):
        jumps += [f"{name}_end", f"{name}_jump"]
        pages += [f"{name}_top", f"{name}_middle"]
    goals = [
        *harness.at_most(40, "", *at_once, *jumps),
        *harness.at_most(15, "", *pages),
        *harness.at_most(100, "", *soon, "rss_mb"),
    ]
    raise SystemExit(harness.main({"ours": ours}, parser, goals))
