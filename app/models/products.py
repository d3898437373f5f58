"""Products on their way to a connection: what its jobs carry, and how far a cycle is."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.core.clock import Clock
from app.core.job_types import product_channel, product_job
from app.core.products import ProductUpdate, digest_of, dump_product
from app.core.states import JobState
from app.core.types import NewJob
from app.models.attention import NewItem, add_within
from app.models.database import Database
from app.models.outbox import Outbox
from app.models.rows import dump

# The last job of a product says how it stands there.
_LAST = (
    "SELECT p.digest, p.job_id, p.number, j.state, j.removing FROM products_sent p "
    "JOIN jobs j ON j.id = p.job_id WHERE p.connection_id = ? AND p.channel = ?"
)
_KEEP = (
    "INSERT OR REPLACE INTO products_sent (connection_id, channel, sku, digest, job_id, number, "
    "cycle, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_JOIN_CYCLE = "UPDATE products_sent SET cycle = ? WHERE connection_id = ? AND channel = ?"
# What nobody is sending is given the newer value in its place; a person who parked it decides.
_REPLACE = """UPDATE jobs SET payload = ?1, attempts = 0, lost = 0, deaths = 0, removing = 0,
 state = CASE state WHEN 'parked' THEN 'parked' ELSE 'pending' END, due_set_at = ?3, due_at = ?3,
 reason_code = '', reason_params = '', reason_since = ?3, finished_at = NULL WHERE id = ?2"""
_IN_USE = "SELECT 1 FROM routes WHERE id = ? AND removed_at IS NULL"
_NOTE_JOB = (
    "INSERT INTO history (job_id, connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, 'product_updated', '', '', 0, '', '')"
)
_NOTE_OVER = (
    "INSERT INTO history (connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, 'products_over', '', ?, 0, '', '')"
)
_FINISH = (
    "UPDATE routes SET cursor = ?2, counts = ?3, finished_at = ?4, over_since = ?5, "
    "cycle_since = NULL WHERE id = ?1"
)
_LEFT = "(state IN ('pending', 'in_flight') OR state = 'in_doubt' AND due_at IS NOT NULL)"
_PROGRESS = f"""SELECT COUNT(*), COALESCE(SUM({_LEFT}), 0), COALESCE(SUM(state = 'failed'
 OR state = 'in_doubt' AND due_at IS NULL), 0) FROM products_sent p JOIN jobs j ON j.id = p.job_id
 WHERE p.connection_id = ? AND p.cycle = ?"""
_WAITS_FOR = """SELECT reason_code, reason_params FROM products_sent p JOIN jobs j
 ON j.id = p.job_id WHERE p.connection_id = ? AND p.cycle = ? AND state IN ('pending', 'in_doubt')
 AND reason_code <> '' GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1"""
# One that failed after a newer value had been put behind it has nothing to say any more.
_SUPERSEDE = """UPDATE jobs SET discarded_from = state, state = 'discarded', finished_at = ?2,
 reason_code = 'product_superseded', reason_params = '', reason_since = ?2
 WHERE state IN ('failed', 'parked') AND kind = 'product.update' AND connection_id = ?1
 AND id NOT IN (SELECT job_id FROM products_sent WHERE connection_id = ?1)"""
_OPEN_ITEMS = "SELECT id, same FROM attention WHERE state = 'open' AND source = ?"
_SETTLE = "UPDATE attention SET state = 'resolved', closed_at = ? WHERE id = ?"
_FORGET = "DELETE FROM attention WHERE state = 'resolved' AND kind = ? AND same = ?"

_ON_ITS_WAY = frozenset({JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT})
_GONE = frozenset({JobState.DISCARDED})
_REPLACEABLE = frozenset({JobState.PENDING, JobState.FAILED, JobState.PARKED})


class _Last(NamedTuple):
    digest: str
    job_id: int
    number: int
    state: JobState


@dataclass(slots=True)
class ProductsTaken:
    """What became of some products: numbers of new jobs and of those with a newer value.

    `same`: how many are there already, or wait for a person with the same value.
    """

    added: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    on_their_way: int = 0
    same: int = 0


class CycleProgress(NamedTuple):
    """One cycle: its products, those still to come, those that need a person."""

    total: int = 0
    left: int = 0
    need_you: int = 0
    reason_code: str = ""  # what most of those to come wait for; empty: for their turn
    reason_params: str = ""

    @property
    def done(self) -> int:
        """Products of which it is known how it ended."""
        return self.total - self.left


class SentProduct(NamedTuple):
    """A product at a connection, with its last job."""

    connection_id: int
    sku: str
    job_id: int
    at: int


class _Taking:
    """Products of one connection, taken in within one write transaction."""

    def __init__(
        self, connection: sqlite3.Connection, connection_id: int, cycle: int, now: int
    ) -> None:
        self._connection, self._connection_id = connection, connection_id
        self._cycle, self._now = cycle, now
        self.fresh: list[tuple[NewJob, int]] = []  # jobs to be entered, with their numbers
        self.taken = ProductsTaken()

    def one(self, product: ProductUpdate, *, asked: bool) -> None:
        """Decide what becomes of a product."""
        payload, channel = dump_product(product), product_channel(product.sku)
        last, taken = _last(self._connection, self._connection_id, channel), self.taken
        if last is None:
            self.fresh.append((product_job(self._connection_id, product, 0), 0))
        elif last.digest == digest_of(payload) and not (asked and last.state in _GONE):
            if last.state in _ON_ITS_WAY:
                self._connection.execute(_JOIN_CYCLE, (self._cycle, self._connection_id, channel))
                taken.on_their_way += 1
            else:
                taken.same += 1
        elif last.state in _REPLACEABLE:
            self._connection.execute(_REPLACE, (payload, last.job_id, self._now))
            self._connection.execute(_NOTE_JOB, (last.job_id, self._connection_id, self._now))
            self._keep(channel, product.sku, payload, last.job_id, last.number)
            taken.replaced.append(last.job_id)
        else:
            number = last.number + 1
            self.fresh.append((product_job(self._connection_id, product, number), number))

    def entered(self, job_ids: Sequence[int]) -> None:
        """The jobs of `fresh` have these numbers now."""
        for (job, number), job_id in zip(self.fresh, job_ids, strict=True):
            self._keep(job.channel, job.order_ref, job.payload, job_id, number)
        self.taken.added.extend(job_ids)

    def _keep(self, channel: str, sku: str, payload: str, job_id: int, number: int) -> None:
        values = (self._connection_id, channel, sku, digest_of(payload), job_id, number)
        self._connection.execute(_KEEP, (*values, self._cycle, self._now))


class Products:
    """What was sent of each product, and what is to be."""

    def __init__(self, database: Database, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    def take(
        self,
        route_id: int,
        connection_id: int,
        cycle: int,
        products: Sequence[ProductUpdate],
        *,
        asked: bool,
    ) -> ProductsTaken | None:
        """Put into the outbox what differs from what the last job of each product carries; all
        of them or none. None: the route was removed.

        A job that nobody is sending gets the newer value; else a new one follows it. `asked`: a
        person wants it, so also what was removed by one is sent. Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> ProductsTaken | None:
            if connection.execute(_IN_USE, (route_id,)).fetchone() is None:
                return None
            taking = _Taking(connection, connection_id, cycle, self._clock.now_ms())
            for product in products:
                taking.one(product, asked=asked)
            entered = self._outbox.enter_within(connection, [job for job, _ in taking.fresh], "")
            taking.entered([one.job_id for one in entered])
            return taking.taken

        return self._database.write(work)

    def finish(
        self,
        route_id: int,
        connection_id: int,
        cursor: str,
        counts: dict[str, int],
        items: Sequence[NewItem],
        *,
        source: str,
        over: CycleProgress | None,
    ) -> bool:
        """The file was read to its end. `items` are all that is wrong with it: what was said of
        `source` before and is not among them is settled. `over`: the cycle before, when it had
        not come to its end. True when the items changed. Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> bool:
            now = self._clock.now_ms()
            over_since = None if over is None else now
            connection.execute(_FINISH, (route_id, cursor, dump(counts), now, over_since))
            connection.execute(_SUPERSEDE, (connection_id, now))
            if over is not None:
                params = dump({"done": over.done, "of": over.total})
                connection.execute(_NOTE_OVER, (connection_id, now, params))
            return _keep_items(connection, source, items, now)

        return self._database.write(work)

    def forget(self, connection_id: int) -> None:
        """From now on nothing is known of what is there: everything is sent at the next run.

        Raises: StorageError.
        """
        self._database.write(
            lambda c: c.execute(
                "UPDATE products_sent SET digest = '' WHERE connection_id = ?", (connection_id,)
            )
        )

    def keep_mark(self, route_id: int, cursor: str) -> None:
        """The file was looked at and holds nothing else than before. Raises: StorageError."""
        self._database.write(
            lambda c: c.execute(
                "UPDATE routes SET cursor = ?, cycle_since = NULL WHERE id = ?", (cursor, route_id)
            )
        )

    def progress(self, connection_id: int, cycle: int) -> CycleProgress:
        """How far a cycle is, from its jobs."""
        total, left, need_you = self._database.read(_PROGRESS, (connection_id, cycle))[0]
        if not left:
            return CycleProgress(total, left, need_you)
        why = self._database.read(_WAITS_FOR, (connection_id, cycle))
        return CycleProgress(total, left, need_you, *(why[0] if why else ("", "")))

    def of_sku(self, sku: str) -> list[SentProduct]:
        """A product at every connection that got it."""
        rows = self._database.read(
            "SELECT connection_id, sku, job_id, at FROM products_sent WHERE channel = ? "
            "AND connection_id IN (SELECT id FROM connections) ORDER BY 1",
            (product_channel(sku),),
        )
        return [SentProduct(*row) for row in rows]

    def sent(
        self, connection_id: int | None, *, states: Sequence[JobState] = (), limit: int = 100
    ) -> list[SentProduct]:
        """Products with their last jobs, what was changed last first; `states`: of those jobs."""
        parts, parameters = ["1"], list[Any]()
        if connection_id is not None:
            parts.append("p.connection_id = ?")
            parameters.append(connection_id)
        if states:
            parts.append(f"j.state IN ({', '.join('?' * len(states))})")
            parameters += [state.value for state in states]
        rows = self._database.read(
            "SELECT p.connection_id, p.sku, p.job_id, p.at FROM products_sent p "
            f"JOIN jobs j ON j.id = p.job_id WHERE {' AND '.join(parts)} "
            "ORDER BY p.at DESC, p.job_id DESC LIMIT ?",
            (*parameters, limit),
        )
        return [SentProduct(*row) for row in rows]


def _last(connection: sqlite3.Connection, connection_id: int, channel: str) -> _Last | None:
    row = connection.execute(_LAST, (connection_id, channel)).fetchone()
    if row is None:
        return None
    digest, job_id, number, state, removing = row
    # What goes to the bin as soon as its answer is in was removed already.
    return _Last(digest, job_id, number, JobState.DISCARDED if removing else JobState(state))


def _keep_items(
    connection: sqlite3.Connection, source: str, items: Sequence[NewItem], now: int
) -> bool:
    wrong = {item.same for item in items}
    over = [row[0] for row in connection.execute(_OPEN_ITEMS, (source,)) if row[1] not in wrong]
    connection.executemany(_SETTLE, [(now, item_id) for item_id in over])
    connection.executemany(_FORGET, [(item.kind, item.same) for item in items])
    return bool(add_within(connection, items, now)) or bool(over)
