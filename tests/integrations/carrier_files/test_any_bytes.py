"""Whatever lies in the folder: a reason or records, and every good row is among them."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import UsageError
from app.integrations.carrier_files import Columns, Layout, layout_to_plain, parse
from app.integrations.carrier_files.text import CHUNK, iter_lines
from tests.integrations.carrier_files.files import FOLDER, ZONE

LAYOUT = Layout(
    columns=Columns(tracking=2, references=(1,)), has_header=False, delimiter=",", encoding="utf-8"
)
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".csv", ".txt", ".out"))


def parsed(data: bytes, layout: Layout = LAYOUT) -> list[tuple[str, str]]:
    found = parse(
        io.BytesIO(data), layout_to_plain(layout), "x", {}, is_final=True, name="1.out", zone=ZONE
    )
    return [(record.order_ref, record.tracking) for _, record in found.records]


def ended(data: bytes, layout: Layout) -> str:
    """How reading ended: "read", or the code of the one reason for the file."""
    try:
        parsed(data, layout)
    except UsageError as error:
        return error.code
    return "read"


@given(st.binary(max_size=400), st.booleans())
@settings(deadline=None)
def test_any_bytes_give_records_or_a_reason(data: bytes, is_known: bool) -> None:
    assert ended(data, LAYOUT if is_known else Layout())


@given(st.sampled_from(FILES), st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_file_gives_records_or_a_reason(path: Path, data: st.DataObject) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        if content:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    assert ended(bytes(content), Layout())


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(
    st.lists(st.tuples(st.integers(1, 9999), cells), min_size=1, max_size=12),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
)
@settings(deadline=None)
def test_what_another_writer_wrote_is_read_back(
    rows: list[tuple[int, str]], quoting: int, line_end: str, encoding: str
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    for number, note in rows:
        writer.writerow([number, f"1ZA1B2C30345{number:06d}", note])
    mark = {"utf-8": "", "utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}[encoding]
    data = (mark + buffer.getvalue()).encode(encoding, "surrogatepass")
    # seventeen digits and letters: no rule of damaged numbers applies
    expected = [(str(number), f"1ZA1B2C30345{number:06d}") for number, _ in rows]
    layout = Layout(columns=LAYOUT.columns, has_header=False, delimiter=",")
    assert parsed(data, layout) == expected


@given(st.integers(1, 7), st.integers(-3, 3))
@settings(deadline=None, max_examples=25)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_lines_are_whole_wherever_a_chunk_ends(encoding: str, step: int, shift: int) -> None:
    """Line breaks, letters of several bytes and pairs of surrogates lie across the border."""
    unit = len("x".encode(encoding))
    padding = "x" * (CHUNK // unit + shift - step)
    text = padding + "\r\n" + "\U0001f4e6\u20ac\r\n" * 4 + "end"
    lines = list(iter_lines(io.BytesIO(text.encode(encoding)), encoding))
    assert [line.text for line in lines] == [padding + "\r\n", *["\U0001f4e6\u20ac\r\n"] * 4, "end"]
    assert b"".join(line.raw for line in lines) == text.encode(encoding)
