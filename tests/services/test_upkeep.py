"""Sizes of a data folder, how far a backup is, and whether one would be taken."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.errors import UsageError
from app.services.ownership import Ownership
from app.services.program import Program
from app.services.upkeep import back_up, check_backup, progress_of, restore, sizes
from tests.fakes.clock import FakeClock


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path / "data", is_engine=False, clock=FakeClock())
    yield program
    program.close()


def test_sizes_tell_data_and_backups_apart(program: Program) -> None:
    folder, clock = program.folder, program.clock
    made = back_up(folder, clock)
    os.utime(made, (1_600_000_000, 1_600_000_000))
    (folder / "logs").mkdir(exist_ok=True)
    (folder / "logs" / "more.log").write_bytes(bytes(1234))
    found = sizes(folder)
    assert found.backups == made.stat().st_size
    assert (found.backup_count, found.last_backup_at) == (1, 1_600_000_000_000)
    assert found.data >= (folder / "backhaul.db").stat().st_size
    assert found.others >= 1234


def test_what_a_restore_set_aside_counts_as_no_backup(program: Program, tmp_path: Path) -> None:
    file = back_up(program.folder, program.clock, tmp_path / "mine.db")
    program.end_thread()
    restore(program.folder, file, program.clock)
    assert sizes(program.folder).backup_count == 0


def test_a_backup_is_as_far_as_its_part(program: Program, tmp_path: Path) -> None:
    target = tmp_path / "mine.db"
    program.end_thread()
    whole = (program.folder / "backhaul.db").stat().st_size
    assert progress_of(program.folder, target) == 0
    (tmp_path / "mine.part").write_bytes(bytes(whole // 4))
    assert progress_of(program.folder, target) == pytest.approx(0.25)
    (tmp_path / "mine.part").write_bytes(bytes(whole * 2))
    assert progress_of(program.folder, target) == 1


def test_a_backup_is_judged_beside_a_running_engine(program: Program, tmp_path: Path) -> None:
    file = back_up(program.folder, program.clock, tmp_path / "mine.db")
    owner = Ownership(program.folder, program.clock)
    owner.take()
    try:
        check_backup(program.folder, file, program.clock)
    finally:
        owner.release()


def test_a_retired_computer_takes_no_backup(program: Program, tmp_path: Path) -> None:
    file = back_up(program.folder, program.clock, tmp_path / "mine.db")
    program.retirement.retire(None)
    with pytest.raises(UsageError) as caught:
        check_backup(program.folder, file, program.clock)
    assert caught.value.code == "retired"


def test_the_data_file_is_no_backup_of_itself(program: Program) -> None:
    with pytest.raises(UsageError) as caught:
        check_backup(program.folder, program.folder / "backhaul.db", program.clock)
    assert caught.value.code == "file_problem"
