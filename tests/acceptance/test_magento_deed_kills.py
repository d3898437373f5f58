"""The shipped process is killed in the middle of an invoice or a comment: each is there once.

An invoice made twice may charge a card twice, and a comment sent twice is mailed twice.
"""

import threading
import time
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.job_types import comment_job, invoice_job
from app.core.order_deeds import OrderComment, OrderInvoice
from app.core.types import NewJob
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.services.program import Program
from tests.acceptance.test_kills import running
from tests.acceptance.test_magento_kills import END_S, KillingStore

ORDER = "000000123"
POINTS = ("look", "call", "done", "read_back")


class KillingDeeds(KillingStore):
    """Kills its caller at the look, before the call, after it, or at the read behind it."""

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        is_write = request.method == "POST"
        if self._point == ("call" if is_write else "look"):
            self._kill()
        if self._point == "read" and not is_write:
            self._kill()
        reply = self._store.answer(request, keep=keep)
        if is_write and self._point == "done":
            self._kill()
        if is_write and self._point == "read_back":
            self._point = "read"
        return reply


def settled(program: Program) -> list[str]:
    """The states of all jobs, once none is on its way."""
    ends = time.monotonic() + END_S
    while True:
        rows = program.write_back._outbox._database.read("SELECT state, reason_code FROM jobs")
        if all(state in ("succeeded", "failed") for state, _ in rows):
            return [state for state, _ in rows]
        assert time.monotonic() < ends, rows
        threading.Event().wait(0.1)


def a_job(what: str, connection_id: int, now_ms: int) -> NewJob:
    if what == "invoice":
        return invoice_job(connection_id, OrderInvoice(ORDER, "1"))
    deed = OrderComment(ORDER, "1", "Sent again", notify=True, entered_at=now_ms)
    return comment_job(connection_id, deed, 0)


@pytest.mark.timeout(150)
@pytest.mark.parametrize(
    ("what", "point"), [*(("invoice", point) for point in POINTS), ("comment", "done")]
)
def test_killed_in_the_middle_of_a_deed(tmp_path: Path, what: str, point: str) -> None:
    folder = tmp_path / "data"
    program = open_program(folder, is_engine=False)
    with PracticeMagento() as store:
        store.add_order(ORDER, [{"sku": "CARDS", "qty": 2}])
        killing = KillingDeeds(store, point)
        store.host.shop = killing
        connection = program.connections.add(
            "magento", "Web shop", {"base_url": store.url}, is_practice=True, actor="test"
        )
        job = a_job(what, connection.id, program.clock.now_ms())
        program.write_back._outbox.enter([job], "test")
        with running(folder) as process:
            killing.pid = process.pid
            assert killing.killed.wait(END_S), f"nothing came to be killed at {point}"
            process.wait(END_S)
        with running(folder):
            assert settled(program) == ["succeeded"]
        held = store.snapshot()
        assert len(held["invoices"]) == (what == "invoice")
        assert len(held["orders"]["1"]["status_histories"]) == (what == "comment")
    program.close()
