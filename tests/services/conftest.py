"""What the tests of one subject share."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import a_store
from tests.services.intake_bench import IntakeBench, Watching
from tests.services.notice_bench import Watch
from tests.services.secret_stores import FakeBackend, a_backend


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[IntakeBench]:
    bench = IntakeBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def watching(bench: IntakeBench, tmp_path: Path) -> Watching:
    """A folder that is watched and was empty at first; its files stay."""
    watching = Watching(bench, tmp_path / "export")
    watching.look()
    bench.clock.advance(1)
    return watching


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Two connections, Shop 1 and Shop 2, nothing in the queue, and a first look taken."""
    store = a_store(tmp_path, connections=2)
    watch = Watch(store)
    watch.look()
    yield watch
    store.database.close_thread()


@pytest.fixture
def stuck() -> Iterator[tuple[FakeBackend, threading.Event]]:
    """A store whose prompt nobody answers until the event is set."""
    answered = threading.Event()
    yield a_backend(lambda: [answered.wait(20), None][1]), answered
    answered.set()
