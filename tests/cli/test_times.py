"""How times read."""

from argparse import ArgumentTypeError

import pytest

from app.cli.times import ago, duration, in_time, iso, span

NOW = 1_795_000_000_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (12.4, "12 s"), (90, "1 min"), (3599, "59 min"), (7200, "2 h"),
     (86_400, "24 h"), (300_000, "3 days"), (-5, "0 s")],
)  # fmt: skip
def test_spans_have_one_unit(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_ages_are_relative_under_an_hour_only() -> None:
    assert ago(NOW - 12_000, NOW) == "12 s ago"
    assert ago(NOW - 59 * 60_000, NOW) == "59 min ago"
    assert ":" in ago(NOW - 3_600_000, NOW)
    assert ":" in ago(NOW + 5_000, NOW)  # the clock was set back


def test_iso_times_have_an_offset() -> None:
    text = iso(NOW)
    assert text is not None
    assert text[-6] in "+-"
    assert iso(None) is None


def test_next_try() -> None:
    assert [in_time(None), in_time(0.2), in_time(61)] == ["", "now", "in 1 min"]


@pytest.mark.parametrize("text", ["", "30", "m", "0m", "1w", "-1h", "1h30m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        duration(text)
