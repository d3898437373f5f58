"""Places as they are stored: all of it comes back, whatever stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.orders import Place
from app.models.order_rows import dump_place, load_place

ODD = Place("a\x1fb", "c\x1ed", ("e\x1d", "f\x1fg"), "h", "i", "j", "k", "l\x1d")


@pytest.mark.parametrize(
    "place",
    [
        None,
        Place(),
        Place("Ann", "Acme", ("1 Main", "Suite 2"), "Springfield", "IL", "62701", "US", "555"),
        Place("", "", ("", "2nd line"), "", "", "", "", "5"),
        Place(phone="555"),
        Place(country="US"),
    ],
)
def test_a_place_comes_back_as_it_was(place: Place | None) -> None:
    assert load_place(dump_place(place)) == place


def test_marks_inside_are_blanks_when_it_comes_back() -> None:
    assert load_place(dump_place(ODD)) == Place(
        "a b", "c d", ("e ", "f g"), "h", "i", "j", "k", "l "
    )


TEXT = st.text(max_size=8).filter(lambda text: not text.endswith(", "))


@given(TEXT, TEXT, st.lists(TEXT, max_size=3), TEXT, TEXT)
def test_any_text_is_kept(name: str, company: str, street: list[str], city: str, tel: str) -> None:
    found = load_place(dump_place(Place(name, company, tuple(street), city, phone=tel)))
    plain = str.maketrans("\x1d\x1e\x1f", "   ")
    expected = [line.translate(plain) for line in street]
    assert found is not None
    assert (found.name, found.phone) == (name.translate(plain), tel.translate(plain))
    assert list(found.street) == ([] if expected == [""] else expected)
    assert (found.company, found.city) == (company.translate(plain), city.translate(plain))
