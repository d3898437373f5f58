"""Makes a .deb of the built folder: the same input gives the same file, byte for byte.

Libraries that Debian brings are left out and named as dependencies, so that its security updates
reach them; Python and Qt stay in the package.
"""

import filecmp
import gzip
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import app_icons
import licence_texts
import trimming
import version_info

from app.services.user_service import UNIT, unit_text

HERE = Path(__file__).resolve().parent
PACKAGE = "backhaul"
PROGRAM = Path("usr/lib/backhaul")
ID = version_info.IDENTIFIER
_MAINTAINER = "Backhaul contributors <backhaul@example.invalid>"
_KEPT = ("libpython",)
"""Of this one version only; another Debian has another."""

_ALSO = ["ca-certificates"]
_RECOMMENDS = ["fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation"]
_SUGGESTS = ["gnome-keyring | keepassxc | kwalletmanager"]


def build(folder: Path, out: Path, work: Path, epoch: int) -> Path:
    """The package of a built folder; `epoch`: seconds since 1970 that every file is dated.

    Raises: subprocess.CalledProcessError, OSError.
    """
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(folder, tree, epoch)
    depends = [*_left_to_debian(tree), *_ALSO]
    _write_control(tree, depends)
    _check_texts(tree)
    _settle(tree, epoch)
    file = out / f"{PACKAGE}_{version_info.version()}_{_architecture()}.deb"
    env = os.environ | {"SOURCE_DATE_EPOCH": str(epoch)}
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build"]
    subprocess.run([*command, tree, file], env=env, check=True, stdout=subprocess.DEVNULL)
    return file


def lay_out(folder: Path, tree: Path, epoch: int) -> None:
    """Every file at the place where Debian expects it."""
    program = tree / PROGRAM
    shutil.copytree(folder, program, symlinks=True)
    command = tree / "usr/bin" / PACKAGE
    command.parent.mkdir(parents=True)
    command.symlink_to(Path("../lib/backhaul") / PACKAGE)
    shared = tree / "usr/share"
    docs = shared / "doc" / PACKAGE
    docs.mkdir(parents=True)
    (program / "licences").rename(docs / "licences")
    shutil.copyfile(program / "LICENSE", docs / "copyright")
    (program / "LICENSE").unlink()
    with (docs / "copyright").open("a", encoding="utf-8") as file:
        file.write(f"\nIt comes with other programs; see /usr/share/doc/{PACKAGE}/licences.\n")
    changes = (HERE.parent / "CHANGELOG.md").read_bytes()
    (docs / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))
    _put(shared / "applications" / f"{ID}.desktop", HERE / "linux" / f"{ID}.desktop")
    _put_metainfo(shared / "metainfo" / f"{ID}.metainfo.xml", epoch)
    unit = tree / "usr/lib/systemd/user" / UNIT
    unit.parent.mkdir(parents=True)
    unit.write_text(unit_text([f"/usr/bin/{PACKAGE}", "run"]), "utf-8")
    put_icons(shared / "icons/hicolor")


def put_icons(theme: Path) -> None:
    """The icon in every size, and as a drawing."""
    for size in app_icons.SIZES:
        file = theme / f"{size}x{size}" / "apps" / f"{ID}.png"
        file.parent.mkdir(parents=True)
        file.write_bytes(app_icons.png(size))
    _put(theme / "scalable/apps" / f"{ID}.svg", app_icons.FULL)


def _put(target: Path, source: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_metainfo(target: Path, epoch: int) -> None:
    text = (HERE / "linux" / f"{ID}.metainfo.xml").read_text("utf-8")
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    target.parent.mkdir(parents=True)
    text = text.replace("@VERSION@", version_info.version()).replace("@DATE@", day)
    target.write_text(text, "utf-8")


def _left_to_debian(tree: Path) -> list[str]:
    """Take Debian's own libraries out of the tree; the packages it needs for all that is left.

    Raises: OSError when a library is needed that no package of this machine brings.
    """
    system = licence_texts.loadable()
    removed = set()
    for file in sorted((tree / PROGRAM / "_internal").glob("lib*.so*")):
        theirs = system.get(file.name)
        if file.is_symlink() or not theirs or file.name.startswith(_KEPT):
            continue
        if filecmp.cmp(file, theirs, shallow=False):
            removed.add(file.name)
            file.unlink()
    inside = {file.name for file in (tree / PROGRAM).rglob("*.so*")}
    wanted: set[str] = set()
    for file in _programs(tree / PROGRAM):
        if file.name != trimming.THEME_OF_GTK:
            wanted |= set(loaded_by(file))
    packages = licence_texts.packages_of(wanted - inside)
    missing = sorted(wanted - inside - set(packages))
    if missing:
        raise OSError(f"no package of this machine brings {', '.join(missing)}")
    _drop_licences(tree, removed, inside)
    names = {package for package, _ in packages.values()} - {"libc6"}
    return [f"libc6 (>= {newest_glibc(_programs(tree / PROGRAM))})", *sorted(names)]


def _drop_licences(tree: Path, removed: set[str], inside: set[str]) -> None:
    """Those of libraries that are Debian's again."""
    licences = tree / "usr/share/doc" / PACKAGE / "licences"
    kept = set(licence_texts.packages_of(inside).values())
    dropped = {name for name, _ in set(licence_texts.packages_of(removed).values()) - kept}
    listed = (licences / "LIST.txt").read_text("utf-8").splitlines(keepends=True)
    listed = [line for line in listed if line.split(" ")[0] not in dropped]
    (licences / "LIST.txt").write_text("".join(listed), "utf-8")
    for name in dropped:
        shutil.rmtree(licences / name)


def _programs(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as head:
                if head.read(4) == b"\x7fELF":
                    yield file


def loaded_by(file: Path) -> list[str]:
    """The libraries that this one names."""
    said = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=True)
    return re.findall(r"^\s+NEEDED\s+(\S+)$", said.stdout, re.M)


def newest_glibc(files: Iterable[Path]) -> str:
    """The lowest version of the C library with which all of them run."""
    found = {(2, 0)}
    for file in files:
        for text in re.findall(rb"GLIBC_2\.(\d+)\b", file.read_bytes()):
            found.add((2, int(text)))
    return ".".join(map(str, max(found)))


def _write_control(tree: Path, depends: list[str]) -> None:
    files = [file for file in tree.rglob("*") if file.is_file() and not file.is_symlink()]
    size_kib = sum(-(-file.stat().st_size // 1024) for file in files)
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        f"Package: {PACKAGE}\n"
        f"Version: {version_info.version()}\n"
        f"Architecture: {_architecture()}\n"
        f"Maintainer: {_MAINTAINER}\n"
        f"Installed-Size: {size_kib}\n"
        f"Depends: {', '.join(depends)}\n"
        f"Recommends: {', '.join(_RECOMMENDS)}\n"
        f"Suggests: {', '.join(_SUGGESTS)}\n"
        "Section: misc\n"
        "Priority: optional\n"
        "Description: carries tracking numbers back to where the orders came from\n"
        " When a parcel leaves, its tracking number must get back to the system the order came\n"
        " from. Backhaul does that, looks afterwards whether it is really there, and shows what\n"
        " waits, why, and who must act.\n",
        "utf-8",
    )
    sums = [
        f"{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}"
        f"  {file.relative_to(tree).as_posix()}\n"
        for file in sorted(files)
    ]
    (control / "md5sums").write_text("".join(sums), "utf-8")


def _check_texts(tree: Path) -> None:
    """Have the desktop's own tools look, where they are installed."""
    shared = tree / "usr/share"
    checks = (
        ["desktop-file-validate", str(shared / "applications" / f"{ID}.desktop")],
        ["appstreamcli", "validate", "--no-net", str(shared / "metainfo" / f"{ID}.metainfo.xml")],
    )
    for command in checks:
        if shutil.which(command[0]):
            subprocess.run(command, check=True)


def _settle(tree: Path, epoch: int) -> None:
    """The same rights and dates whoever builds it, and whenever."""
    for path in sorted(tree.rglob("*")):
        if not path.is_symlink():
            may_run = path.is_dir() or path == tree / PROGRAM / PACKAGE
            path.chmod(0o755 if may_run else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    tree.chmod(0o755)
    os.utime(tree, (epoch, epoch))


def _architecture() -> str:
    said = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()
