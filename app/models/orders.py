"""Orders as read: a page and the cursor behind it in one transaction. Hot SQL is constant."""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.order_deeds import CommentWish, OrderComment
from app.core.orders import Order, OrderPage, OrderStatus, Reason
from app.models.database import Database
from app.models.order_jobs import enter_comment, enter_jobs
from app.models.order_status import status_of
from app.models.order_writing import EVENT, drop_orders, put_orders, settle
from app.models.outbox import Outbox
from app.models.routes import load_counts
from app.models.rows import dump

_MOVE = """UPDATE routes SET cursor = ?3,
 over_since = CASE WHEN ?8 THEN NULL WHEN ?6 < reached THEN COALESCE(over_since, ?7)
  ELSE over_since END,
 reached = CASE WHEN ?8 THEN NULL ELSE MAX(COALESCE(reached, ?6), COALESCE(?6, reached)) END,
 cycle_counts = CASE WHEN ?8 THEN '' ELSE ?4 END, cycle_left = CASE WHEN ?8 THEN NULL ELSE ?5 END,
 cycle_since = CASE WHEN ?8 THEN NULL ELSE cycle_since END,
 counts = CASE WHEN ?8 THEN ?4 ELSE counts END,
 finished_at = CASE WHEN ?8 THEN ?7 ELSE finished_at END
 WHERE id = ?1 AND cursor = ?2 AND removed_at IS NULL RETURNING over_since"""
# What a person wanted read again. At its end its counts join those of the last whole reading.
_MOVE_AGAIN = """UPDATE routes SET again_cursor = CASE WHEN ?6 THEN '' ELSE ?3 END,
 again_counts = CASE WHEN ?6 THEN '' ELSE ?4 END, again_left = CASE WHEN ?6 THEN NULL ELSE ?5 END,
 again_from = CASE WHEN ?6 THEN NULL ELSE again_from END,
 counts = CASE WHEN ?6 THEN ?7 ELSE counts END
 WHERE id = ?1 AND again_cursor = ?2"""
_NEWER = "SELECT remote_id FROM orders WHERE connection_id = ? AND remote_id = ? AND changed_at > ?"

LOOKED_AT = "looked_at"
"""Among the counts of what is read again: all orders that came, whether they were news or not."""


@dataclass(slots=True)
class Taken:
    """What became of a page: `ids` of orders that are new or stand otherwise than before.

    `counts`: of the whole reading so far. `is_over`: it fell back behind where it had been.
    `jobs`: those that these orders brought along.
    """

    ids: list[int] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    is_over: bool = False
    jobs: tuple[int, ...] = ()


class Orders:
    """The orders of this data file."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._outbox = Outbox(database, clock)

    def take(self, route_id: int, connection_id: int, page: OrderPage, before: str) -> Taken | None:
        """Store a page together with its cursor, all or nothing.

        `before`: the cursor the page was fetched with. None: it is another one by now, or the
        route is gone; then nothing is stored, and whoever moved it goes on.
        Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> Taken | None:
            now = self._clock.now_ms()
            found = connection.execute(
                "SELECT cycle_counts FROM routes WHERE id = ? AND cursor = ? "
                "AND removed_at IS NULL",
                (route_id, before),
            ).fetchone()
            if found is None:
                return None
            counts = Counter(load_counts(found[0]))
            ids = put_orders(connection, connection_id, page.orders, counts, now)
            jobs = enter_jobs(connection, self._outbox, connection_id, page.orders)
            moved = connection.execute(
                _MOVE,
                (route_id, before, page.cursor, dump(counts), page.left, page.position, now,
                 page.is_last),
            ).fetchall()  # fmt: skip
            return Taken(ids, counts, moved[0][0] is not None, jobs)

        return self._database.write(work)

    def take_again(
        self, route_id: int, connection_id: int, page: OrderPage, before: str, *, asked: int
    ) -> Taken | None:
        """As `take`, for what a person wanted to be read again: how far new orders were read is
        left alone. `counts` also has how many were looked at.

        `asked`: that of the task when the reading began; with another one it may be of other
        settings, and is not stored. Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> Taken | None:
            found = connection.execute(
                "SELECT again_counts, counts FROM routes WHERE id = ? AND again_cursor = ? "
                "AND asked = ? AND again_from IS NOT NULL AND removed_at IS NULL",
                (route_id, before, asked),
            ).fetchone()
            if found is None:
                return None
            counts = Counter(load_counts(found[0]))
            ids = put_orders(connection, connection_id, page.orders, counts, self._clock.now_ms())
            jobs = enter_jobs(connection, self._outbox, connection_id, page.orders)
            counts[LOOKED_AT] += len(page.orders)
            whole = Counter(load_counts(found[1])) + counts
            whole.pop(LOOKED_AT, None)
            connection.execute(
                _MOVE_AGAIN,
                (route_id, before, page.cursor, dump(counts), page.left, page.is_last,
                 dump(whole)),
            )  # fmt: skip
            return Taken(ids, counts, jobs=jobs)

        return self._database.write(work)

    def take_found(self, connection_id: int, orders: Sequence[Order]) -> dict[str, int]:
        """Store orders that were looked up one by one; one that was saved later than that stays.

        Returns the numbers of those that are new or stand otherwise than before, by their remote
        ids. What they bring along is entered, too. Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> dict[str, int]:
            found: dict[str, int] = {}
            now = self._clock.now_ms()
            for one in orders:
                asked = (connection_id, one.remote_id, one.changed_at)
                if connection.execute(_NEWER, asked).fetchone():
                    continue
                ids = put_orders(connection, connection_id, [one], Counter(), now)
                enter_jobs(connection, self._outbox, connection_id, [one])
                found |= {one.remote_id: ids[0]} if ids else {}
            return found

        return self._database.write(work)

    def advise(self, route_id: int, advice: Reason | None) -> None:
        """Keep what is to be said of the route's setting; None: nothing any more."""
        code, params = (advice.code, dump(advice.params)) if advice else ("", "")
        self._database.write(
            lambda c: c.execute(
                "UPDATE routes SET advice_code = ?, advice_params = ? WHERE id = ?",
                (code, params, route_id),
            )
        )

    def set_back(
        self,
        order_ids: Sequence[int],
        comment: str,
        actor: str,
        to_store: CommentWish | None = None,
    ) -> list[int]:
        """Set orders back to Pending here; returns those that were.

        What their jobs did stays in the history and counts no more; the next reading that meets
        one takes it as new. One that is being written is left alone. An entry for an order that
        could not be shown goes away: it comes again if it still cannot. `to_store`: the comment
        goes to each order at its source, too, entered in the same commit.
        Raises: UsageError when it is a single one and is left alone.
        """

        def work(connection: sqlite3.Connection) -> list[int]:
            done = []
            for order_id in order_ids:
                found = connection.execute(
                    "SELECT urgency, order_ref, fault_code FROM orders WHERE id = ?", (order_id,)
                ).fetchone()
                if found is None or status_of(found[0]) is OrderStatus.PROCESSING:
                    continue
                if found[2] and not found[1]:
                    drop_orders(connection, [order_id])
                else:
                    self._reset(connection, order_id, comment, actor)
                    if to_store is not None:
                        self._comment(connection, order_id, comment, to_store, actor)
                done.append(order_id)
            if len(order_ids) == 1 and not done:
                raise UsageError("order_processing")
            settle(connection, done)
            return done

        return self._database.write(work)

    def _comment(
        self,
        connection: sqlite3.Connection,
        order_id: int,
        comment: str,
        wish: CommentWish,
        actor: str,
    ) -> None:
        owner, number, remote_id = connection.execute(
            "SELECT connection_id, order_ref, remote_id FROM orders WHERE id = ?", (order_id,)
        ).fetchone()
        now = self._clock.now_ms()
        deed = OrderComment(number, remote_id, comment, wish.notify, wish.visible, now)
        enter_comment(connection, self._outbox, owner, deed, actor)

    def _reset(
        self, connection: sqlite3.Connection, order_id: int, comment: str, actor: str
    ) -> None:
        now = self._clock.now_ms()
        connection.execute(
            "UPDATE orders SET set_back_at = ?, digest = '', skip_code = '', skip_params = '', "
            "fault_code = '', fault_params = '', jobs_after = (SELECT COALESCE(MAX(id), 0) "
            "FROM jobs) WHERE id = ?",
            (now, order_id),
        )
        params = dump({"comment": comment}) if comment else ""
        connection.execute(EVENT, (order_id, now, "order_set_back", "", params, actor))
