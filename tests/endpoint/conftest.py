"""A server with one connection behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endpoint.counter import KEY, KEY_VARIABLE, Counter


@pytest.fixture(autouse=True)
def _key_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with Counter(tmp_path) as counter:
        yield counter
