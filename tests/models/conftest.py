"""A data file for each test, closed when it is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Store, a_store
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    store = a_store(tmp_path, clock, connections=2)
    yield store
    store.database.close_thread()
