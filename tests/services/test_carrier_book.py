"""What a shop says about carriers: judged before it is kept, read by everybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.carriers import LINKS
from app.core.errors import UsageError
from app.services.program import Program

OWN = "https://parcels.example/at?n={n}"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path / "data", is_engine=False)
    yield program
    program.close()


def test_a_changed_name_is_what_the_next_rows_get(program: Program) -> None:
    book = program.carriers
    book.set_name("Speedy LTD", "ups", "ann")
    (learned,) = book.names()
    assert (learned.name, learned.code, learned.carrier) == ("speedy ltd", "ups", "UPS")
    assert program.intake._attention.carrier_codes() == {"speedy ltd": "ups"}
    book.forget_name("speedy ltd", "ann")
    assert book.names() == []


def test_a_carrier_nobody_knows_is_refused(program: Program) -> None:
    for act in (program.carriers.set_name, program.carriers.set_link):
        with pytest.raises(UsageError) as caught:
            act("x", "nobody", "ann")
        assert caught.value.code == "carrier_code_unknown"


def test_every_carrier_has_a_line_and_our_link_until_the_shop_has_one(program: Program) -> None:
    book = program.carriers
    rows = {row.code: row for row in book.link_rows()}
    assert {code: row.link for code, row in rows.items() if row.link} == dict(LINKS)
    assert "other" not in rows
    book.set_link("ups", f" {OWN} ", "ann")
    (row,) = [one for one in book.link_rows() if one.is_own]
    assert (row.code, row.link, row.ours) == ("ups", OWN, LINKS["ups"])


@pytest.mark.parametrize("text", ["", LINKS["ups"]])
def test_nothing_or_ours_takes_the_own_link_away(program: Program, text: str) -> None:
    book = program.carriers
    book.set_link("ups", OWN, "ann")
    book.set_link("ups", text, "ann")
    assert not any(row.is_own for row in book.link_rows())


def test_a_delivered_link_goes_before_the_own_one(program: Program) -> None:
    book = program.carriers
    book.set_link("ups", OWN, "ann")
    assert book.link("ups", "1 2") == "https://parcels.example/at?n=1%202"
    assert book.link("ups", "1", delivered="https://t.example/1") == "https://t.example/1"
    assert book.link("royalmail", "1") == ""
