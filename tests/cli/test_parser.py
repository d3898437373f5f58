"""What may be typed, and what is wrong usage."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from app.cli.parser import parse
from app.core.types import ShipmentLine

SHIP = ["ship", "316132", "1Z23966E0397467800"]

RIGHT: list[tuple[list[str], dict[str, Any]]] = [
    (SHIP, {"order": "316132", "tracking": "1Z23966E0397467800", "wait": None, "again": False}),
    ([*SHIP, "--wait"], {"wait": 120}),
    ([*SHIP, "--wait", "5"], {"wait": 5}),
    ([*SHIP, "--ship-date", "2026-11-21"], {"ship_date": date(2026, 11, 21)}),
    ([*SHIP, "--cost", "12.50"], {"cost": Decimal("12.50")}),
    (
        [*SHIP, "--item", "CARD=2", "--item", "INK=0.5"],
        {"items": [ShipmentLine("CARD", Decimal(2)), ShipmentLine("INK", Decimal("0.5"))]},
    ),
    (["queue", "list"], {"state": "all", "limit": 1000, "json": False, "connection": None}),
    (["queue", "list", "--state", "needs-you", "--json"], {"state": "needs-you", "json": True}),
    (["queue", "retry", "1", "2"], {"rows": ["1", "2"], "group": None}),
    (["queue", "discard", "--group", "4"], {"rows": [], "group": 4}),
    (["queue", "done", "1", "--reason", "by phone"], {"reason": "by phone"}),
    (["queue", "copy", "1", "--with-diagnosis"], {"with_diagnosis": True}),
    (["connection", "pause", "Shop", "--for", "30m"], {"for_s": 1800.0}),
    (["connection", "pause", "Shop", "--for", "1.5h"], {"for_s": 5400.0}),
    (["connection", "pause", "Shop"], {"for_s": None}),
    (
        ["connection", "add", "printsmith", "--name", "Shop", "--set", "charge_name= Tracking "],
        {"settings": [("charge_name", " Tracking ")]},
    ),
    (["practice", "fault", "printsmith", "slow", "--times", "always"], {"times": None}),
    (["practice", "fault", "printsmith", "slow"], {"times": 1}),
    (["backup"], {"file": None}),
    (["restore", "a.db"], {"file": Path("a.db")}),
    (["--data-dir", "x", "status"], {"data_dir": "x"}),
    (["status", "--data-dir", "x"], {"data_dir": "x"}),
    (["--data-dir", "y", "queue", "--data-dir", "z", "list"], {"data_dir": "z"}),
    (["status"], {"data_dir": None}),
]

WRONG = [
    [],
    ["queue"],
    ["connection"],
    ["nonsense"],
    ["ship", "316132"],
    [*SHIP, "--ship-date", "21.11.2026"],
    [*SHIP, "--item", "CARD"],
    [*SHIP, "--item", "CARD=0"],
    [*SHIP, "--item", "CARD=NaN"],
    [*SHIP, "--cost", "-1"],
    [*SHIP, "--cost", "NaN"],
    [*SHIP, "--wait", "0"],
    [*SHIP, "--carr", "UPS"],
    ["queue", "list", "--state", "nonsense"],
    ["queue", "list", "--limit", "0"],
    ["queue", "restore"],
    ["queue", "done", "1"],
    ["connection", "pause", "Shop", "--for", "soon"],
    ["connection", "add", "printsmith", "--set", "charge_name"],
    ["practice", "fault", "printsmith", "slow", "--times", "never"],
    ["restore"],
]


@pytest.mark.parametrize(("words", "expected"), RIGHT, ids=lambda value: str(value)[:60])
def test_options_are_read(words: list[str], expected: dict[str, Any]) -> None:
    options = vars(parse(words))
    assert {name: options[name] for name in expected} == expected


@pytest.mark.parametrize("words", WRONG, ids=lambda value: " ".join(value)[:60])
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2


@pytest.mark.parametrize("words", [["--version"], ["status", "--version"]])
def test_version_works_before_and_after_the_command(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"backhaul {__version__}\n"


def test_a_bad_value_is_named_with_its_mend(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([*SHIP, "--ship-date", "21.11.2026"])
    assert "--ship-date: “21.11.2026” is no date; write it as 2026-11-21" in capsys.readouterr().err


def test_nothing_typed_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([])
    assert "ship" in capsys.readouterr().out
