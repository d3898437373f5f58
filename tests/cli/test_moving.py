"""Moving to a new computer: the old one never sends again, the new one looks first."""

from pathlib import Path

import pytest

from app.services.practice import Practice
from tests.cli.console import ORDER, TRACKING, Console, Desk


def test_a_retired_computer_sends_nothing_and_says_so(
    backhaul: Console, desk: Desk, tmp_path: Path
) -> None:
    desk.enter()
    file = tmp_path / "last.db"
    said = backhaul.ok("retire", str(file))
    assert said.lines == [
        f"Backed up to {file}",
        "This computer is retired: nothing is sent from here any more",
        "At the new computer: backhaul restore last.db",
    ]
    for words in (["run"], ["ship", ORDER, TRACKING], ["import", "x.csv"], ["restore", str(file)],
                  ["retire"]):  # fmt: skip
        assert backhaul.fails(*words).startswith("This computer was retired: Backhaul sends")
    assert "This computer was retired" in backhaul.ok("status").lines[0]
    assert len(backhaul.ok("queue", "list", "--json").rows) == 1


def test_a_computer_is_not_retired_while_it_sends(backhaul: Console, desk: Desk) -> None:
    desk.program.ownership.take()
    try:
        assert "already running" in backhaul.fails("retire")
    finally:
        desk.program.ownership.release()
    assert desk.program.retirement.since() is None


def test_a_backup_that_cannot_be_made_retires_nothing(
    backhaul: Console, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "there.db"
    file.write_text("x", encoding="utf-8")
    assert "there is a file with that name" in backhaul.fails("retire", str(file))
    assert desk.program.retirement.since() is None


def test_a_retired_computer_can_be_taken_back(backhaul: Console, desk: Desk) -> None:
    backhaul.ok("retire")
    backhaul.ok("retire", "--undo")
    backhaul.ok("ship", ORDER, TRACKING)


@pytest.mark.parametrize(
    "went_out",
    [True, pytest.param(False, marks=pytest.mark.battery)],  # 30 s until the next attempt
)
def test_the_new_computer_reads_back_before_it_sends(  # D8
    backhaul: Console,
    folder: Path,
    shop: Practice,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    went_out: bool,
) -> None:
    backhaul.ok("ship", ORDER, TRACKING)
    file = tmp_path / "last.db"
    backhaul.ok("backup", str(file))
    if went_out:
        backhaul.ok("ship", ORDER, TRACKING, "--wait")
    backhaul.ok("retire")
    other = Console(tmp_path / "new computer", capsys)
    other.ok("restore", str(file))
    (row,) = other.ok("queue", "list", "--json").rows
    assert row["cause"] == "restored_look"
    (tmp_path / "new computer" / "practice.json").write_bytes(
        (folder / "practice.json").read_bytes()
    )
    said = other("ship", ORDER, TRACKING, "--wait", "60")
    assert said.code == 0, said
    (row,) = other.ok("queue", "list", "--state", "done", "--json").rows
    assert (row["runs"] == 1) is went_out  # only looked; or looked, then sent
    assert len(shop.state("printsmith")["writes"]) == 1


def test_the_new_computer_asks_for_the_secrets(
    backhaul: Console, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(folder)
    desk.program.connections.add("printsmith", "Moved", {"base_url": "http://127.0.0.1:9"},
                                 actor="ann")  # fmt: skip
    desk.program.close()
    file = tmp_path / "last.db"
    backhaul.ok("backup", str(file))
    said = backhaul.ok("restore", str(file))
    assert "Moved needs its secrets on this computer" in said.lines
    assert any("BACKHAUL_SECRET_MOVED_TOKEN" in text for text in said.lines)
    monkeypatch.setenv("BACKHAUL_SECRET_MOVED_TOKEN", "t")
    assert "needs its secrets" not in backhaul.ok("restore", str(file)).out
