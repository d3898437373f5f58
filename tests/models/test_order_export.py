"""Lines of the CSV file: what a spreadsheet makes of them."""

import csv
import io
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.order_export import cell


def written(text: str) -> str:
    """The cell as it stands in the file."""
    with closing(sqlite3.connect(":memory:")) as memory:
        (found,) = memory.execute(f"SELECT {cell('?1')}", (text,)).fetchone()
    return str(found)


def read(line: str) -> list[str]:
    """What a reader of CSV finds in a line."""
    return next(csv.reader(io.StringIO(line, newline=""), strict=True))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("316132", "316132"),
        ("000123", '="000123"'),
        ("123456789012345678", '="123456789012345678"'),
        ("12345678901", "12345678901"),
        ("0", "0"),
        ("-5.00", "-5.00"),
        ("-5", "-5"),
        ("-5.", "'-5."),
        ("-", "'-"),
        ("-1.2.3", "'-1.2.3"),
        ("-5+cmd", "'-5+cmd"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30", "'+49 30"),
        ("\tx", "'\tx"),
        ("\n=1", "'\n=1"),
        ('12" pipe, cut', '12" pipe, cut'),
        ("Cards", "Cards"),
    ],
)
def test_a_cell_is_shown_as_it_is_and_never_run(text: str, shown: str) -> None:
    assert read(written(text)) == [shown]


def test_an_empty_cell_is_empty() -> None:
    assert written("") == ""


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1))
def test_no_text_is_lost_and_none_is_a_formula(text: str) -> None:
    (shown,) = read(f"{written(text)},x")[:-1]
    assert shown in (text, f"'{text}", f'="{text}"')
    if shown == text:
        is_amount = text[0] == "-" and text[1:].replace(".", "", 1).isdigit()
        assert text[0] not in "=+-@\t\r\n|%" or is_amount
    if shown.startswith("="):
        assert text.isdigit()
