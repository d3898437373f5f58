"""The pseudo-locale: longer, accented, in brackets, with its fields untouched."""

import string

import pytest

from app.core.pseudo import LONGER, pseudo
from app.core.words import SENTENCES


def test_a_sentence_stays_readable_between_brackets() -> None:
    assert pseudo("Sending to {name}") == "⟦Šéñðîñĝ ţö {name} ölon⟧"
    assert pseudo("") == ""


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_fields_stay_and_it_is_longer_by_a_third(code: str) -> None:
    for text in (SENTENCES[code].summary, SENTENCES[code].hint):
        if text:
            said, formatter = pseudo(text), string.Formatter()
            fields = [name for _, name, _, _ in formatter.parse(text) if name]
            assert [name for _, name, _, _ in formatter.parse(said) if name] == fields
            assert said[0] == "⟦"
            assert said[-1] == "⟧"
            letters = len(text) - sum(len(name) + 2 for name in fields)
            assert len(said) >= len(text) + LONGER * letters
