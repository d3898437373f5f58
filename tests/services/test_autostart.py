"""Start at login: what is written, read back and taken away."""

import json
import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import UsageError
from app.services import autostart, invocation
from app.services.autostart import IDENTIFIER, Autostart, LaunchAgentEntry, XdgEntry, xdg_text
from app.ui.application import DESKTOP_NAME

PROGRAM = "/opt/a shop/backhaul"
ODD = ["/opt/ä b/back%haul", "run", 'q"uote', "$HOME", "`id`", "back\\slash", "50 %", "a\\nb", "~"]


def words() -> list[str]:
    return [PROGRAM]


def test_on_status_off(tmp_path: Path) -> None:
    made = Autostart(tmp_path / "data", XdgEntry(tmp_path / "autostart"), words)
    assert made.state().words is None
    where = made.turn_on()
    assert Path(where).name == f"{DESKTOP_NAME}.desktop"
    state = made.state()
    assert state.words == [PROGRAM, "--data-dir", str(tmp_path / "data")]
    assert state.is_this
    assert made.turn_off()
    assert made.state().words is None
    assert not made.turn_off()
    assert list((tmp_path / "autostart").iterdir()) == []


def test_a_start_without_the_window_is_the_same_program(tmp_path: Path) -> None:
    made = Autostart(tmp_path / "data", XdgEntry(tmp_path / "autostart"), words)
    made.turn_on(hidden=True)
    state = made.state()
    assert state.words is not None
    assert state.words[-1] == "--hidden"
    assert (state.is_this, state.is_hidden) == (True, True)
    made.turn_on()
    assert (made.state().is_this, made.state().is_hidden) == (True, False)


def test_another_folder_is_told_apart(tmp_path: Path) -> None:
    entry = XdgEntry(tmp_path)
    Autostart(tmp_path / "one", entry, words).turn_on()
    state = Autostart(None, entry, words).state()
    assert state.words is not None
    assert not state.is_this


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    made = Autostart(None, XdgEntry(tmp_path), words)
    file = Path(made.turn_on())
    text = file.read_text("utf-8").replace("X-GNOME-Autostart-enabled=true", line)
    file.write_text(text, "utf-8")
    assert made.state().words is None


@pytest.mark.parametrize("kind", [XdgEntry, LaunchAgentEntry])
def test_odd_words_come_back(tmp_path: Path, kind: type[XdgEntry | LaunchAgentEntry]) -> None:
    entry = kind(tmp_path)
    entry.write(ODD)
    assert entry.read() == ODD


@pytest.mark.skipif(not shutil.which("gio"), reason="the desktop's own starter is not installed")
def test_the_desktop_starts_the_words_that_were_meant(tmp_path: Path) -> None:
    said, file = tmp_path / "said", tmp_path / "x.desktop"
    os.mkfifo(said)
    script = "import json, sys; open(sys.argv[1], 'w').write(json.dumps(sys.argv[2:]))"
    file.write_text(xdg_text([sys.executable, "-c", script, str(said), *ODD]), "utf-8")
    subprocess.run(["gio", "launch", file], check=True)
    assert json.loads(said.read_text("utf-8")) == ODD


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no desktop-file-utils")
def test_the_desktop_file_is_valid(tmp_path: Path) -> None:
    file = Path(Autostart(tmp_path / "ü %", XdgEntry(tmp_path), words).turn_on())
    done = subprocess.run(["desktop-file-validate", file], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    made = Autostart(None, XdgEntry(tmp_path / "file"), words)
    with pytest.raises(UsageError) as caught:
        made.turn_on()
    assert caught.value.code == "file_problem"


def test_the_launch_agent_starts_at_login(tmp_path: Path) -> None:
    Autostart(None, LaunchAgentEntry(tmp_path), words).turn_on()
    agent = plistlib.loads((tmp_path / f"{IDENTIFIER}.plist").read_bytes())
    assert agent["ProgramArguments"] == [PROGRAM]
    assert agent["RunAtLoad"] is True


def test_the_settings_folder_follows_the_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert autostart.config_folder() == tmp_path
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/is/ignored")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert autostart.config_folder() == tmp_path / "home" / ".config"


def test_the_windowed_starter_is_taken_where_there_is_one(tmp_path: Path) -> None:
    program = tmp_path / "backhaul.exe"
    assert autostart.windowed(str(program)) == str(program)
    (tmp_path / "backhaulw.exe").touch()
    assert autostart.windowed(str(program)) == str(tmp_path / "backhaulw.exe")


def test_a_checkout_is_started_through_dev_py() -> None:
    assert invocation.own_words()[1:] == [
        str(Path(autostart.__file__).parents[2] / "dev.py"),
        "run",
    ]


def test_the_built_program_is_started_by_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "lib" / "backhaul"
    program.parent.mkdir()
    program.touch(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert invocation.own_words() == [str(program)]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "backhaul").symlink_to(program)
    assert invocation.own_words() == [str(tmp_path / "bin" / "backhaul")]
