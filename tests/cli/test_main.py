"""How a call ends when something unforeseen happens: never with a trace for the person."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__
from app.__main__ import main
from app.cli import status
from app.services.overview import Overview
from tests.cli.console import PYTHON, Console, Desk


def test_a_fault_of_the_program_is_said_and_logged(
    backhaul: Console, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("token=hunter2-hunter2")

    monkeypatch.setattr(Overview, "all", fail)
    log = folder / "logs" / "backhaul.log"
    text = backhaul.fails("status")
    assert text == f"Backhaul made a mistake here; see the log file {log}"
    trace = log.read_text(encoding="utf-8")
    assert "Traceback" in trace
    assert "hunter2" not in trace


def test_a_file_in_trouble_is_named(backhaul: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/there/engine.lock")

    monkeypatch.setattr(Overview, "all", fail)
    assert backhaul.fails("status").startswith("/there/engine.lock: Permission denied; see the log")


def test_a_folder_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert main(["status", "--data-dir", str(file)]) == 1
    assert capsys.readouterr().err.startswith(f"The data folder cannot be used ({file}): ")


def test_a_foreign_data_file_is_left_alone(backhaul: Console, folder: Path) -> None:
    folder.mkdir()
    (folder / "backhaul.db").write_bytes(b"dear all, " * 50)
    assert backhaul.fails("status").startswith(f"{folder / 'backhaul.db'} is not a Backhaul data")


def test_ctrl_c_is_quiet(backhaul: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Overview, "all", interrupt)
    said = backhaul("status")
    assert (said.code, said.out, said.err) == (130, "", "")


def test_a_reader_that_went_away_is_no_error(
    backhaul: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(text: str = "") -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(status, "line", gone)
    assert main(["status", "--data-dir", str(backhaul.folder)]) == 1


def test_the_environment_names_the_data_folder(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(os.environ, "BACKHAUL_DATA_DIR", str(folder))
    assert main(["connection", "list"]) == 0
    assert "Front desk" in capsys.readouterr().out


def test_the_version_of_the_program_as_it_is_started() -> None:
    done = subprocess.run([*PYTHON, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"backhaul {__version__}\n", "")


def test_output_into_a_closed_pipe_leaves_no_trace(folder: Path) -> None:
    command = [*PYTHON, "connection", "add", "printsmith", "--help-settings"]
    command += ["--data-dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(20) == 1
