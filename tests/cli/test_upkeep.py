"""`backup`, `restore` and `self-test`."""

import sqlite3
from pathlib import Path

import pytest

from app.core.states import JobState
from app.services import self_test
from app.services.ownership import Ownership
from app.services.self_test_lines import Line
from tests.cli.console import Console, Desk
from tests.fakes.clock import FakeClock


def test_a_backup_comes_back(backhaul: Console, folder: Path, tmp_path: Path) -> None:
    desk = Desk(folder)
    desk.connect()
    desk.enter()
    file = tmp_path / "mine.db"
    assert backhaul.ok("backup", str(file)).lines[0] == f"Backed up to {file}"
    desk.enter("2", "1Z2")
    desk.program.close()
    said = backhaul.ok("restore", str(file))
    assert said.lines[0] == f"Restored from {file}"
    assert said.lines[1].startswith("The data file that was here is now ")
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert row["state"] == JobState.IN_DOUBT


def test_a_backup_without_a_name_goes_to_the_data_folder(backhaul: Console, folder: Path) -> None:
    backhaul.ok("backup")
    assert len(list((folder / "backups").glob("backhaul-manual-*.db"))) == 1


def test_a_backup_into_a_folder_gets_a_name(backhaul: Console, tmp_path: Path) -> None:
    backhaul.ok("backup", str(tmp_path))
    assert len(list(tmp_path.glob("backhaul-manual-*.db"))) == 1


def test_a_backup_never_replaces_a_file(backhaul: Console, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("dear all", encoding="utf-8")
    text = backhaul.fails("backup", str(file))
    assert text.startswith(f"{file}: there is a file with that name already.")
    assert file.read_text(encoding="utf-8") == "dear all"


def test_what_cannot_be_restored_changes_nothing(
    backhaul: Console, desk: Desk, tmp_path: Path
) -> None:
    desk.enter()
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"SQLite format 3\x00" + bytes(500))
    assert backhaul.fails("restore", str(tmp_path / "no.db")).endswith(
        "Check the file, then try again."
    )
    assert "it is damaged, or no Backhaul data file" in backhaul.fails("restore", str(junk))
    assert len(backhaul.ok("queue", "list", "--json").rows) == 1


def test_another_programs_database_is_not_restored(
    backhaul: Console, desk: Desk, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE letters (text)")
    connection.close()
    assert "no Backhaul data file" in backhaul.fails("restore", str(other))
    assert desk.program.queue.rows() == []


def test_restore_waits_for_the_engine_to_stop(
    backhaul: Console, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.db"
    backhaul.ok("backup", str(file))
    engine = Ownership(folder, FakeClock())
    engine.take()
    text = backhaul.fails("restore", str(file))
    assert text.startswith("Backhaul is already running for this data folder (process ")
    engine.release()


SELF_TEST_LINES = [
    "Parts", "Libraries", "Password store", "Certificates", "Time zones", "Languages",
    "Data folder", "Data file", "Window", "Icons", "Screen", "Practice shipment",
    "Practice shipment", "Local intake",
]  # fmt: skip


@pytest.fixture
def _no_password_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "installed_backends", list)  # not the one of whoever tests


@pytest.mark.usefixtures("_no_password_store")
def test_the_self_test_goes_through_every_layer(backhaul: Console) -> None:
    said = backhaul("self-test")
    assert said.code == 0, said
    results = {line.split("  ")[0] for line in said.lines}
    assert results <= {"ok", "not checked"}
    assert said.lines[-3:] == [
        "ok           Practice shipment: written to a practice PrintSmith Vision and read back",
        "ok           Practice shipment: written to a practice Magento and read back",
        "ok           Local intake: a shipment from another program was taken in and written",
    ]


@pytest.mark.usefixtures("_no_password_store")
def test_the_self_test_leaves_nothing_but_its_folder(backhaul: Console, folder: Path) -> None:
    backhaul.ok("self-test")
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("_no_password_store")
def test_a_check_that_fails_does_not_hide_the_others(
    backhaul: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "LIBRARIES", ("no-such-library",))
    skipped = [Line(title, None, "skipped") for title in SELF_TEST_LINES[-3:]]
    monkeypatch.setattr(self_test, "practice_lines", lambda _: skipped)
    said = backhaul("self-test", "--json")
    assert said.code == 1
    assert [row["line"] for row in said.rows] == SELF_TEST_LINES
    assert [row["line"] for row in said.rows if row["result"] == "failed"] == ["Libraries"]
    assert said.err == "Failed: Libraries\n"
