"""Lines as people paste them: what is read, put right, and left for them to mend."""

import pytest

from app.ui.queue.pasted import MOST_LINES, read_pasted

GOOD, BAD = "1Z999AA10123456784", "1Z23966E0397467800"


@pytest.mark.parametrize(
    "line",
    [
        f"316132\t{GOOD}",
        f"316132;{GOOD.lower()}",
        f" 316132 , {GOOD}",
        f"316132 {GOOD}",
        "316132\t1Z 999 AA1 01 2345 6784",
        f"{GOOD}\t316132",
        f"Order\tTracking number\r\n316132\t{GOOD}\r\n\r\n",
    ],
)
def test_a_pair_is_read(line: str) -> None:
    (one,) = read_pasted(line)
    assert (one.order, one.number, one.carrier, one.problem) == ("316132", GOOD, "UPS", None)


def test_orders_may_hold_blanks_where_a_tab_stands() -> None:
    assert read_pasted(f"Web 7a\t{GOOD}")[0].order == "Web 7a"


def test_a_bad_check_digit_is_a_doubt_and_no_problem() -> None:
    (one,) = read_pasted(f"316132\t{BAD}")
    assert one.problem is None
    assert "check digit" in one.doubt


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("316132", "paste_columns"),
        (f"1\t2\t{GOOD}", "paste_columns"),
        ("316132\t1Z/99", "tracking_characters"),
        ("316132\t" + "9" * 51, "tracking_too_long"),
    ],
)
def test_a_line_that_cannot_be_read_keeps_its_text(line: str, code: str) -> None:
    (one,) = read_pasted(line)
    assert one.problem is not None
    assert (one.problem.code, one.text) == (code, line)


def test_no_more_than_a_window_can_show() -> None:
    assert len(read_pasted(f"316132\t{GOOD}\n" * (MOST_LINES + 5))) == MOST_LINES
    assert read_pasted(" \n") == []
