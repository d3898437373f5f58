"""One run of a products route: the file is read, and what differs goes into the outbox."""

import hashlib
import io
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.clock import Clock
from app.core.errors import TransientError, UsageError
from app.core.events import AttentionChanged, EventBus, JobChanged, JobsAdded, SyncProgress
from app.core.products import ProductUpdate
from app.core.states import JobState
from app.core.types import Params, Route, SyncTask
from app.models.attention import ItemKind, NewItem
from app.models.products import Products
from app.services.product_layout import BadRow, GoodRow, ProductLayout

if TYPE_CHECKING:
    from app.services.product_file import ProductFile

_AT_ONCE = 200  # products of one commit: a write-back that comes in waits no longer
SETTLE_S = 1.0
"""A file that changes within this time is still being written."""
_MOST_BYTES = 200 * 1024 * 1024
_MOST_ITEMS = 1000
"""Rows of one file that are put before a person one by one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a route is: the file as it was read last, and its cycle. `size` -1: not read yet.

    `asked`: the Sync Now that was answered; `setup`: a digest of how the file was read.
    """

    cycle: int = 0
    size: int = -1
    mtime_ns: int = 0
    digest: str = ""
    setup: str = ""
    asked: int = -1


def mark_of(task: SyncTask) -> Mark:
    """What the cursor of a products route says."""
    return Mark(**json.loads(task.cursor)) if task.cursor else Mark()


def source_of(route: Route) -> str:
    """What attention items about the rows of its file are filed under."""
    return f"products:{route.id}"


def layout_of(settings: Params) -> ProductLayout:
    """How the file of a route is laid out."""
    columns: dict[str, str | int] = json.loads(str(settings.get("columns") or "{}"))
    return ProductLayout(
        columns,
        str(settings.get("delimiter") or ""),
        str(settings.get("encoding") or ""),
        str(settings.get("decimal_mark") or ""),
        str(settings.get("weight_unit") or ""),
    )


class ProductRuns:
    """Runs products routes; used by the thread of the sync task."""

    def __init__(self, products: Products, bus: EventBus, clock: Clock) -> None:
        self._products = products
        self._bus = bus
        self._clock = clock

    def read(self, task: SyncTask, stopping: threading.Event) -> bool:
        """One run; True at its end, False when it was stopped before. What was entered stays.

        Raises: BackhaulError, when the file cannot be read.
        """
        route, before = task.route, mark_of(task)
        path = _path(route)
        setup = _digest(json.dumps(dict(route.settings), sort_keys=True).encode())
        asked, other = task.asked != before.asked, setup != before.setup
        size, mtime_ns = _stat(path)
        if not (asked or other) and (size, mtime_ns) == (before.size, before.mtime_ns):
            self._products.keep_mark(route.id, task.cursor)
            return True
        content = self._content(path, stopping)
        if content is None:
            return False
        digest = _digest(content)
        # By the clock: a route that is added anew counts nothing of what another one sent.
        cycle = max(self._clock.now_ms(), before.cycle + 1)
        now = Mark(cycle, size, mtime_ns, digest, setup, task.asked)
        if not (asked or other) and digest == before.digest:
            self._touched(task, before, now)
            return True
        try:
            return self._cycle(task, before, now, content, stopping)
        except UsageError as error:
            bad = ProductFileBad(error.code)
            bad.params = error.params
            raise bad from error

    def _content(self, path: Path, stopping: threading.Event) -> bytes | None:
        """All of the file, once it is not written to any more; None: stopped meanwhile."""
        before = _stat(path)
        if before[0] > _MOST_BYTES:
            raise ProductFileBad("products_too_large", file=str(path), limit_mb=_MOST_BYTES >> 20)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ProductFileBad(
                "products_unreadable", file=str(path), reason=_why(error)
            ) from error
        if self._clock.wait(stopping, SETTLE_S):
            return None
        if _stat(path) != before or len(content) != before[0]:
            raise ProductFileBad("products_growing", file=str(path))
        return content

    def _touched(self, task: SyncTask, before: Mark, now: Mark) -> None:
        """Saved again as it was: nothing to send, and the cycle stays the same."""
        mark = Mark(before.cycle, now.size, now.mtime_ns, now.digest, now.setup, now.asked)
        self._products.keep_mark(task.route.id, _dump(mark))

    def _cycle(
        self, task: SyncTask, before: Mark, now: Mark, content: bytes, stopping: threading.Event
    ) -> bool:
        """Raises: UsageError when no row can be read, StorageError."""
        from app.services.product_file import ProductFile  # noqa: PLC0415 - with the first file

        route = task.route
        connection_id = _target(route)
        asked = task.asked != before.asked
        last = self._products.progress(connection_id, before.cycle) if before.cycle else None
        file = ProductFile(io.BytesIO(content), layout_of(route.settings))
        counts = {"products": 0, "sent": 0, "same": 0, "blank": 0, "rejected": 0}
        items: dict[str, NewItem] = {}
        for part in _parts(self._sorted(route, file, counts, items)):
            if stopping.is_set() or not self._take(route, now.cycle, part, counts, asked=asked):
                return False
            self._bus.publish(SyncProgress(route.id, counts["products"], None))
        over = last if last is not None and last.left else None
        changed = self._products.finish(
            route.id, connection_id, _dump(now), counts, _bounded(route, items),
            source=source_of(route), over=over,
        )  # fmt: skip
        if changed:
            self._bus.publish(AttentionChanged())
        return True

    def _sorted(
        self, route: Route, file: "ProductFile", counts: dict[str, int], items: dict[str, NewItem]
    ) -> Iterator[ProductUpdate]:
        """The products of a file; rows that are none are counted, and told of."""
        for row in file:
            if isinstance(row, GoodRow):
                counts["products"] += 1
                yield row.product
            elif isinstance(row, BadRow):
                counts["rejected"] += 1
                item = _item(route, row)
                items.setdefault(item.same, item)
            else:
                counts["blank"] += 1

    def _take(
        self,
        route: Route,
        cycle: int,
        part: list[ProductUpdate],
        counts: dict[str, int],
        *,
        asked: bool,
    ) -> bool:
        """False when the route was removed meanwhile."""
        connection_id = _target(route)
        taken = self._products.take(route.id, connection_id, cycle, part, asked=asked)
        if taken is None:
            return False
        counts["sent"] += len(taken.added) + len(taken.replaced) + taken.on_their_way
        counts["same"] += taken.same
        for job_id in taken.replaced:
            self._bus.publish(JobChanged(job_id, connection_id, JobState.PENDING))
        if taken.added or taken.replaced:
            self._bus.publish(JobsAdded(connection_id, tuple(taken.added)))
        return True


class ProductFileBad(TransientError):
    """The file of a route cannot be read as it is now; it is tried again."""


def _target(route: Route) -> int:
    return route.source_id if route.target_id is None else route.target_id


def _parts(products: Iterable[ProductUpdate]) -> Iterator[list[ProductUpdate]]:
    products = iter(products)
    while part := list(islice(products, _AT_ONCE)):
        yield part


def _item(route: Route, row: BadRow) -> NewItem:
    same = f"{route.id}/{row.why.code}/{row.sku.casefold()}/{_digest(row.text.encode())}"
    return NewItem(
        ItemKind.REJECTED_ROW, same, row.why.code, row.why.params, source_of(route),
        _path(route).name, row.line, row.text, _target(route),
    )  # fmt: skip


def _bounded(route: Route, items: Mapping[str, NewItem]) -> list[NewItem]:
    """So many as a person can look at; the rest as one."""
    found = list(islice(items.values(), _MOST_ITEMS))
    more = len(items) - len(found)
    if more:
        rest = NewItem(
            ItemKind.REJECTED_FILE, f"{route.id}/more", "products_more_rejected",
            {"count": more}, source_of(route), _path(route).name, connection_id=_target(route),
        )  # fmt: skip
        found.append(rest)
    return found


def _path(route: Route) -> Path:
    return Path(str(route.settings["file"]))


def _dump(mark: Mark) -> str:
    fields: dict[str, Any] = {name: getattr(mark, name) for name in Mark.__slots__}
    return json.dumps(fields, separators=(",", ":"))


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _stat(path: Path) -> tuple[int, int]:
    """Size and time of change. Raises: BackhaulError."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise ProductFileBad("products_no_file", file=str(path)) from error
    except OSError as error:
        raise ProductFileBad("products_unreadable", file=str(path), reason=_why(error)) from error
    return found.st_size, found.st_mtime_ns


def _why(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
