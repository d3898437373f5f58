"""What other processes do in tests: `python -m tests.children NAME FOLDER …`.

Each says `ready` when it is, and stops when its input ends.
"""

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from app.bootstrap import open_program
from app.core.clock import SystemClock
from app.core.errors import StorageError, UsageError
from app.core.events import SyncProgress
from app.core.rates import Bucket, Rate
from app.models.budgets import Budgets
from app.models.connections import Connections
from app.models.migrations import STEPS
from app.models.opening import FILE_NAME, open_store
from app.models.outbox import Outbox
from app.services import intake_rows
from app.services.intake_import import import_file
from app.services.ownership import Ownership
from tests.builders import a_new_job, some_new_jobs

CLOCK = SystemClock()


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def heard() -> bool:
    """Wait for a line; False when the test is over."""
    return bool(sys.stdin.readline())


def enter(folder: Path, stem: str, count: str) -> None:
    """Enter so many jobs, each on its own, as fast as it goes; says what went wrong."""
    database = open_store(folder, CLOCK).database
    outbox = Outbox(database, CLOCK)
    say("ready")
    heard()
    troubles = []
    for job in some_new_jobs(int(count), stem=stem):
        try:
            outbox.enter([job], stem)
        except StorageError as error:
            troubles.append(str(error))
    say(troubles)
    database.close_thread()


def enter_on(folder: Path, stem: str, quietly: str = "") -> None:
    """Enter jobs without a gap until killed; says each number when it is on disk."""
    database = open_store(folder, CLOCK).database
    if not database.read("SELECT 1 FROM connections"):
        Connections(database, CLOCK).add("Shop", "printsmith", {}, is_practice=False, actor="")
    outbox = Outbox(database, CLOCK)
    say("ready")
    heard()
    number = 0
    while True:
        number += 1
        outbox.enter([a_new_job(f"{stem}{number}", f"{stem}T{number}")], stem)
        if not quietly:
            say(number)


def import_rows(folder: Path, file: str) -> None:
    """Import a carrier file in small commits; says how many rows are in after each."""
    intake_rows.CHUNK_ROWS = 20
    program = open_program(folder, is_engine=False)

    def watch(done: int, total: int) -> None:
        say(done)
        heard()

    import_file(program.file_intake, Path(file), 1, {}, actor="desk", watch=watch)
    say("all")
    program.close()


def hold(folder: Path) -> None:
    """Keep the whole file locked until a line comes, as a virus scanner does."""
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("UPDATE store SET visits = visits")
    say("ready")
    heard()
    connection.execute("ROLLBACK")
    connection.close()


def write_on(folder: Path) -> None:
    """Keep a write transaction open until a line comes; others can read."""
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    say("ready")
    heard()
    connection.execute("ROLLBACK")
    connection.close()


def die_before_commit(folder: Path) -> None:
    """Killed after the rows were written and before they are committed."""
    database = open_store(folder, CLOCK).database

    def traced(statement: str) -> None:
        if statement == "COMMIT":
            os.kill(os.getpid(), signal.SIGKILL)

    database.connection().set_trace_callback(traced)
    say("ready")
    heard()
    Outbox(database, CLOCK).enter(some_new_jobs(50, stem="LOST"), "desk")
    say("entered")


def claim_and_wait(folder: Path, lease: str) -> None:
    """Claim a job and never come back."""
    job = Outbox(open_store(folder, CLOCK).database, CLOCK).claim(1, lease)
    say(job and job.id)
    heard()


def die_in_migration(folder: Path, place: str) -> None:
    """Migrate to a version with one more step, and end inside it or around its commit."""
    seen: list[str] = []

    def traced(statement: str) -> None:
        if (statement == "COMMIT" and place == "before commit") or "COMMIT" in seen:
            os._exit(9)
        seen.append(statement)

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (a)")
        connection.execute("UPDATE jobs SET order_ref = 'half'")
        if place == "inside":
            os._exit(9)
        connection.set_trace_callback(traced)

    open_store(folder, CLOCK, steps=[*STEPS, step])
    say("survived")


def write_as_nobody(folder: Path) -> None:
    """Open the store, write to it, and say how that went: without the rights of root."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        database = open_store(folder, CLOCK).database
        database.write(lambda c: c.execute("UPDATE store SET visits = visits + 1"))
        database.close_thread()
        say("written")
    except StorageError as error:
        say(json.dumps([error.code, dict(error.params)]))


def migrate(folder: Path) -> None:
    """Open the store when told to, as several processes do after an update."""
    say("ready")
    heard()
    opened = open_store(folder, CLOCK)
    say(opened.uid)
    opened.database.close_thread()


def take_tokens(folder: Path, count: str) -> None:
    """Add one to a bucket so many times."""
    database = open_store(folder, CLOCK).database

    def one_more(bucket: Bucket | None) -> Bucket:
        return Bucket(Rate(1.0, 1), (bucket.tat_ms if bucket else 0) + 1, 0, 0)

    say("ready")
    heard()
    for _ in range(int(count)):
        Budgets(database).update(1, "write", one_more)
    say("done")
    database.close_thread()


def own(folder: Path) -> None:
    """Take the folder when told to, say how that went, and keep it until the end."""
    say("ready")
    heard()
    ownership = Ownership(folder, CLOCK)
    try:
        ownership.take()
        say(f"owns {os.getpid()}")
    except UsageError as error:
        say(f"{error.code} {error.params['pid']}")
    heard()


def read_orders(folder: Path) -> None:
    """Run the engine; says how many orders are in after each page, and when the reading is over."""
    program = open_program(folder, is_engine=True)
    program.bus.subscribe(SyncProgress, lambda event: say(event.done if event.left else "all"))
    engine = program.engine()
    engine.start()
    heard()
    engine.stop()
    program.close()


ACTIONS: dict[str, Callable[..., None]] = {
    action.__name__: action
    for action in (
        enter, enter_on, import_rows, hold, write_on, die_before_commit, claim_and_wait,
        die_in_migration, write_as_nobody, migrate, take_tokens, own, read_orders,
    )
}  # fmt: skip

if __name__ == "__main__":
    ACTIONS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
