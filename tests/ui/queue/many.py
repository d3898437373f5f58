"""Very many rows, put straight into the data file: entering them one by one takes too long."""

from collections.abc import Iterator
from sqlite3 import Connection

from app.models.database import Database

Row = tuple[str | int | None, ...]

_INSERT = (
    "INSERT INTO jobs (public_id, kind, connection_id, order_ref, channel, tracking, "
    "idempotency_key, payload, priority, ship_by, state, created_at, due_set_at, due_at, "
    "reason_code, reason_params, reason_since, attempts, lost, runs, deaths, removing, "
    "finished_at) VALUES (?, 'order.post', 1, ?, ?, ?, ?, ?, 10, 9000000000000000, ?, ?, ?, ?, "
    "?, '', ?, ?, 0, 1, 0, 0, ?)"
)
_KINDS = (
    ("pending", "", 0),
    ("failed", "rejected", 1),
    ("pending", "timeout", 2),
    ("failed", "not_found", 1),
    ("parked", "rejected", 1),
)


def fill(
    database: Database, now: int, *, live: int, finished: int, one_cause: bool = False
) -> None:
    """Finished rows of today, and above them live ones of five causes, or of a single one."""

    def work(connection: Connection) -> None:
        connection.executemany(_INSERT, _rows(now, live, finished, one_cause=one_cause))

    database.write(work)


def _rows(now: int, live: int, finished: int, *, one_cause: bool) -> Iterator[Row]:
    for number in range(finished):
        yield _row(number, now, "succeeded", "", 0, finished_at=now - number % 1000)
    for number in range(finished, finished + live):
        kind = _KINDS[1] if one_cause else _KINDS[number % len(_KINDS)]
        yield _row(number, now, *kind, finished_at=None)


def _row(
    number: int, now: int, state: str, code: str, attempts: int, *, finished_at: int | None
) -> Row:
    order, tracking = f"N{number}", f"1Z23966E{number:010}"
    payload = f'{{"v":1,"order":"{order}","tracking":"{tracking}"}}'
    due = now + 3_600_000 if state == "pending" else None
    return (
        1_700_000_000_000 + number, order, order, tracking, f"1/{order}/{tracking}/0", payload,
        state, now, now, due, code, now, attempts, finished_at,
    )  # fmt: skip
