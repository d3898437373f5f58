"""`python3 dev.py package`: the program as a folder, and on Debian as a .deb; nothing is installed.

Everything is written to `dist` and `build` in the checkout.
"""

import argparse
import ctypes.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import debian_package
import licence_texts
import version_info

ROOT = Path(__file__).resolve().parent.parent
DIST, WORK = ROOT / "dist", ROOT / "build"
SPEC = Path(__file__).resolve().parent / "pyinstaller.spec"
_MIB = 1 << 20


class CannotBuild(Exception):
    """The text says what is missing, or what failed, and what to do."""


def main(argv: list[str]) -> int:
    """Build, test what was built, and say how large it is."""
    parser = argparse.ArgumentParser("dev.py package", description=__doc__)
    parser.add_argument("--folder-only", action="store_true", help="no .deb")
    options = parser.parse_args(argv)
    try:
        _look_for_tools()
        folder = build_folder(source_date())
        if not options.folder_only and shutil.which("dpkg-deb"):
            file = debian_package.build(folder, DIST, WORK, source_date())
            _say(f"{file.relative_to(ROOT)}: {file.stat().st_size / _MIB:.0f} MiB")
    except subprocess.CalledProcessError as error:
        print(f"dev.py package: {error.cmd[0]} failed; what it said is above", file=sys.stderr)
        return 1
    except (CannotBuild, licence_texts.LicenceMissing, OSError) as error:
        print(f"dev.py package: {error}", file=sys.stderr)
        return 1
    return 0


def source_date() -> int:
    """What every file is dated: SOURCE_DATE_EPOCH, else the last commit, else the sources."""
    named = os.environ.get("SOURCE_DATE_EPOCH", "")
    if named.isdigit():
        return int(named)
    git = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    if shutil.which("git"):
        said = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
        if said.isdigit():
            return int(said)
    return int((ROOT / "CHANGELOG.md").stat().st_mtime)


def build_folder(epoch: int) -> Path:
    """The folder in `dist`, with its licences, after its self-test passed."""
    start = time.monotonic()
    _say("Building the folder (a minute or so)")
    env = _plain_environment() | {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(epoch),
        "PYINSTALLER_CONFIG_DIR": str(WORK / "cache"),
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--workpath", str(WORK / "pyinstaller"), "--distpath", str(DIST), str(SPEC)]
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        raise CannotBuild("PyInstaller did not finish; what it said is above")
    folder = DIST / "backhaul"
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    parts = licence_texts.collect(folder, folder / "licences")
    _self_test(folder)
    took = time.monotonic() - start
    _say(
        f"{folder.relative_to(ROOT)}: {_size(folder) / _MIB:.0f} MiB, version "
        f"{version_info.version()}, licences of {parts} parts, {took:.0f} s"
    )
    return folder


def _self_test(folder: Path) -> None:
    _say("Self-test of what was built")
    program = folder / ("backhaul.exe" if os.name == "nt" else "backhaul")
    with tempfile.TemporaryDirectory(prefix="backhaul-package-") as name:
        command = [str(program), "self-test", "--data-dir", str(Path(name) / "data")]
        if subprocess.run(command, env=_plain_environment(), check=False).returncode:
            raise CannotBuild("the built program did not pass its self-test")


def _plain_environment() -> dict[str, str]:
    """Without the checkout on Python's path: the built program must not need it."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}


def _look_for_tools() -> None:
    """PyInstaller needs Python as a library, and tools that read programs."""
    if sys.platform != "linux":
        return
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    tools = {"objcopy": "binutils", "objdump": "binutils", "ldd": "libc-bin"}
    lacks = {tool: package for tool, package in tools.items() if not shutil.which(tool)}
    if not _has_library(version):
        lacks[f"libpython{version}"] = f"libpython{version}"
    if lacks:
        packages = " ".join(sorted(set(lacks.values())))
        raise CannotBuild(
            f"this machine lacks {', '.join(lacks)}. Install it, then start again:\n"
            f"  sudo apt-get install -y --no-install-recommends {packages}"
        )


def _has_library(version: str) -> bool:
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and sys.base_prefix != "/usr":
        return True
    return ctypes.util.find_library(f"python{version}") is not None


def _size(folder: Path) -> int:
    return sum(
        file.stat().st_size
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
