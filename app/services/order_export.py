"""Orders as a CSV file, in the order of a list."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from app.core.orders import OrderFilter, OrderSort, Reason
from app.models.database import Stopped
from app.models.order_export import ExportWords, OrderExport
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.models.order_status import FAILED, number_of
from app.models.rows import load
from app.services.order_details import STATUS_WORDS, OrderTeller, setting_of

Watch = Callable[[int, int], bool]
"""Hears how many of how many are done; False ends it."""

HEADINGS = (
    "Order", "Status", "Reason", "Setting", "Connection", "Ordered at", "Changed at",
    "Store status", "Total", "Currency", "Shipping", "Ship to", "Remote id",
)  # fmt: skip
_PART = 2_000
_ASK_S = 0.05
_END = "\r\n"


class ExportService:
    """Writes any number of orders: only their numbers are kept in memory, eight bytes each."""

    def __init__(
        self, export: OrderExport, pages: OrderPages, listing: OrderList, teller: OrderTeller
    ) -> None:
        self._export = export
        self._pages = pages
        self._listing = listing
        self._teller = teller

    def parts(self, wanted: OrderFilter, sort: OrderSort, watch: Watch) -> Iterator[str]:
        """The file, part by part; it ends early where `watch` says so."""
        total = self._pages.count(wanted)
        yield "\ufeff" + ",".join(HEADINGS) + _END  # spreadsheets take it for UTF-8 by this mark
        try:
            ids = self._pages.ids(wanted, sort, _seldom(lambda: not watch(0, total)))
        except Stopped:
            return
        words = _Words(self._export, self._listing, self._teller)
        for start in range(0, len(ids), _PART):
            part = ids[start : start + _PART]
            words.prepare(part)
            lines = self._export.lines(part, words.all)
            if lines:
                yield _END.join(lines) + _END
            if not watch(start + len(part), len(ids)):
                return


class _Words:
    """What is said of the orders of one export; each sentence is made once."""

    def __init__(self, export: OrderExport, listing: OrderList, teller: OrderTeller) -> None:
        self._export = export
        self._listing = listing
        self._teller = teller
        self._failed: dict[int, str] = {}
        self._sentence = lru_cache(maxsize=4096)(self._say)
        self.all = ExportWords(
            {number_of(status): teller.status(status) for status in STATUS_WORDS},
            teller.untitled(),
            self._reason,
            self._setting,
        )

    def prepare(self, ids: Sequence[int]) -> None:
        """Look up the jobs of those orders that failed with one."""
        jobs = self._listing.failed_jobs(self._export.failed(ids))
        self._failed = {order: self._teller.why(None, job)[0] for order, job in jobs.items()}

    def _reason(self, order_id: int, urgency: int, *why: str) -> str:
        skip, skip_params, fault, fault_params = why
        if fault:
            return self._sentence(fault, fault_params)[0]
        if urgency == FAILED:
            return self._failed.get(order_id, "")
        return self._sentence(skip, skip_params)[0]

    def _setting(self, order_id: int, urgency: int, *why: str) -> str:
        skip, skip_params, fault, fault_params = why
        if fault:
            return self._sentence(fault, fault_params)[1]
        return "" if urgency == FAILED else self._sentence(skip, skip_params)[1]

    def _say(self, code: str, params: str) -> tuple[str, str]:
        why = Reason(code, load(params))
        return self._teller.why(why, None)[0], setting_of(why)


def _seldom(ask: Callable[[], bool]) -> Callable[[], bool]:
    """Asks now and then only; what was said last holds in between."""
    asked, answer = 0.0, False

    def stop() -> bool:
        nonlocal asked, answer
        if not answer and time.monotonic() - asked >= _ASK_S:
            asked, answer = time.monotonic(), ask()
        return answer

    return stop
