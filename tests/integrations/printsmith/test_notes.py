"""Notes and prices of a charge."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.core.tracking import normalise_tracking
from app.integrations.printsmith.mapping import holds, merge_notes, price_text
from tests.integrations.printsmith.answers import NUMBER


@pytest.mark.parametrize(
    "notes",
    [
        NUMBER,
        NUMBER.lower(),
        f"Call first\n{NUMBER}\nblue paper",
        f"UPS: {NUMBER}, left today",
        f"({NUMBER})",
        f"'{NUMBER}'",
        f"{NUMBER}.",
        "1Z-999-AA1-0123456784",
        "1Z 999 AA1 01 2345 6784",
        "UPS 1Z\u00a0999 AA1 0123456784 gone",
        "1Z999AA1\u200b0123456784",
        "１Ｚ９９９ＡＡ１０１２３４５６７８４",  # noqa: RUF001 - full-width, as some keyboards type
        f"https://ups.example/track?num={NUMBER}&lang=en",
    ],
)
def test_notes_hold_the_number_however_it_is_written(notes: str) -> None:
    assert holds(notes, NUMBER)


@pytest.mark.parametrize(
    "notes",
    [
        "",
        "call first",
        f"{NUMBER}9",
        f"X{NUMBER}",
        NUMBER[:-1],
        f"{NUMBER}-2",
        "1Z999AA1\n0123456784",
        "2 1Z 999 AA1 01 2345 6784",  # a parcel count beside the groups: in doubt, no
    ],
)
def test_part_of_another_number_is_not_the_number(notes: str) -> None:
    assert not holds(notes, NUMBER)


def test_short_numbers_are_never_put_together_from_groups() -> None:
    assert not holds("take 12 34 with you", "1234")
    assert holds("1234", "1234")


@pytest.mark.parametrize(
    ("notes", "merged"),
    [
        ("", NUMBER),
        ("  \n", NUMBER),
        ("Call first", f"Call first\n{NUMBER}"),
        ("Call first\n", f"Call first\n{NUMBER}"),
        ("one\r\ntwo\r\n", f"one\r\ntwo\r\n{NUMBER}"),
        ("  kept  \n\n", f"  kept  \n\n{NUMBER}"),
        (NUMBER.lower(), NUMBER.lower()),
        ("1Z999AA10123456785", f"1Z999AA10123456785\n{NUMBER}"),
    ],
)
def test_merge(notes: str, merged: str) -> None:
    assert merge_notes(notes, NUMBER) == merged


trackings = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=50)


humans = st.text(max_size=300) | st.lists(
    trackings | st.sampled_from(["1Z", "999", "AA1", "call first", "-", " ", "\r\n", "\n", "."])
).map("".join)


@given(humans, trackings)
@example("1Z 999 AA1 01 2345 6784", NUMBER)
@example("0", "0")
def test_merging_drops_no_human_text_and_doubles_nothing(notes: str, tracking: str) -> None:
    merged = merge_notes(notes, tracking)
    assert merged.startswith(notes) or not notes.strip()
    assert holds(merged, tracking)
    assert merge_notes(merged, tracking) == merged
    if merged != notes:
        assert merged.splitlines()[-1] == tracking
        assert merged.count(tracking) <= notes.count(tracking) + 1


@given(humans, trackings, trackings)
def test_two_parcels_stand_one_below_the_other(notes: str, one: str, two: str) -> None:
    assume(one != two)
    assume(not holds(notes, one))
    assume(not holds(notes, two))
    lines = merge_notes(merge_notes(notes, one), two).splitlines()
    assert lines[-2:] == [one, two]


@given(humans)
def test_what_a_person_typed_is_found_as_typed(notes: str) -> None:
    for word in notes.split():
        number = normalise_tracking(word)
        if number.isascii() and number.isalnum() and word.isalnum():
            assert holds(notes, number)


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (None, None),
        ("0", "0.00"),
        ("12.5", "12.50"),
        ("12.345", "12.35"),
        ("12.3449", "12.34"),
        ("1E+3", "1000.00"),
        ("1234567.891", "1234567.89"),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_a_price_has_a_dot_and_two_decimals(cost: str | None, text: str | None) -> None:
    assert price_text(None if cost is None else Decimal(cost)) == text
