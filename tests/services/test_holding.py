"""Who holds the data file, in words a person understands; never what they were told to do."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.bootstrap import catalogue
from app.services.holding import Holding, _ours
from app.services.wording import Wordsmith

linux = pytest.mark.skipif(sys.platform != "linux", reason="commands are read on Linux only")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/usr/bin/python3", "-m", "app", "ship", "316132", "1Z1"], "backhaul ship"),
        (["python", "-P", "-m", "app", "--data-dir", "/x", "run"], "backhaul run"),
        (["/opt/backhaul/backhaul", "--data-dir=/x", "import", "f.csv"], "backhaul import"),
        (["backhaul.exe", "queue", "list"], "backhaul queue"),
        (["python", "/venv/bin/backhaul"], ""),
        (["python", "-m", "app", "--data-dir", "/x"], ""),
        (["sqlite3", "backhaul.db"], None),
        (["/usr/bin/clamscan", "-r", "/home"], None),
        (["python", "-c", "import app"], None),
        ([], None),
    ],
)
def test_a_command_of_ours_is_known_by_its_name(command: Sequence[str], words: str | None) -> None:
    assert _ours(command) == words


def test_nobody_is_no_sentence(tmp_path: Path) -> None:
    assert Holding(tmp_path / "x", Wordsmith(catalogue()), lambda _: None).who() == ""


@linux
def test_another_program_is_named_with_its_process(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "print('up', flush=True); input()", "secret-order-316132"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"up\n"
        said = Holding(tmp_path / "x", Wordsmith(catalogue()), lambda _: other.pid).who()
        other.communicate(b"\n")
    name = Path(sys.executable).name
    assert said == f"Another program is writing: {name} (process {other.pid})"


def test_a_process_that_has_ended_meanwhile_is_still_one(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        other.wait(20)
    said = Holding(tmp_path / "x", Wordsmith(catalogue()), lambda _: other.pid).who()
    assert said == f"Another program is writing (process {other.pid})"
