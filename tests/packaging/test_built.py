"""The built program, where `python3 dev.py package` has made one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import app
from app.ui.application import DESKTOP_NAME

DIST = Path(app.__file__).parents[1] / "dist"
PROGRAM = DIST / "backhaul" / ("backhaul.exe" if os.name == "nt" else "backhaul")
PACKAGES = sorted(DIST.glob("backhaul_*.deb"))

built = pytest.mark.skipif(not PROGRAM.is_file(), reason="not built: python3 dev.py package")
packed = pytest.mark.skipif(
    not PACKAGES or not shutil.which("dpkg-deb"), reason="no package: python3 dev.py package"
)


def run(*words: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """The built program in an environment that knows nothing of this checkout."""
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        [PROGRAM, *words], env=env, cwd=home, capture_output=True, text=True, check=False
    )


@built
def test_it_passes_its_self_test_under_a_long_odd_path(tmp_path: Path) -> None:
    home = tmp_path / ("Büro Straße 1, Müller & Söhne " + "ä long name " * 10).strip()
    home.mkdir()
    done = run("self-test", "--json", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert {row["result"] for row in json.loads(done.stdout)} <= {"ok", "not checked"}


@built
def test_wrong_usage_is_told_without_a_trace(tmp_path: Path) -> None:
    done = run("nonsense", home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@built
@pytest.mark.skipif(sys.platform != "linux", reason="systemd's way")
def test_what_it_starts_gets_the_environment_it_was_given(tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    fake = tmp_path / "bin" / "systemctl"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\n/usr/bin/env > {told}\n", "ascii")
    fake.chmod(0o755)
    env = {"HOME": str(tmp_path), "PATH": str(fake.parent), "LD_LIBRARY_PATH": "/opt/theirs"}
    subprocess.run([PROGRAM, "service", "status"], env=env, cwd=tmp_path, check=False)
    got = dict(line.split("=", 1) for line in told.read_text("utf-8").splitlines())
    of_the_shell = {"PWD", "SHLVL", "_", "OLDPWD", "LC_ALL"}
    assert {name: value for name, value in got.items() if name not in of_the_shell} == env


@built
def test_everything_in_it_has_its_licence() -> None:
    folder = PROGRAM.parent / "licences"
    listed = (folder / "LIST.txt").read_text("utf-8")
    for name in ("pyside6-essentials", "python", "httpx", "keyring", "pyinstaller"):
        assert f"\n{name} " in listed
        assert any((folder / name).iterdir())


@packed
@pytest.mark.skipif(sys.platform != "linux", reason="of Debian")
def test_the_package_brings_what_a_desktop_looks_for(tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "-x", PACKAGES[-1], tmp_path], check=True)
    shared = tmp_path / "usr/share"
    assert (shared / "applications" / f"{DESKTOP_NAME}.desktop").is_file()
    assert (shared / "metainfo" / f"{DESKTOP_NAME}.metainfo.xml").is_file()
    icons = {path.parts[-3] for path in shared.glob(f"icons/hicolor/*/apps/{DESKTOP_NAME}.*")}
    sizes = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
    assert icons == {"scalable", *(f"{size}x{size}" for size in sizes)}
    unit = (tmp_path / "usr/lib/systemd/user/backhaul.service").read_text("utf-8")
    assert 'ExecStart="/usr/bin/backhaul" "run"' in unit
    assert (tmp_path / "usr/bin/backhaul").readlink() == Path("../lib/backhaul/backhaul")
    outside = {path.parts[len(tmp_path.parts)] for path in tmp_path.rglob("*")}
    assert outside == {"usr"}
