"""Boxes in between that lie: lost answers, errors after the fact, requests sent twice.

They stand between the engine and the practice server. The proxy is a rig beside the checkout,
so without it these tests are skipped.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.events import JobChanged
from app.core.states import JobState
from app.core.types import Shipment
from app.practice.printsmith import PracticePrintSmith

RIG = Path(__file__).resolve().parents[3] / "shared" / "rig" / "faults.py"
PATIENCE_S = 45.0
INVOICE, NUMBER = "316132", "1Z23966E0397467800"

pytestmark = [
    pytest.mark.skipif(not RIG.exists(), reason="the fault proxy is not beside this checkout"),
    pytest.mark.timeout(120),
]


class Proxy:
    """The rig's proxy in a process of its own, in front of one server."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._process: subprocess.Popen[str] | None = None

    def start(self, *rules: dict[str, Any]) -> str:
        """Start it with these rules, the first that fits counts; returns its address."""
        given = [word for rule in rules for word in ("--rule", json.dumps(rule))]
        command = [sys.executable, str(RIG), "proxy", "--to", self._upstream, "--port", "0", *given]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def shop() -> Iterator[PracticePrintSmith]:
    with PracticePrintSmith() as made:
        made.add_invoice(INVOICE)
        yield made


@pytest.fixture
def proxy(shop: PracticePrintSmith) -> Iterator[Proxy]:
    made = Proxy(shop.url)
    yield made
    made.stop()


def send(tmp_path: Path, url: str) -> JobState:
    """One shipment through the whole engine; the state it comes to rest in."""
    program = open_program(tmp_path, is_engine=True)
    connection = program.connections.add(
        "printsmith", "Shop", {"base_url": url, "timeout_s": "2"}, is_practice=True, actor="test"
    )
    ended: list[JobState] = []
    rests = threading.Event()

    def changed(event: JobChanged) -> None:
        if event.state in (JobState.SUCCEEDED, JobState.FAILED):
            ended.append(event.state)
            rests.set()

    program.bus.subscribe(JobChanged, changed)
    engine = program.engine()
    engine.start()
    try:
        program.write_back.enter(connection.id, [Shipment(INVOICE, NUMBER)], actor="test")
        assert rests.wait(PATIENCE_S), [row.wording.text for row in program.queue.rows()]
    finally:
        engine.stop()
        program.close()
    return ended[0]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "lost_reply"},
        {"kind": "lost_reply_hang"},
        {"kind": "status_after", "code": 502},
        {"kind": "status_after", "code": 504},
        {"kind": "cut_after", "bytes": 20},
        {"kind": "truncate", "bytes": 10},
        pytest.param({"kind": "garbage"}, marks=pytest.mark.battery),  # 30 s until it is sent again
        pytest.param({"kind": "replace"}, marks=pytest.mark.battery),
        {"kind": "reset_after", "bytes": 5},
        {"kind": "bad_gzip"},
        {"kind": "slow", "bps": 2},
        {"kind": "twice"},
    ],
    ids=lambda rule: f"{rule['kind']}{rule.get('code', '')}",
)
def test_the_shop_sees_one_write_whatever_the_answer_became(
    tmp_path: Path, shop: PracticePrintSmith, proxy: Proxy, rule: dict[str, Any]
) -> None:
    url = proxy.start({"method": "PUT", "times": 1, **rule})
    assert send(tmp_path, url) is JobState.SUCCEEDED
    assert shop.notes(INVOICE) == NUMBER
    kept = [write["notes"] for write in shop.writes]
    assert kept == [NUMBER], "one write, or the same one again by the box itself"


@pytest.mark.parametrize("kind", ["lost_reply", "half_open", "garbage", "replace"])
def test_success_comes_from_a_second_request(
    tmp_path: Path, shop: PracticePrintSmith, proxy: Proxy, kind: str
) -> None:
    """The write is answered well; only when the read-back comes through is the row green."""
    url = proxy.start(
        {"kind": "pass", "method": "GET", "times": 2},  # probe and first read
        {"kind": kind, "method": "GET", "times": 1},  # the read-back
    )
    program = open_program(tmp_path, is_engine=True)
    connection = program.connections.add(
        "printsmith",
        "Shop",
        {"base_url": url, "timeout_s": "1"},
        is_practice=True,
        actor="test",
    )
    states: list[JobState] = []
    done = threading.Event()

    def changed(event: JobChanged) -> None:
        states.append(event.state)
        if event.state is JobState.SUCCEEDED:
            done.set()

    program.bus.subscribe(JobChanged, changed)
    engine = program.engine()
    engine.start()
    try:
        program.write_back.enter(connection.id, [Shipment(INVOICE, NUMBER)], actor="test")
        assert done.wait(PATIENCE_S)
    finally:
        engine.stop()
        program.close()
    assert JobState.IN_DOUBT in states, "not green before it was seen there"
    assert len(shop.writes) == 1
