"""The shipped process is killed in the middle of a call to a Magento store: one shipment, ever.

The store's own call is not idempotent: whoever sends it again blindly ships twice.
"""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import Shipment
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.services.program import Program
from tests.acceptance.test_kills import running

ORDER, NUMBER, SECOND = "000000123", "1Z999AA10123456784", "9400110200881234567890"
END_S = 60


class KillingStore:
    """Stands before the practice store and kills its caller once, at the chosen point."""

    def __init__(self, store: PracticeMagento, point: str) -> None:
        self._store = store
        self._point = point
        self.pid = 0
        self.killed = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        is_write = request.method == "POST"
        is_read_back = "/shipment/" in request.path
        if self._point == ("call" if is_write else "read_back" if is_read_back else "look"):
            self._kill()
        reply = self._store.answer(request, keep=keep)
        if is_write and self._point == "shipped":
            self._kill()
        return reply

    def _kill(self) -> None:
        self._point = ""
        os.kill(self.pid, signal.SIGKILL)
        self.killed.set()


def confirmed(program: Program, count: int) -> None:
    ends = time.monotonic() + END_S
    while len(program.queue.rows([JobState.SUCCEEDED], limit=count)) < count:
        rows = [row.wording.text for row in program.queue.rows()]
        assert time.monotonic() < ends, f"not confirmed within {END_S} s: {rows}"
        threading.Event().wait(0.1)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("point", ["look", "call", "shipped", "read_back"])
def test_killed_in_the_middle_of_a_ship_call(tmp_path: Path, point: str) -> None:
    folder = tmp_path / "data"
    program = open_program(folder, is_engine=False)
    with PracticeMagento() as store:
        store.add_order(ORDER, [{"sku": "CARDS", "qty": 2}])
        killing = KillingStore(store, point)
        store.host.shop = killing
        connection = program.connections.add(
            "magento", "Web shop", {"base_url": store.url}, is_practice=True, actor="test"
        )
        program.write_back.enter(connection.id, [Shipment(ORDER, NUMBER)], actor="test")
        with running(folder) as process:
            killing.pid = process.pid
            assert killing.killed.wait(END_S), f"nothing came to be killed at {point}"
            process.wait(END_S)
        with running(folder):
            confirmed(program, 1)
            program.write_back.enter(connection.id, [Shipment(ORDER, SECOND)], actor="test")
            confirmed(program, 2)
        (shipment,) = store.snapshot()["shipments"].values()
        assert [row["qty"] for row in shipment["items"]] == [2]
        # The second parcel knows the first one's number as ours, though its proof came later.
        assert store.tracks(ORDER) == [NUMBER, SECOND]
    program.close()
