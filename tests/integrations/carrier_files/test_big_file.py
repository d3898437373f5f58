"""200,000 rows: quick, in bounded memory, and readable on from any place."""

import importlib.util
import time
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import BinaryIO

import pytest

from app.core.intake import ShipmentRecord
from app.integrations.carrier_files import (
    CarrierFile,
    Layout,
    Position,
    complete,
    still_fits,
)
from tests.integrations.carrier_files.files import FOLDER, ZONE

pytestmark = pytest.mark.timeout(300)  # the machine may be busy with something else


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("big", FOLDER / "big.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BinaryIO, int, int]]:
    """The file, how many labels it holds, and how many voids."""
    path = tmp_path_factory.mktemp("big") / "worldship.csv"
    labels, voids = writer().write(path)
    with path.open("rb") as stream:
        yield stream, labels, voids


def opened(stream: BinaryIO, position: Position | None = None) -> CarrierFile:
    layout = complete(stream, Layout(preset="worldship"), ZONE)
    return CarrierFile(stream, layout, "folder:big", zone=ZONE, position=position)


def test_every_row_comes_once_and_quickly(big: tuple[BinaryIO, int, int]) -> None:
    stream, labels, voids = big
    assert (labels, voids) == (200_000, 2_000)
    start, found, void_count, keys, end = time.process_time(), 0, 0, set(), 0
    for row in opened(stream):
        assert isinstance(row.found, ShipmentRecord), row
        assert row.offset >= end  # rows follow one another, nothing between is left out
        found, end = found + 1, row.end
        void_count += row.found.is_void
        keys.add(row.found.source_key)
    used_s = time.process_time() - start
    assert (found, void_count, len(keys)) == (labels + voids, voids, labels + voids)
    assert end == stream.seek(0, 2)
    assert used_s < 10  # of this process alone; about two on an idle desk computer


def test_memory_does_not_grow_with_the_file(big: tuple[BinaryIO, int, int]) -> None:
    stream, _, _ = big
    file = iter(opened(stream))
    tracemalloc.start()
    try:
        for _ in islice(file, 20_000):
            pass
        tracemalloc.reset_peak()
        for _ in islice(file, 20_000):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * 1024 * 1024  # the file has 17 MB; what is held are caches and one chunk


def test_reading_goes_on_where_it_was_left(big: tuple[BinaryIO, int, int]) -> None:
    stream, labels, voids = big
    file = opened(stream)
    rows = iter(file)
    for _ in islice(rows, 150_000):
        pass
    position = file.position()
    rest = list(rows)
    assert len(rest) == labels + voids - 150_000
    assert still_fits(stream, position)
    assert (position.offset, position.line_no) == (rest[0].offset, 150_002)  # behind the header
    assert list(opened(stream, position)) == rest
