"""A window beside the engine hears what others write, and whether there still is an engine."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.events import EngineLooked, StoreChanged
from app.services.onlooker import LOOK_S
from app.services.program import Program
from tests.builders import a_shipment
from tests.processes import child

PATIENCE_S = 10.0


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path, is_engine=False)
    yield program
    program.close()


@pytest.fixture
def heard(program: Program) -> Iterator["queue.SimpleQueue[object]"]:
    """What an onlooker publishes."""
    events: queue.SimpleQueue[object] = queue.SimpleQueue()
    for kind in (StoreChanged, EngineLooked):
        program.bus.subscribe(kind, events.put)
    onlooker = program.onlooker()
    onlooker.start()
    assert events.get(timeout=PATIENCE_S) == StoreChanged()
    assert events.get(timeout=PATIENCE_S) == EngineLooked(None, False)
    yield events
    onlooker.stop()


def test_what_anybody_writes_is_heard_within_a_moment(
    program: Program, heard: "queue.SimpleQueue[object]"
) -> None:
    assert LOOK_S <= 0.5
    url = {"base_url": "http://127.0.0.1:9"}
    added = program.connections.add("printsmith", "Shop", url, actor="ann")
    assert heard.get(timeout=PATIENCE_S) == StoreChanged()
    other = open_program(program.folder, is_engine=False)
    other.write_back.enter(added.id, [a_shipment()], actor="joe")
    other.close()
    assert heard.get(timeout=PATIENCE_S) == StoreChanged()


def test_nothing_is_heard_while_nobody_writes(
    program: Program, heard: "queue.SimpleQueue[object]"
) -> None:
    program.connections.all()
    with pytest.raises(queue.Empty):
        heard.get(timeout=5 * LOOK_S)


def test_an_engine_that_comes_and_goes_is_told(
    program: Program, heard: "queue.SimpleQueue[object]"
) -> None:
    with child("own", program.folder) as other:
        other.hear()
        other.tell()
        assert other.hear() == f"owns {other.process.pid}"
        assert heard.get(timeout=PATIENCE_S) == EngineLooked(other.process.pid, True)
        other.kill()
        assert heard.get(timeout=PATIENCE_S) == EngineLooked(None, False)
