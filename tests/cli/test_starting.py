"""`autostart` and `service`."""

import sys
from pathlib import Path

import pytest

from app.__main__ import main
from tests.cli.console import Console

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="as on Linux")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desktop's settings folder, for the test alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_start_at_login_is_switched(backhaul: Console, settings: Path, folder: Path) -> None:
    assert backhaul.ok("autostart", "status").lines == [
        "Off: Backhaul does not start when you log in"
    ]
    file = settings / "autostart" / "org.backhaul.Backhaul.desktop"
    assert backhaul.ok("autostart", "on").lines == [f"Backhaul starts when you log in ({file})"]
    (row,) = backhaul.ok("autostart", "status", "--json").rows
    assert row["words"][-2:] == ["--data-dir", str(folder)]
    assert (row["on"], row["this_program"], row["where"]) == (True, True, str(file))
    assert backhaul.ok("autostart", "off").lines == ["Backhaul no longer starts when you log in"]
    assert backhaul.ok("autostart", "off").lines == ["It was off"]


def test_a_start_without_the_window_is_asked_for(backhaul: Console) -> None:
    backhaul.ok("autostart", "on", "--hidden")
    (row,) = backhaul.ok("autostart", "status", "--json").rows
    assert row["words"][-1] == "--hidden"
    assert row["this_program"]


def test_the_usual_folder_is_not_named(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("app.services.invocation.is_checkout", lambda: False)
    assert main(["autostart", "on"]) == 0
    text = (settings / "autostart" / "org.backhaul.Backhaul.desktop").read_text("utf-8")
    assert "--data-dir" not in text


def test_a_checkout_names_it_else_it_would_play_the_demonstration(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert main(["autostart", "on"]) == 0
    text = (settings / "autostart" / "org.backhaul.Backhaul.desktop").read_text("utf-8")
    assert f'"run" "--data-dir" "{tmp_path / "share" / "Backhaul"}"' in text


def test_another_copy_is_said(backhaul: Console, tmp_path: Path) -> None:
    backhaul.ok("autostart", "on")
    other = Console(tmp_path / "other", backhaul._capsys)
    said = other.ok("autostart", "status")
    assert said.lines[-1] == "That is another copy or another data folder than this one"


def test_without_systemd_the_service_says_what_to_do(
    backhaul: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no systemd" in backhaul.fails("service", "install")
    assert backhaul.ok("service", "status").lines == [
        "Not installed. Install it: backhaul service install",
        "systemd says: no answer",
    ]
    assert backhaul.ok("service", "remove").lines == ["There was no unit"]


def test_a_systemd_that_refuses_is_one_line(
    backhaul: Console, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "systemctl"
    program.write_text("#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    file = settings / "systemd" / "user" / "backhaul.service"
    assert backhaul.fails("service", "install") == (
        f"{file} is written, but systemd did not start it: Failed to connect to bus. "
        "After the next login: systemctl --user enable --now backhaul.service"
    )
    (row,) = backhaul.ok("service", "status", "--json").rows
    assert row == {"file": str(file), "systemd": "", "lingers": None}
    assert "systemd did not answer" in backhaul.fails("service", "remove")
    assert not file.exists()
