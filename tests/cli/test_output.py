"""Tables, cutting, and what must never reach a terminal."""

import json

import pytest

from app.cli import output

TITLES = ("Row", "Tracking", "State")
ROWS = [
    ("1", "1Z23966E0397467800", "Waiting: open at another desk (MARY) since 12:17"),
    ("12", "9400111899223197428490", "Done"),
]


def test_a_table_that_goes_elsewhere_is_never_cut() -> None:
    lines = output.fitted(TITLES, ROWS, None)
    assert lines[0] == "Row  Tracking                State"
    assert lines[1].endswith("since 12:17")
    assert lines[2] == "12   9400111899223197428490  Done"


@pytest.mark.parametrize("width", [40, 50, 60, 80])
def test_a_table_fits_the_terminal(width: int) -> None:
    lines = output.fitted(TITLES, ROWS, width)
    assert max(map(output.columns, lines)) <= width
    assert "7800" in lines[1]
    assert "8490" in lines[2]


@pytest.mark.parametrize("width", range(6, 18))
def test_a_cut_number_keeps_its_last_four(width: int) -> None:
    cut = output.cut("1Z23966E0397467800", width)
    assert output.columns(cut) <= width
    assert cut.startswith("1")
    assert cut.endswith("7800")
    assert "…" in cut


def test_a_narrow_terminal_gets_long_words_on_a_line_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "terminal_width", lambda: 60)
    output.table(TITLES, ROWS, "", fold=2)
    assert capsys.readouterr().out.splitlines() == [
        "Row  Tracking",
        "1    1Z23966E0397467800",
        "    Waiting: open at another desk (MARY) since 12:17",
        "12   9400111899223197428490",
        "    Done",
    ]
    monkeypatch.setattr(output, "terminal_width", lambda: 100)
    output.table(TITLES, ROWS, "", fold=2)
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_what_fits_is_not_cut() -> None:
    assert output.cut("1Z23966E0397467800", 18) == "1Z23966E0397467800"


def test_wide_letters_take_two_columns() -> None:
    assert output.columns("株式会社") == 8
    assert output.columns("e\u0301") == 1
    assert output.columns(output.cut("株式会社印刷所東京支店", 12)) <= 12


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.line("held by \x1b[31mMARY\x07\nand \u202eothers")
    output.table(("Who",), [("\x1b]0;owned\x07",)], "")
    assert "\x1b" not in capsys.readouterr().out


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(TITLES, [], "Nothing waits")
    assert capsys.readouterr().out == "Nothing waits\n"


def test_json_is_an_array_and_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_json([{"name": "Größe"}])
    text = capsys.readouterr().out
    assert json.loads(text) == [{"name": "Größe"}]
    assert "Größe" in text


def test_trouble_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    output.trouble("no")
    assert capsys.readouterr() == ("", "no\n")


def test_a_block_leaves_out_what_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    output.block((("A", "1"), ("Much longer", ""), ("BB", "2")))
    assert capsys.readouterr().out == "  A   1\n  BB  2\n"
