"""P4, the list of the window over a large outbox: 50,000 rows that are not settled, 1,000,000 done.

Milliseconds from the act until the rows in view are there and painted. The limit of `open` is
Qt's own QSqlQueryModel in a QTableView on the same file. freeze_ms: the longest time the window's
thread did not answer; rss_mb: memory after everything.
"""

import argparse
import os
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import harness

from app.core.clock import SystemClock
from app.models.filters import SHOWN
from app.models.opening import FILE_NAME, open_store
from app.models.outbox import INSERT_JOB
from app.models.rows import JOB_COLUMNS, NO_DEADLINE

_SIZE = (1050, 2700)  # 48 rows in view
_STATES = ("pending", "failed", "pending", "parked", "pending")
_DAY_MS = 86_400_000
_PER_DONE_MS = 30_000  # 1,000,000 done are a year of a busy shop
_REASON = '{"host":"shop","status":500}'
_SETTINGS = '{"base_url":"http://127.0.0.1:9"}'


def seeded(arguments: argparse.Namespace) -> Path:
    """The data folder, made once for all rounds."""
    root = Path(os.environ.get("BENCH_TMP") or tempfile.gettempdir())
    folder = root / f"backhaul-p4-{arguments.live}-{arguments.done}"
    if not (folder / "ready").exists():
        clock = SystemClock()
        connection = open_store(folder, clock).database.connection()
        fill(connection, arguments.live, arguments.done, clock.now_ms())
        connection.close()
        (folder / "ready").touch()
    return folder


def fill(connection: sqlite3.Connection, live: int, done: int, now: int) -> None:
    """Rows as the program leaves them, written in one go."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO connections (id, name, kind, settings, is_practice, created_at, block_code, "
        "block_params, block_looks_again, failures, held_set_at, held_until) VALUES "
        "(1, 'Front desk', 'printsmith', ?, 0, 1, '', '', 0, 0, 0, 0)", (_SETTINGS,),
    )  # fmt: skip
    connection.executemany(INSERT_JOB, rows(live + done, now))
    connection.execute(
        "UPDATE jobs SET state = 'succeeded', due_at = NULL, attempts = 1, runs = 1, "
        "finished_at = ?1 - (?2 - id) * ?3 WHERE id <= ?2", (now, done, _PER_DONE_MS),
    )  # fmt: skip
    for place, state in enumerate(_STATES):
        due = now + _DAY_MS if state == "pending" else None
        connection.execute(
            "UPDATE jobs SET state = ?, due_at = ?, attempts = 3, reason_code = 'server_error', "
            "reason_params = ? WHERE id > ? AND id % ? = ?",
            (state, due, _REASON, done, len(_STATES), place),
        )
    connection.execute("COMMIT")


def rows(count: int, now: int) -> Iterator[tuple[Any, ...]]:
    """The parameters of INSERT_JOB, oldest first."""
    for number in range(1, count + 1):
        order, entered = str(100_000 + number), now - 2 * count + number
        tracking = f"1Z23966E{number:010}"
        payload = f'{{"v":1,"order":"{order}","tracking":"{tracking}"}}'
        yield (
            number, entered, "order.post", 1, order, order, tracking, f"1/{order}/{tracking}/0",
            payload, 10, NO_DEADLINE, entered, entered, entered, "", "", entered, None, None,
        )  # fmt: skip


class Stopwatch:
    """Runs Qt's events until something holds."""

    def __init__(self) -> None:
        from PySide6.QtCore import QEventLoop  # noqa: PLC0415 - the window is measured apart
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        self.app = QApplication([])
        self._wait = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        self._dispatcher = self.app.eventDispatcher()

    def ms(self, act: Callable[[], object], holds: Callable[[], bool]) -> float:
        """Milliseconds from the act until it holds and all that follows is painted."""
        begun = time.perf_counter()
        act()
        while not holds():
            self._dispatcher.processEvents(self._wait)
        self.app.processEvents()
        return (time.perf_counter() - begun) * 1000


def ours(arguments: argparse.Namespace, folder: Path) -> Mapping[str, float]:
    """The page as the window has it."""
    from app.bootstrap import open_program  # noqa: PLC0415
    from app.services.queue_page import Slice  # noqa: PLC0415
    from app.ui.bridge import Bridge  # noqa: PLC0415
    from app.ui.queue.view import ManagerPage  # noqa: PLC0415
    from app.ui.theme import Theme  # noqa: PLC0415
    from tests.ui.heartbeat import heartbeat  # noqa: PLC0415

    watch = Stopwatch()
    theme = Theme(watch.app, "light")
    program = open_program(seeded(arguments), is_engine=False)
    bridge = Bridge(program.bus, program.end_thread)
    pages: list[ManagerPage] = []

    def open_page() -> None:
        page = ManagerPage(program, bridge, "bench")
        page.resize(*_SIZE)
        page.show()
        pages.append(page)

    def is_there() -> bool:
        page = pages[0]
        if page.model.is_loading:
            return False
        first, last = page.table.visible_rows()
        return all(page.model.loaded(row) for row in range(first, last + 1))

    found = {"open_ms": watch.ms(open_page, lambda: is_there() and pages[0].model.rowCount() > 0)}
    page = pages[0]
    bar = page.table.verticalScrollBar()

    def settle() -> None:
        """The numbers beside the list come later: what follows is measured without them."""
        ends = time.monotonic() + 0.3
        while time.monotonic() < ends:
            watch.app.processEvents()
            time.sleep(0.005)

    def show(wanted: Slice) -> Callable[[], object]:
        return lambda: page.chips.chosen.emit(wanted)

    settle()
    steps: dict[str, list[tuple[Callable[[], object], int]]] = {
        "filter_ms": [(show(Slice.NEEDS_YOU), 0), (show(Slice.DONE), 0), (show(Slice.ALL), 0)],
        "page_ms": [(lambda: bar.setValue(bar.value() + bar.pageStep()), 0)] * 5,
        "end_ms": [(lambda: bar.setValue(bar.maximum()), 0)],
    }
    with heartbeat() as beat:
        for name, acts in steps.items():
            times = []
            for act, _ in acts:
                times.append(watch.ms(act, is_there))
                settle()
            found[name] = (statistics.median if name == "page_ms" else max)(times)
    found["freeze_ms"] = beat.longest_ms
    found["rss_mb"] = rss_mb()
    assert page.model.rowCount() == arguments.live, page.model.rowCount()
    theme.deleteLater()
    _leave(found)
    return found


def query_model(arguments: argparse.Namespace, folder: Path) -> Mapping[str, float]:
    """Qt's own: a query in a table, on the main thread."""
    from PySide6.QtSql import QSqlDatabase, QSqlQueryModel  # noqa: PLC0415
    from PySide6.QtWidgets import QTableView  # noqa: PLC0415

    watch = Stopwatch()
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(str(seeded(arguments) / FILE_NAME))
    assert database.open()
    tables: list[QTableView] = []

    def open_table() -> None:
        table, model = QTableView(), QSqlQueryModel()
        model.setParent(table)
        model.setQuery(
            f"SELECT {JOB_COLUMNS} FROM jobs INDEXED BY jobs_live WHERE {SHOWN} ORDER BY id DESC"
        )
        table.setModel(model)
        table.verticalHeader().setDefaultSectionSize(52)
        table.resize(*_SIZE)
        table.show()
        tables.append(table)

    found = {"open_ms": watch.ms(open_table, lambda: tables[0].model().rowCount() > 0)}
    found["rss_mb"] = rss_mb()
    _leave(found)
    return found


def rss_mb() -> float:
    """The most memory this process had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _leave(found: Mapping[str, float]) -> None:
    """Qt's objects are not taken apart in order here: report, and end at once."""
    print("RESULT " + harness.json.dumps(found), flush=True)
    os._exit(0)


def ours_small(arguments: argparse.Namespace, folder: Path) -> Mapping[str, float]:
    """The same page over a full view and no more: what memory it needs whatever lies below."""
    return ours(argparse.Namespace(live=50, done=0), folder)


PEERS: dict[str, harness.Peer] = {
    "query-model": query_model,
    "ours-50-rows": ours_small,
    "ours": ours,
}
GOALS = [
    *harness.at_most(1.2, "query-model", "open_ms"),
    *harness.at_most(40, "", "filter_ms"),
    *harness.at_most(15, "", "page_ms"),
    *harness.at_most(40, "", "end_ms"),
    *harness.at_most(50, "", "freeze_ms"),
    *harness.at_most(1.1, "ours-50-rows", "rss_mb"),
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", type=int, default=50_000)
    parser.add_argument("--done", type=int, default=1_000_000)
    chosen = parser.parse_known_args()[0]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seeded(chosen)
    raise SystemExit(harness.main(PEERS, parser, GOALS))
