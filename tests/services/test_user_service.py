"""`backhaul run` as a systemd unit, asked of a systemctl that writes down what it is told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import UsageError
from app.services.user_service import UNIT, SystemdRefused, UserService, unit_text

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is of Linux")

SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$TOLD"
case "$*" in *"$REFUSED"*) echo "Failed to connect to bus" >&2; exit 1;; esac
case "$*" in *is-active*) echo active;; esac
"""
PROGRAM = "/usr/bin/backhaul"


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in writes what it was told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(SYSTEMCTL)
    (folder / "systemctl").chmod(0o755)
    (folder / "loginctl").write_text("#!/bin/sh\necho no\n")
    (folder / "loginctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    monkeypatch.setenv("REFUSED", "nothing is refused")
    return tmp_path / "told"


def service(tmp_path: Path) -> UserService:
    return UserService(tmp_path / "dä ta", units=tmp_path / "units", words=lambda: [PROGRAM])


def test_installed_started_and_removed(tmp_path: Path, told: Path) -> None:
    made = service(tmp_path)
    assert made.state().file is None
    made.install()
    assert f'ExecStart="{PROGRAM}" "run" "--data-dir" "{tmp_path}/dä ta"' in made.file.read_text()
    state = made.state()
    assert (state.file, state.said, state.lingers) == (made.file, "active", False)
    assert made.remove()
    assert not made.remove()
    assert list((tmp_path / "units").iterdir()) == []
    assert [line.removeprefix("--user ") for line in told.read_text().splitlines()] == [
        f"is-active {UNIT}",
        "daemon-reload",
        f"enable {UNIT}",
        f"restart {UNIT}",
        f"is-active {UNIT}",
        f"disable --now {UNIT}",
        "daemon-reload",
    ]


def test_the_unit_stays_written_when_systemd_does_not_answer(
    tmp_path: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUSED", "daemon-reload")
    made = service(tmp_path)
    with pytest.raises(SystemdRefused, match="Failed to connect to bus"):
        made.install()
    assert made.file.is_file()


def test_the_unit_is_gone_even_when_systemd_does_not_answer(
    tmp_path: Path, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = service(tmp_path)
    made.install()
    monkeypatch.setenv("REFUSED", "disable")
    with pytest.raises(SystemdRefused):
        made.remove()
    assert not made.file.exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, told: Path) -> None:
    (tmp_path / "units").write_text("")
    with pytest.raises(UsageError):
        service(tmp_path).install()
    assert not told.exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    file = tmp_path / UNIT
    file.write_text(unit_text([sys.executable, "run", "50 % of $HOME", 'a"b', "c\\d"]))
    command = ["systemd-analyze", "verify", "--user", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Failed to initialize manager" in done.stderr:
        pytest.skip("systemd-analyze cannot run here")
    assert (done.returncode, done.stderr) == (0, "")
