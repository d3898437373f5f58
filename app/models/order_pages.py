"""Lists of orders by position, over any number of them.

Where an index holds a list in its order, a page is read from the nearer end. Every other list is
sorted once, and the numbers of its orders are kept: eight bytes each.
"""

import json
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from app.core.orders import OrderFilter, OrderSort, OrderStatus, StoredOrder
from app.models.database import Database
from app.models.order_filter import Part, order_by, parts_of, where_of
from app.models.order_rows import ORDER_COLUMNS, to_order
from app.models.order_status import status_of

Ids: TypeAlias = "array[int]"
Stop = Callable[[], bool]

_NEAR = 2_000
"""Orders from the top that are passed over without asking how many there are."""

_KEPT_LISTS, _MARKS = 2, 20


@dataclass(frozen=True, slots=True)
class _Kept:
    ids: Ids
    change: int


class _Mark(NamedTuple):
    """What stands at a position of a part, while nothing changes."""

    change: int
    at: int
    key: tuple[Any, ...]


class _Way(NamedTuple):
    """A way to a stretch of a part: how many orders are passed over, in which direction."""

    skip: int
    order: str
    more: str = ""
    key: tuple[Any, ...] = ()


class OrderPages:
    """Read-only; for threads aside of the window's, several at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[OrderFilter, OrderSort], _Kept] = OrderedDict()
        self._marks: dict[Part, _Mark] = {}
        self._counts: dict[OrderFilter, tuple[int, dict[OrderStatus, int]]] = {}

    def change(self) -> int:
        """A number that rises with every change of an order."""
        return int(self._database.read("SELECT number FROM order_changes")[0][0])

    def counts(self, wanted: OrderFilter) -> dict[OrderStatus, int]:
        """How many orders of each status fit; `wanted.statuses` does not count."""
        wanted = wanted._replace(statuses=frozenset())
        change = self.change()
        held = self._counts.get(wanted)
        if held is not None and held[0] == change:
            return held[1]
        where, parameters = where_of(wanted)
        rows = self._database.read(
            "SELECT o.urgency, COUNT(*) FROM orders o INDEXED BY orders_urgency "
            f"WHERE {where} GROUP BY 1",
            parameters,
        )
        found = {status_of(number): count for number, count in rows}
        counted = {status: found.get(status, 0) for status in OrderStatus}
        if len(self._counts) > _KEPT_LISTS:
            self._counts.clear()
        self._counts[wanted] = (change, counted)
        return counted

    def count(self, wanted: OrderFilter) -> int:
        """How many orders fit, exactly."""
        change = self.change()
        for (kept, _), list_of in tuple(self._kept.items()):
            if kept == wanted and list_of.change == change:
                return len(list_of.ids)
        counted = self.counts(wanted)
        return sum(counted[status] for status in wanted.statuses or counted)

    def page(
        self, wanted: OrderFilter, sort: OrderSort, first: int, count: int, *, kept: bool
    ) -> list[StoredOrder]:
        """The orders from that position on; `kept`: the list as it was sorted before will do."""
        parts = parts_of(wanted, sort)
        if parts:
            return self.rows(self._from_parts(wanted, parts, first, count))
        ids = self._sorted(wanted, sort, kept=kept)[first : first + count]
        found = self.rows(ids)
        if kept and len(found) < len(ids):  # one of them is gone: those below moved up
            return self.page(wanted, sort, first, count, kept=False)
        return found

    def rows(self, ids: Sequence[int]) -> list[StoredOrder]:
        """These orders, in this order; numbers that are unknown are left out."""
        if not ids:
            return []
        rows = self._database.read(
            f"SELECT {ORDER_COLUMNS} FROM json_each(?) k CROSS JOIN orders o ON o.id = k.value "
            "ORDER BY k.key",
            (json.dumps(list(ids)),),
        )
        return [to_order(row) for row in rows]

    def position(self, order_id: int, wanted: OrderFilter, sort: OrderSort) -> int | None:
        """Where an order stands in that list, from 0; None: it is not in it."""
        parts = parts_of(wanted, sort)
        if not parts:
            ids = self._sorted(wanted, sort, kept=False)
            try:
                return ids.index(order_id)
            except ValueError:
                return None
        above = 0
        for part in parts:
            found = self._above(order_id, part)
            if found is not None:
                return above + found
            if part.status is not None:
                above += self.counts(wanted)[part.status]
        return None

    def ids(self, wanted: OrderFilter, sort: OrderSort, stop: Stop | None = None) -> Ids:
        """The numbers of all orders of that list, as they are now.

        Raises: Stopped soon after `stop` says True; StorageError.
        """
        found: Ids | None = None
        for part in parts_of(wanted, sort) or [_whole(wanted, sort)]:
            sql = f"SELECT o.id FROM {part.source} WHERE {part.where} ORDER BY {part.forwards}"
            more = self._database.numbers(sql, part.parameters, stop)
            found = more if found is None else found + more
        return array("q") if found is None else found

    def _sorted(self, wanted: OrderFilter, sort: OrderSort, *, kept: bool) -> Ids:
        """One sorting at a time: whoever asks for the same list waits for it."""
        with self._lock:
            change, key = self.change(), (wanted, sort)
            held = self._kept.get(key)
            if held is None or not (kept or held.change == change):
                held = _Kept(self.ids(wanted, sort), change)
                self._kept[key] = held
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT_LISTS:
                self._kept.popitem(last=False)
            return held.ids

    def _from_parts(
        self, wanted: OrderFilter, parts: Sequence[Part], first: int, count: int
    ) -> list[int]:
        """The numbers at these positions."""
        if len(parts) == 1 and first <= _NEAR:
            return self._read(parts[0], first, count, None)
        ids: list[int] = []
        for part in parts:
            counted = self.counts(wanted)
            total = self.count(wanted) if part.status is None else counted[part.status]
            if first < total:
                ids += self._read(part, first, min(count - len(ids), total - first), total)
            first = max(0, first - total)
            if len(ids) >= count:
                break
        return ids

    def _read(self, part: Part, first: int, count: int, total: int | None) -> list[int]:
        """The numbers at these positions of a part, counted from whatever is nearest: its top,
        its end, or where it was read before. `count` never goes beyond a `total` that is given."""
        change, mark = self.change(), self._marks.get(part)
        ways = [_Way(first, part.forwards)]
        if total is not None:
            ways.append(_Way(total - first - count, part.backwards))
        if mark is not None and mark.change == change and first >= mark.at:
            ways.append(_Way(first - mark.at, part.forwards, _from(part.forwards), mark.key))
        elif mark is not None and mark.change == change and total is not None:
            skip = mark.at - first - count + 1
            ways.append(_Way(skip, part.backwards, _from(part.backwards), mark.key))
        way = min((one for one in ways if one.skip >= 0), key=lambda one: one.skip)
        rows = self._database.read(
            f"SELECT o.id, {_keys(part.forwards)} FROM {part.source} WHERE {part.where} {way.more} "
            f"ORDER BY {way.order} LIMIT ? OFFSET ?",
            (*part.parameters, *way.key, count, way.skip),
        )
        if way.order == part.backwards:
            rows.reverse()
        if rows and first > _NEAR:
            if len(self._marks) > _MARKS:
                self._marks.clear()
            self._marks[part] = _Mark(change, first, rows[0][1:])
        return [row[0] for row in rows]

    def _above(self, order_id: int, part: Part) -> int | None:
        """How many orders of a part stand before that one; None: it is not in it."""
        keys = _keys(part.forwards)
        sign = ">" if part.forwards.endswith("DESC") else "<"
        inside = self._database.read(
            f"SELECT {keys} FROM orders o WHERE o.id = ? AND {part.where}",
            (order_id, *part.parameters),
        )
        if not inside:
            return None
        rows = self._database.read(
            f"SELECT COUNT(*) FROM {part.source} WHERE {part.where} AND ({keys}) {sign} (?, ?)",
            (*part.parameters, *inside[0]),
        )
        return int(rows[0][0])


def _keys(order: str) -> str:
    return order.replace(" DESC", "")


def _from(order: str) -> str:
    """The condition that begins a list at a known place, that one included."""
    return f"AND ({_keys(order)}) {'<=' if order.endswith('DESC') else '>='} (?, ?)"


def _whole(wanted: OrderFilter, sort: OrderSort) -> Part:
    where, parameters = where_of(wanted)
    return Part("orders o", where, parameters, order_by(sort), "")
