"""A large export is dropped into a watch folder while the window is open."""

import os
from pathlib import Path

import pytest

from app.ui.intake.page import IntakePage
from app.ui.queue.view import ManagerPage
from tests.ui.desk import until
from tests.ui.heartbeat import heartbeat
from tests.ui.intake.conftest import BROKEN, Place, broken_rows, settle, write_big

LIMIT_MS = 50.0
BROKEN_COUNT, GOOD_COUNT = 17, 40
TURNS = 3

SIZES = [
    pytest.param(8_000, id="8,000 parcels"),
    pytest.param(
        200_000,
        id="200,000 parcels",
        marks=[pytest.mark.battery, pytest.mark.timeout(900)],
    ),
]


class Seen:
    """What the page showed while rows came in."""

    def __init__(self, place: Place, page: IntakePage, manager: ManagerPage) -> None:
        self.texts: set[str] = set()
        self.open_rows: set[int] = set()
        self._gauge, self._manager = place.card(page).gauge, manager
        place.desk.bridge.intake_progress.connect(self._look)

    def _look(self) -> None:
        if self._gauge.isVisible():
            self.texts.add(self._gauge.text)
        self.open_rows.add(self._manager.model.rowCount())


def write(path: Path, parcels: int) -> tuple[int, int]:
    """The export with the broken rows and their neighbours in its middle; labels and voids."""
    aside = path.with_suffix(".writing")
    labels, voids = write_big(aside, parcels)
    lines = aside.read_bytes().splitlines(keepends=True)
    lines[len(lines) // 2 : len(lines) // 2] = broken_rows()
    aside.write_bytes(b"".join(lines))
    aside.rename(path)
    return labels + GOOD_COUNT, voids


def write_like(path: Path, other: Path, turn: int) -> None:
    """The same parcels from another account; rows that were broken, and those beside them, not."""
    aside, skip = path.with_suffix(".writing"), set(broken_rows())
    with other.open("rb") as stream, aside.open("wb") as out:
        kept = (line for line in stream if line not in skip)
        out.writelines(line.replace(b"1ZA1B2C3", b"1ZA1B2D%d" % turn) for line in kept)
    aside.rename(path)


def drop(place: Place, page: IntakePage) -> float:
    """The engine reads what lies there; how long the window did not answer meanwhile, in ms."""
    with heartbeat() as beat:
        place.look()
        settle(page)
    assert beat.calls > 20
    return beat.longest_ms


def jobs(place: Place) -> dict[str, int]:
    """Rows of the queue by state."""
    sql = "SELECT state, COUNT(*) FROM jobs GROUP BY state"
    return dict(place.desk._database.read(sql))


@pytest.mark.parametrize("parcels", SIZES)
def test_rows_stream_in_and_nothing_blocks(place: Place, parcels: int) -> None:
    folder, manager, page = place.add(), place.desk.page(), place.page()
    seen = Seen(place, page, manager)
    labels, voids = write(folder / "export.csv", parcels)
    longest_ms = drop(place, page)

    # It was seen to come in: a bar with rising numbers, rows in the queue before the end.
    total = labels + voids
    assert any(f"of {total:,} rows" in text for text in seen.texts)
    assert len(seen.texts) >= 3
    assert any(0 < count < labels - voids for count in seen.open_rows)
    assert not place.card(page).gauge.isVisible()

    # Voided labels are never sent; all others are.
    counts = jobs(place)
    assert counts["pending"] == labels - voids
    until(lambda: manager.model.rowCount() == labels - voids, 20_000)

    # The broken ones wait, each with its reason.
    model = page.content.needs_you.model
    until(lambda: model.rowCount() == BROKEN_COUNT)
    settle(page)
    page.content.needs_you.view.viewport().repaint()
    until(lambda: all(model.line(row) is not None for row in range(BROKEN_COUNT)))
    lines = [model.loaded(row) for row in range(BROKEN_COUNT)]
    assert all(line is not None and line.reason and line.item.item.text for line in lines)

    # On a machine that is busy with something else, others of the same size follow.
    for turn in range(1, TURNS):
        if longest_ms <= LIMIT_MS:
            break
        write_like(folder / f"{turn}.csv", folder / "export.csv", turn)
        longest_ms = drop(place, page)
        counts = jobs(place)
        assert counts["pending"] == (turn + 1) * (labels - voids) - turn * GOOD_COUNT
    assert longest_ms <= LIMIT_MS

    # A copy under another name, and the same file written anew, add nothing.
    (folder / "copy.csv").write_bytes((folder / "export.csv").read_bytes())
    os.utime(folder / "export.csv", (1, 1))
    place.look()
    settle(page)
    assert jobs(place) == counts
    files = {mark.name: mark.counts for mark in place.card(page).facts.status.files}
    assert files["copy.csv"]["entered"] == files["export.csv"]["entered"] == 0
    assert files["copy.csv"]["repeated"] > 0
    assert model.rowCount() == BROKEN_COUNT  # nor are its broken rows told twice


def test_a_file_that_grows_is_read_once_per_row(place: Place) -> None:
    """As WorldShip appends: what came before is known, what is new comes in."""
    folder, page = place.add(), place.page()
    lines = BROKEN.read_bytes().splitlines(keepends=True)
    (folder / "day.csv").write_bytes(b"".join(lines[:10]))
    place.look()
    with (folder / "day.csv").open("ab") as stream:
        stream.writelines(lines[10:])
    place.look()
    settle(page)
    assert sum(jobs(place).values()) == GOOD_COUNT
    assert page.content.needs_you.model.rowCount() == BROKEN_COUNT
