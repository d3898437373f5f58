"""A file that grows: nothing half written is read, nothing is read twice, nothing is left out."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.integrations.carrier_files import (
    CarrierFile,
    Columns,
    Layout,
    Parsed,
    complete,
    layout_to_plain,
    parse,
    position_from_plain,
    still_fits,
)
from tests.integrations.carrier_files.files import FOLDER, ZONE

LAYOUT = Layout(
    columns=Columns(tracking="Tracking Number", references=("Order Number",), void="Void"),
    has_header=True,
    delimiter=",",
)
HEADER = "Order Number,Tracking Number,Void,Ship To\r\n"
ROWS = [f"{8000 + n},1ZA1B2C3030000{n:03d}{n % 10},N,Anna\r\n" for n in range(9)]


class Growing:
    """A file another program writes, and a reader that comes by."""

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self.path, self.encoding = path, encoding
        self.position: dict[str, Any] = {}
        self.seen: list[str] = []

    def append(self, text: str) -> None:
        with self.path.open("ab") as file:
            file.write(text.encode(self.encoding))

    def look(self, *, is_final: bool = False) -> Parsed:
        with self.path.open("rb") as stream:
            found = parse(
                stream, layout_to_plain(LAYOUT), "folder:x", self.position, is_final=is_final,
                zone=ZONE,
            )  # fmt: skip
        self.position = dict(found.position)
        self.seen += [record.order_ref for _, record in found.records]
        return found


@pytest.fixture(params=["utf-8", "utf-16-le"])
def growing(request: pytest.FixtureRequest, tmp_path: Path) -> Growing:
    growing = Growing(tmp_path / "day.csv", request.param)
    if request.param != "utf-8":
        growing.append("\ufeff")
    growing.append(HEADER)
    return growing


def test_every_cut_of_the_writer_gives_each_row_once(growing: Growing) -> None:
    """Whatever moment the reader comes by, down to the single character."""
    for char in "".join(ROWS[:3]):
        growing.append(char)
        growing.look()
    assert growing.seen == ["8000", "8001", "8002"]


GROWN = (
    "worldship utf16_le line_ends_mixed line_ends_cr quoted_newline open_quote header_repeated "
    "half_quote undecodable many_orders"
)


@pytest.mark.parametrize("name", GROWN.split())
def test_wherever_looks_fall_they_add_up_to_one_reading(name: str) -> None:
    content = (FOLDER / f"{name}.csv").read_bytes()
    layout = layout_to_plain(complete(io.BytesIO(content), Layout(), ZONE))

    def read(end: int, position: Mapping[str, Any]) -> Parsed:
        stream, is_final = io.BytesIO(content[:end]), end == len(content)
        return parse(stream, layout, "x", position, is_final=is_final, zone=ZONE)

    @given(st.lists(st.integers(0, len(content) - 1), max_size=6).map(sorted))
    @settings(deadline=None, max_examples=40)
    def add_up(cuts: list[int]) -> None:
        position: Mapping[str, Any] = {}
        records, rejected = [], []
        for end in (*cuts, len(content)):
            found = read(end, position)
            position = found.position
            records += found.records
            rejected += found.rejected
        whole = read(len(content), {})
        assert (records, rejected) == (whole.records, whole.rejected)

    add_up()


def test_a_half_line_waits_until_it_is_whole(growing: Growing) -> None:
    growing.append(ROWS[0] + ROWS[1][:20])
    first = growing.look()
    assert ([line for line, _ in first.records], first.rejected) == ([2], [])
    growing.append(ROWS[1][20:])
    second = growing.look()
    assert [line for line, _ in second.records] == [3]
    assert growing.seen == ["8000", "8001"]
    assert not second.is_from_start


def test_a_half_quoted_cell_waits_too(growing: Growing) -> None:
    growing.append('8000,1ZA1B2C30300000008,N,"Anna\r\n')
    assert growing.look().records == []
    growing.append('Lee"\r\n')
    assert [line for line, _ in growing.look().records] == [2]
    growing.append(ROWS[1])
    assert [line for line, _ in growing.look().records] == [4]


def test_a_file_that_was_given_up_on_may_still_go_on(growing: Growing) -> None:
    """The writer paused in the middle of a row for longer than anybody waits."""
    growing.append(ROWS[0] + ROWS[1][:20])
    final = growing.look(is_final=True)
    assert [row.code for row in final.rejected] == ["row_cut"]
    growing.append(ROWS[1][20:])
    assert growing.look().rejected == []
    assert growing.seen == ["8000", "8001"]


def test_the_same_in_the_middle_of_a_quoted_cell_with_line_breaks(growing: Growing) -> None:
    growing.append('8000,1ZA1B2C30300000008,N,"Anna\r\nLee\r\n')
    final = growing.look(is_final=True)
    assert [(row.line_no, row.code) for row in final.rejected] == [
        (2, "row_quote"),
        (3, "row_short"),
    ]
    growing.append('Unit 4"\r\n' + ROWS[1])
    assert [line for line, _ in growing.look().records] == [2, 5]
    assert growing.seen == ["8000", "8001"]


def test_a_row_without_line_break_is_taken_when_nothing_is_missing(growing: Growing) -> None:
    growing.append(ROWS[0].rstrip())
    assert growing.look().records == []
    assert len(growing.look(is_final=True).records) == 1
    growing.append("\r\n" + ROWS[1])
    again = growing.look()
    assert [line for line, _ in again.records] == [2, 3]  # the first once more: it may have grown


def test_a_rewritten_file_is_read_from_its_beginning(growing: Growing) -> None:
    growing.append("".join(ROWS[:4]))
    growing.look()
    growing.path.write_bytes((HEADER + ROWS[7] + "".join(ROWS[:6])).encode())
    found = growing.look()
    assert found.is_from_start
    assert [record.order_ref for _, record in found.records] == [
        "8007", "8000", "8001", "8002", "8003", "8004", "8005",
    ]  # fmt: skip


def test_a_file_that_became_shorter_is_read_from_its_beginning(growing: Growing) -> None:
    growing.append("".join(ROWS[:4]))
    growing.look()
    growing.path.write_bytes((HEADER + ROWS[0]).encode())
    assert [line for line, _ in growing.look().records] == [2]


def test_rows_of_one_order_stay_a_group_across_two_reads(growing: Growing) -> None:
    growing.append(ROWS[0])
    ((_, first),) = growing.look().records
    growing.append(ROWS[3].replace("8003", "8000"))
    ((_, second),) = growing.look().records
    assert first.run == second.run
    growing.append(ROWS[4])
    ((_, other),) = growing.look().records
    assert other.run != first.run


def test_a_place_inside_a_row_of_several_orders_is_in_front_of_it(tmp_path: Path) -> None:
    path = FOLDER / "many_orders.csv"
    columns = Columns(tracking=2, references=(1,))
    layout = Layout(columns=columns, has_header=True, delimiter=",", separator="/")
    with path.open("rb") as stream:
        file = CarrierFile(stream, layout, "x", zone=ZONE)
        rows = iter(file)
        first = next(rows)
        assert file.position().offset == 0 or file.position().offset <= first.offset
        next(rows)
        assert file.position().offset == first.end
        assert still_fits(stream, file.position())


def test_an_empty_position_is_the_beginning() -> None:
    assert position_from_plain({}) is None
