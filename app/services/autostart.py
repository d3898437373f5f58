"""Start at login: the entry in which each desktop looks for what it starts for its user.

Linux is tried; the ways of Windows and macOS are written, not run.
"""

import os
import plistlib
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.core.errors import UsageError
from app.services.invocation import own_words

IDENTIFIER = "org.backhaul.Backhaul"
NAME = "Backhaul"
HIDDEN = "--hidden"
"""The option with which the window stays away while a tray icon stands for it."""
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_RESERVED = '"`$\\'
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


class Entry(Protocol):
    """A place in which a desktop looks at login."""

    where: str

    def read(self) -> list[str] | None:
        """The words it starts; None: nothing is started."""

    def write(self, words: Sequence[str]) -> None:
        """Start these words from the next login on. Raises: OSError."""

    def remove(self) -> bool:
        """Start nothing any more; False when nothing was. Raises: OSError."""


class XdgEntry:
    """A desktop file in the autostart folder, as every Linux desktop reads it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{IDENTIFIER}.desktop"
        self.where = str(self._file)

    def read(self) -> list[str] | None:
        keys = _desktop_keys(self._file)
        off = keys.get("Hidden") == "true" or keys.get("X-GNOME-Autostart-enabled") == "false"
        if off or "Exec" not in keys:
            return None
        return _words(keys["Exec"])

    def write(self, words: Sequence[str]) -> None:
        _replace(self._file, xdg_text(words).encode())

    def remove(self) -> bool:
        return _remove(self._file)


class LaunchAgentEntry:
    """A property list in ~/Library/LaunchAgents, for macOS. Written, not run."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{IDENTIFIER}.plist"
        self.where = str(self._file)

    def read(self) -> list[str] | None:
        try:
            found = plistlib.loads(self._file.read_bytes())
            return [str(word) for word in found["ProgramArguments"]] if found["RunAtLoad"] else None
        except (OSError, ValueError, KeyError, TypeError, plistlib.InvalidFileException):
            return None

    def write(self, words: Sequence[str]) -> None:
        agent = {
            "Label": IDENTIFIER,
            "ProgramArguments": list(words),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        _replace(self._file, plistlib.dumps(agent))

    def remove(self) -> bool:
        return _remove(self._file)


if sys.platform == "win32":
    import winreg

    class RunKeyEntry:
        """A value of the user's Run key, for Windows. Written, not run."""

        where = rf"HKEY_CURRENT_USER\{RUN_KEY}\{NAME}"

        def read(self) -> list[str] | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                    value, _kind = winreg.QueryValueEx(key, NAME)
            except OSError:
                return None
            return [word.strip('"') for word in shlex.split(str(value), posix=False)]

        def write(self, words: Sequence[str]) -> None:
            text = subprocess.list2cmdline([windowed(words[0]), *words[1:]])
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN_KEY) as key:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, text)

        def remove(self) -> bool:
            rights = winreg.KEY_SET_VALUE
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN_KEY, 0, rights) as key:
                    winreg.DeleteValue(key, NAME)
            except FileNotFoundError:
                return False
            return True


@dataclass(frozen=True, slots=True)
class State:
    """How it stands: `words` None when nothing is started; `is_this` when they start this
    program for the folder that was asked about; `is_hidden` when without its window."""

    where: str
    words: list[str] | None
    is_this: bool
    is_hidden: bool = False


class Autostart:
    """Start at login for one data folder."""

    def __init__(
        self,
        folder: Path | None,
        entry: Entry | None = None,
        words: Callable[[], list[str]] = own_words,
    ) -> None:
        """`folder` None: the platform's own, which needs no naming."""
        self._entry = entry or entry_of_this_platform()
        data_dir = [] if folder is None else ["--data-dir", str(folder)]
        self._words = [*words(), *data_dir]

    def turn_on(self, *, hidden: bool = False) -> str:
        """Start with the desktop from now on; returns where that is written.

        `hidden`: only the tray icon shows. Raises: UsageError file_problem.
        """
        words = [*self._words, HIDDEN] if hidden else self._words
        self._change(lambda: self._entry.write(words))
        return self._entry.where

    def turn_off(self) -> bool:
        """No longer; False when it was off.

        Raises: UsageError file_problem.
        """
        return self._change(self._entry.remove)

    def state(self) -> State:
        """How it stands now."""
        words = self._entry.read()
        if words is None:
            return State(self._entry.where, None, is_this=False)
        plain = [word for word in words if word != HIDDEN]
        return State(self._entry.where, words, plain == self._words, HIDDEN in words)

    def _change(self, action: Callable[[], bool | None]) -> bool:
        try:
            return bool(action())
        except OSError as error:
            reason = error.strerror or str(error)
            raise UsageError("file_problem", path=self._entry.where, reason=reason) from error


def entry_of_this_platform() -> Entry:
    """The entry the desktop of this user reads."""
    if sys.platform == "win32":
        return RunKeyEntry()
    elif sys.platform == "darwin":  # noqa: RET505 - so that mypy sees every way
        return LaunchAgentEntry(Path.home() / "Library" / "LaunchAgents")
    else:
        return XdgEntry(config_folder() / "autostart")


def config_folder() -> Path:
    """Where Linux desktops keep a user's settings."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".config"


def windowed(program: str) -> str:
    """The starter without a console, where there is one beside it."""
    path = Path(program)
    beside = path.with_name(f"{path.stem}w{path.suffix}")
    return str(beside) if beside.is_file() else program


def xdg_text(words: Sequence[str]) -> str:
    """The desktop file that starts these words; desktops leave it alone once they are gone."""
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        f"Name={NAME}\n"
        "Comment=Carries tracking numbers back to the systems the orders came from\n"
        f"Exec={' '.join(_quoted(word) for word in words)}\n"
        f"TryExec={_escaped(words[0])}\n"
        f"Icon={IDENTIFIER}\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _quoted(word: str) -> str:
    """A word of an Exec line: quoted, then escaped as every value of a desktop file is."""
    inner = "".join(f"\\{c}" if c in _RESERVED else c for c in word).replace("%", "%%")
    return _escaped(f'"{inner}"')


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _words(text: str) -> list[str]:
    """The words of an Exec line that `_quoted` wrote, or somebody else."""
    plain = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', plain)
    return [(bare or re.sub(r"\\(.)", r"\1", quoted)).replace("%%", "%") for quoted, bare in words]


def _desktop_keys(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _replace(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def _remove(file: Path) -> bool:
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True
