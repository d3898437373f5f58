"""What a file tells about the program that wrote it."""

import pytest

from app.integrations.carrier_files.noticing import guess_growth, guess_program, guess_void_mark
from app.integrations.carrier_files.values import read_void

UPS, USPS = "1ZA1B2C30345678903", "9400111899560000000120"


@pytest.mark.parametrize(
    ("header", "numbers", "program"),
    [
        (("Ref", "shipmentprocess_timestamp"), (), "worldship"),
        (("Ref", "Tracking"), (UPS, UPS), "worldship"),
        (("Ref", "Tracking"), (USPS,), "usps"),
        (("Ref", "Tracking"), (UPS, USPS), "generic"),
        (("Ref", "Tracking"), ("612345678902",), "generic"),  # twelve digits are nobody's
        ((), (), "generic"),
    ],
)
def test_a_program_is_told_by_its_own_names_or_by_every_number(
    header: tuple[str, ...], numbers: tuple[str, ...], program: str
) -> None:
    assert guess_program(header, numbers).value == program


@pytest.mark.parametrize(
    ("cells", "chosen", "value", "why"),
    [
        (["N", "Y", "y", ""], "", "Y, y", "why_void_marks"),
        (["N", "0"], "", "", "why_void_no_marks"),
        (["N", "X"], "", "", "why_void_unknown"),
        (["N", "X"], "X", "X", "why_void_set"),
    ],
)
def test_the_marks_of_voids_are_those_that_stand_there(
    cells: list[str], chosen: str, value: str, why: str
) -> None:
    guess = guess_void_mark(cells, chosen)
    assert guess is not None
    assert (guess.value, guess.why) == (value, why)


def test_without_a_void_column_nothing_is_said_of_voids() -> None:
    assert guess_void_mark([], "") is None


@pytest.mark.parametrize(
    ("days", "repeats", "value"),
    [
        (["20261120153012", "20261120160000"], 0, "unknown"),
        (["20261120153012", "20261121090000"], 0, "added"),
        (["2026-11-20 15:30", "2026-11-20 16:30"], 0, "unknown"),
        (["11/20/2026", "11/21/2026"], 0, "added"),
        (["GND", "1DA"], 0, "unknown"),  # another column was chosen for the date
        ([], 1, "added"),
    ],
)
def test_a_file_that_is_added_to_is_told_by_days_and_header_lines(
    days: list[str], repeats: int, value: str
) -> None:
    assert guess_growth(days, repeats).value == value


def test_with_a_mark_of_its_own_every_other_word_is_no_void() -> None:
    assert read_void("gone", "Gone ")
    assert read_void("Y", "Gone")
    assert not read_void("Shipped", "Gone")
