"""Where a reading of the store's orders stands, and the one list call behind each step.

Orders move between pages while they are read, because they are being saved. So no step trusts a
page number: the next one asks again from the last stamp that was seen, and a second that holds
more orders than a page is read by their ids. Source: Magento contract, section 4.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.core.errors import Rejected, TransientError
from app.integrations.magento.client import Params, StoreClient, conditions, sorted_by
from app.integrations.magento.order_documents import Listed, read_page

OVERLAP_S = 120
_DAY_S = 86_400
_SIZE = 64  # a power of two: a page that fails is read in halves, down to one order
_LIMIT = re.compile(r"pageSize is (\d+)")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?")
_COUNT_PAGES = (1_000_000, 1, 2, 3, 5, 9, 17, 33)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reading got; all stamps in seconds since 1970, by the store's own clock.

    `mark`: the newest stamp of the last whole reading, None before the first. `since` None: no
    reading is under way. `after`: the orders of the second `since` are being read by their ids,
    and this is the last one. `top`: the newest stamp of this reading.
    """

    mark: int | None = None
    since: int | None = None
    after: int | None = None
    page: int = 1
    top: int | None = None

    @classmethod
    def load(cls, cursor: str) -> "Position":
        """What `dump` wrote; anything else is a reading that never was."""
        try:
            found = json.loads(cursor) if cursor else {}
            is_ours = isinstance(found, dict) and all(type(v) is int for v in found.values())
            return cls(**found) if is_ours else cls()
        except (ValueError, TypeError):
            return cls()

    def dump(self) -> str:
        """As it is stored."""
        found = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(found, separators=(",", ":"))

    def begun(self, start: int) -> "Position":
        """A new reading: from a little before the mark, never from before the start."""
        since = start if self.mark is None else max(start, self.mark - OVERLAP_S)
        return replace(self, since=since, after=None, page=1, top=self.mark)

    def set_back(self, store_now: int | None, start: int) -> "Position":
        """The store's own clock was set back: what it saves now is stamped before the mark."""
        if store_now is None or self.mark is None or store_now >= self.mark - OVERLAP_S:
            return self
        return replace(self, since=max(start, store_now - OVERLAP_S, self.mark - _DAY_S))

    def ended(self) -> "Position":
        """The whole list was read: its newest stamp is the mark."""
        return Position(mark=self.top)

    def seen(self, stamps: Sequence[int], latest: int) -> "Position":
        """With the newest of these stamps; one beyond `latest` is no time that anybody lived."""
        known = [stamp for stamp in stamps if stamp <= latest]
        top = max([*known, *(() if self.top is None else (self.top,))], default=None)
        return replace(self, top=top)

    def following(self, keys: Sequence[tuple[int, int]], *, is_end: bool) -> "Position":
        """Where the next step begins, after a page with these stamps and ids.

        Only called while there is more to come.
        """
        since = self.since or 0
        if self.after is not None:
            if is_end:
                return replace(self, since=since + 1, after=None, page=1)
            if keys:
                return replace(self, after=max(number for _, number in keys), page=1)
            return replace(self, page=self.page + 1)
        last = max((stamp for stamp, _ in keys), default=since)
        if last > since:
            return replace(self, since=last, page=1)
        same = [number for stamp, number in keys if stamp == since]
        if same:
            return replace(self, after=max(same), page=1)
        return replace(self, page=self.page + 1)

    def params(self) -> Params:
        """Filters and order of the list."""
        stamp = text_of(self.since or 0)
        if self.after is not None:
            wanted = conditions(("updated_at", "eq", stamp), ("entity_id", "gt", self.after))
            return {**wanted, **sorted_by("entity_id")}
        wanted = conditions(("updated_at", "gteq", stamp))
        return {**wanted, **sorted_by("updated_at", "entity_id")}


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands where an order should be that the store cannot show."""

    error: TransientError


@dataclass(frozen=True, slots=True)
class Span:
    """What a step found: raw orders and broken ones in the order of the list.

    `at`: which page it is of. `total`: how many
    the list holds from its begin on. `store_now`: what time the store has.
    """

    at: Position
    items: Sequence[Any]
    total: int
    size: int
    store_now: int | None


class Lists:
    """The list calls of one reading."""

    def __init__(self, client: StoreClient, fields: str, request_id: str, size: int) -> None:
        self._client = client
        self._fields = fields
        self._request_id = request_id
        self.size = size or _SIZE
        self._store_now: int | None = None

    def read(self, at: Position) -> Span:
        """One page; around an order that the store cannot show, in halves.

        Raises: TransientError when the store cannot show anything; as any call.
        """
        try:
            page = self._page(at, at.page, self.size)
        except Rejected as error:
            limit = _LIMIT.search(str(error.params.get("message", "")))
            if limit is None or int(limit[1]) >= self.size or not int(limit[1]):
                raise
            self.size = 1 << (int(limit[1]).bit_length() - 1)
            return self.read(replace(at, page=1))
        except TransientError as error:
            if not _may_be_one_order(error):
                raise
            total = self._count(at, error)
            items = self._halves(at, (at.page - 1) * self.size, self.size, total)
            return Span(at, items, total, self.size, self._store_now)
        return Span(at, page.items or (), page.total_count, self.size, self._store_now)

    def _halves(self, at: Position, offset: int, size: int, total: int) -> list[Any]:
        """The right half first: an order that is saved meanwhile moves to the end and lets the
        others move up, so what stands in both halves is read twice, and nothing is missed."""
        half = size // 2
        right = self._part(at, offset + half, half, total)
        return [*self._part(at, offset, half, total), *right]

    def _part(self, at: Position, offset: int, size: int, total: int) -> list[Any]:
        if offset >= total:
            return []
        try:
            return list(self._page(at, offset // size + 1, size).items or ())
        except TransientError as error:
            if not _may_be_one_order(error):
                raise
            if size == 1:
                return [Broken(error)]
        return self._halves(at, offset, size, total)

    def _count(self, at: Position, error: TransientError) -> int:
        """How many orders the list holds, asked for in a way that shows none, or a whole one."""
        for page in _COUNT_PAGES:
            try:
                return self._page(at, page, 1).total_count
            except TransientError as again:
                if not _may_be_one_order(again):
                    raise
        raise error

    def _page(self, at: Position, page: int, size: int) -> Listed:
        params = {
            **at.params(),
            "searchCriteria[pageSize]": size,
            "searchCriteria[currentPage]": page,
            "fields": self._fields,
        }
        answer = self._client.read("orders", self._request_id, params)
        self._store_now = answer.server_time_s()
        return read_page(answer)


def _may_be_one_order(error: TransientError) -> bool:
    """True for a failure that a single order of the page may be the cause of."""
    if type(error) is not TransientError:
        return False
    return error.params.get("status") == 500 or error.code in ("unreadable", "mg_drift")


def text_of(stamp: int) -> str:
    """Seconds since 1970 as the store writes them: UTC, no zone."""
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d %H:%M:%S")


def stamp_of(text: str | None) -> int | None:
    """The store's stamp as seconds since 1970; None where it is none. A zone is not read."""
    found = _STAMP.match(text or "")
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]} {found[2] or '00:00:00'}+00:00")
    except ValueError:
        return None
    return int(moment.timestamp())
