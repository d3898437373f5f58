"""Puts the licences of everything in the built folder beside it, with a list of all parts."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = Path(__file__).resolve().parent / "licences"
_ADDED = ("pyinstaller", "tzdata")
"""What the build brings beside the program's own libraries."""

_WITHOUT_TEXT = {  # their packages name the licence and do not bring it
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
}
_OF_QT = """

Qt holds parts of others, ICU among them: https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""
_IS_LICENCE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


class LicenceMissing(Exception):
    """Something in the folder has no licence text; the text names it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in the folder, and the files with its licence."""

    name: str
    version: str
    licence: str
    files: tuple[Path, ...]


def collect(folder: Path, target: Path) -> int:
    """Write `target`: LIST.txt and a folder for each part; returns how many parts there are.

    Raises: LicenceMissing.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    parts = sorted([*_libraries(), _python(), *_system(folder)], key=lambda part: part.name.lower())
    for part in parts:
        place = target / part.name
        place.mkdir()
        for file in part.files:
            shutil.copyfile(file, place / file.name)
    lines = [f"{part.name} {part.version}: {part.licence or 'see its folder'}" for part in parts]
    head = "Backhaul is MIT licensed. It comes with these, each under its own licence:\n\n"
    (target / "LIST.txt").write_text(head + "\n".join(lines) + _OF_QT, "utf-8")
    return len(parts)


def _libraries() -> Iterator[Part]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    names = {*re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.M), *_ADDED}
    for name in sorted(names):
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform
        yield _library(name, found)


def _library(name: str, found: importlib.metadata.Distribution) -> Part:
    listed = [file for file in found.files or () if _IS_LICENCE.search(str(file))]
    files = [Path(str(file.locate())) for file in listed if ".dist-info" in str(file)]
    files += [GIVEN / text for text in _WITHOUT_TEXT.get(name, ())]
    files = [file for file in files if file.is_file()]
    if not files:
        raise LicenceMissing(f"{name} brings no licence text")
    meta = found.metadata.json
    licence = str(meta.get("license_expression") or meta.get("license") or "").partition("\n")[0]
    return Part(name, found.version, licence, tuple(files))


def _python() -> Part:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    places = [
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python{version}/copyright"),
    ]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise LicenceMissing(f"the licence of Python {version} was not found")
    return Part("python", sys.version.split()[0], "PSF-2.0", (file,))


def _system(folder: Path) -> Iterator[Part]:
    """Libraries of the system that were copied into the folder, by Debian package."""
    if not shutil.which("dpkg-query"):
        return
    names = {file.name for file in (folder / "_internal").glob("lib*.so*") if not file.is_symlink()}
    if sys.base_prefix != "/usr":  # then Python's library is not Debian's; its licence is there
        names = {name for name in names if not name.startswith("libpython")}
    for package, version in sorted(set(packages_of(names).values())):
        file = Path("/usr/share/doc") / package / "copyright"
        if not file.is_file():
            raise LicenceMissing(f"{package} brings no licence text")
        yield Part(package, version, "", (file,))


def packages_of(libraries: set[str]) -> dict[str, tuple[str, str]]:
    """The Debian package and its version for each library of this machine that belongs to one."""
    found: dict[str, tuple[str, str]] = {}
    for name, path in loadable().items():
        if name not in libraries:
            continue
        for place in (path, path.removeprefix("/usr"), f"/usr{path}"):
            said = _say("dpkg-query", "-S", place)
            if said:
                package = said.partition(": ")[0].partition(",")[0]  # with its architecture
                version = _say("dpkg-query", "-W", "-f", "${Version}", package)
                found[name] = (package.partition(":")[0], version)
                break
    return found


def loadable() -> dict[str, str]:
    """Where the dynamic linker finds each library of this machine's own kind."""
    kind = {"x86_64": "x86-64", "aarch64": "AArch64"}.get(_say("uname", "-m"), "")
    listed: dict[str, str] = {}
    for line in _say("/sbin/ldconfig", "-p").splitlines():
        name, _, path = line.strip().partition(" => ")
        if path and kind in name:
            listed.setdefault(name.split()[0], path)
    return listed


def _say(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
