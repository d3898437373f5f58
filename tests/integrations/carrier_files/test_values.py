"""Cells: dates, amounts, voids and damaged numbers, each as a table of cases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import UsageError
from app.integrations.carrier_files.values import (
    read_amount,
    read_count,
    read_moment,
    read_reference,
    read_tracking,
    read_void,
    unwrap,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("cell", "order", "day", "at"),
    [
        ("20261120", "", DAY, None),
        ("20261120153012", "", DAY, "2026-11-20T14:30:12+00:00"),
        ("2026-11-20", "", DAY, None),
        ("2026-11-20T15:30:12", "", DAY, "2026-11-20T14:30:12+00:00"),
        ("2026-11-20 15:30", "", DAY, "2026-11-20T14:30:00+00:00"),
        ("2026-11-20T15:30:12Z", "", DAY, "2026-11-20T15:30:12+00:00"),
        ("2026-11-20T15:30:12-05:00", "", DAY, "2026-11-20T20:30:12+00:00"),
        ("2026/11/20", "", DAY, None),
        ("2026-11-20 3:30 PM", "", DAY, "2026-11-20T14:30:00+00:00"),
        ("20.11.2026", "dmy", DAY, None),
        ("20.11.26", "dmy", DAY, None),
        ("11/20/2026", "mdy", DAY, None),
        ("11/20/2026 12:05 AM", "mdy", DAY, "2026-11-19T23:05:00+00:00"),
        ("11/20/2026 12:05 p.m.", "mdy", DAY, "2026-11-20T11:05:00+00:00"),
        ("26-11-20", "ymd", DAY, None),
        ("3/4/2026", "dmy", date(2026, 4, 3), None),
        ("20260720120000", "", date(2026, 7, 20), "2026-07-20T10:00:00+00:00"),  # summer time
    ],
)
def test_dates(cell: str, order: str, day: date, at: str | None) -> None:
    found = read_moment(cell, order, "", BERLIN)
    assert found.day == day
    assert (found.at and found.at.astimezone(UTC).isoformat()) == at


@pytest.mark.parametrize(
    ("cell", "order", "code"),
    [
        ("03/04/2026", "", "date_order"),
        ("25/04/2026", "", "date_order"),  # plain by itself, but never guessed row by row
        ("11/20/2026", "dmy", "date_unreadable"),
        ("11/20/2026", "ymd", "date_unreadable"),
        ("20261320", "", "date_unreadable"),
        ("20260230", "", "date_unreadable"),
        ("2026112", "", "date_unreadable"),
        ("soon", "", "date_unreadable"),
        ("20261120253012", "", "date_unreadable"),
        ("11/20/2026 13:05 PM", "mdy", "date_unreadable"),
        ("00010101", "", "date_unreadable"),
        ("46346", "", "date_unreadable"),  # a spreadsheet's day number
        ("20/11-2026", "dmy", "date_unreadable"),
        ("11/20/2026 later", "mdy", "date_unreadable"),
    ],
)
def test_no_dates(cell: str, order: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_moment(cell, order, "", BERLIN)
    assert (caught.value.code, caught.value.params) == (code, {"value": cell})


def test_a_chosen_form_goes_before_everything() -> None:
    assert read_moment("20 Nov 26", "", "%d %b %y", BERLIN) == (DAY, None)
    found = read_moment("20261120 1530", "", "%Y%m%d %H%M", BERLIN)
    assert found.at == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    with pytest.raises(UsageError, match="date_unreadable"):
        read_moment("20261120", "", "%d %b %y", BERLIN)


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("8.40", "", "8.40"),
        ("8,40", "", "8.40"),
        ("$8.40", "", "8.40"),
        ("8,40 \u20ac", "", "8.40"),
        ("USD 8.40", "", "8.40"),
        ("12", "", "12"),
        (".5", "", "0.5"),
        ("-8.40", "", "-8.40"),
        ("1,234.50", "", "1234.50"),
        ("1.234,50", "", "1234.50"),
        ("1 234,50", "", "1234.50"),
        ("1'234.50", "", "1234.50"),
        ("1,234,567", "", "1234567"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("0.125", "", "0.125"),
        ("2.5 lb", "", "2.5"),
        ("8.", "", "8"),
    ],
)
def test_amounts(cell: str, mark: str, amount: str) -> None:
    assert read_amount(cell, mark) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "mark", "code"),
    [
        ("1,234", "", "amount_mark"),
        ("1.234", "", "amount_mark"),
        ("free", "", "amount_unreadable"),
        ("8.40", ",", "amount_unreadable"),  # two digits are no thousands
        ("1,23,4.50", "", "amount_unreadable"),
        ("8.40.1", ".", "amount_unreadable"),
        ("(8.40)", "", "amount_unreadable"),  # a minus sign, for accountants
        ("1E3", "", "amount_unreadable"),
        ("NaN", "", "amount_unreadable"),
        ("--8", "", "amount_unreadable"),
        ("\u0661", "", "amount_unreadable"),  # an Arabic one
    ],
)
def test_no_amounts(cell: str, mark: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_amount(cell, mark)
    assert caught.value.code == code


def test_no_amount_at_all_is_none() -> None:
    assert read_amount("") is None


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_every_way_to_write_an_amount_gives_it_back(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert read_amount(english, ".") == read_amount(german, ",") == amount
    assert read_amount(english) == read_amount(german) == amount  # two decimals are plain


@pytest.mark.parametrize(
    "cell", ["Y", "yes", "TRUE", "1", "v", "Void", "VOIDED", "cancelled", "Refunded"]
)
def test_voids(cell: str) -> None:
    assert read_void(cell)


@pytest.mark.parametrize("cell", ["", "N", "no", "0", "False"])
def test_no_voids(cell: str) -> None:
    assert not read_void(cell)


@pytest.mark.parametrize("cell", ["X", "Shipped", "2", "voided?"])
def test_what_says_neither_is_not_guessed(cell: str) -> None:
    with pytest.raises(UsageError, match="void_unknown"):
        read_void(cell)


@pytest.mark.parametrize(
    ("cell", "bare"),
    [
        ('="00123"', "00123"),
        ("'00123", "00123"),
        (" 316990 ", "316990"),
        ("\u00a0316990", "316990"),
        ("O'Neil", "O'Neil"),
        ('="a', '="a'),
        ("=1+1", "=1+1"),
        ("", ""),
    ],
)
def test_wrappers(cell: str, bare: str) -> None:
    assert unwrap(cell) == bare


@pytest.mark.parametrize("cell", ["9.4E+21", "9,4e+21", "9E+21", "9.40011E21", "1.0e-5", "-1.2E+3"])
def test_scientific_notation_is_never_a_number(cell: str) -> None:
    for read in (read_tracking, read_reference):
        with pytest.raises(UsageError, match="number_scientific"):
            read(cell)


@pytest.mark.parametrize("cell", ["9E21", "1E12345678", "12345E6", "LE123", "PRO.E+1"])
def test_what_only_resembles_it_is_taken(cell: str) -> None:
    assert read_reference(cell) == cell


@pytest.mark.parametrize("cell", ["94001118995600000", "9400 1118 9956 0000 0000", "9" * 15 + "00"])
def test_rounded_numbers(cell: str) -> None:
    with pytest.raises(UsageError, match="number_rounded"):
        read_tracking(cell)


def test_sixteen_digits_may_end_in_a_zero_when_the_check_digit_says_so() -> None:
    assert read_tracking("7010000000000020") == "7010000000000020"  # 3*2 + 3*1 + 3*7 = 30
    with pytest.raises(UsageError, match="number_rounded"):
        read_tracking("7010000000000030")


def test_words_for_no_number_are_no_number() -> None:
    with pytest.raises(UsageError, match="tracking_empty"):
        read_tracking("N/A")
    assert read_tracking("n/a", may_be_empty=True) == ""
    assert read_tracking("PICKUP") == "PICKUP"  # stored; whoever shows it says what it is


@pytest.mark.parametrize(
    ("cell", "count"), [("2", 2), ("0", None), ("", None), ("two", None), ("99999", None)]
)
def test_counts(cell: str, count: int | None) -> None:
    assert read_count(cell) == count
