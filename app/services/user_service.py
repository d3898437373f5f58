"""`backhaul run` as a systemd unit of this user: the queue is sent with nobody at the window."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UsageError
from app.services.autostart import config_folder
from app.services.invocation import own_words
from app.services.person import actor

UNIT = "backhaul.service"
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How it stands: the file, or None where it is not installed; what systemd says of it
    ("active", "inactive", "failed" …, empty: systemd does not answer); whether it runs with nobody
    logged on (None: not known)."""

    file: Path | None
    said: str
    lingers: bool | None


class SystemdRefused(Exception):
    """systemd did not do it; the text is what it said."""


class UserService:
    """The unit of one user, for one data folder."""

    def __init__(
        self,
        folder: Path | None,
        *,
        units: Path | None = None,
        words: Callable[[], list[str]] = own_words,
    ) -> None:
        """`folder` None: the platform's own, which needs no naming."""
        self.file = (units or config_folder() / "systemd" / "user") / UNIT
        data_dir = [] if folder is None else ["--data-dir", str(folder)]
        self._words = [*words(), "run", *data_dir]

    @property
    def can_be_used(self) -> bool:
        """False where there is no systemd."""
        return shutil.which("systemctl") is not None

    def install(self) -> None:
        """Write the unit, start it now and at every login.

        Raises: UsageError file_problem (nothing was changed); SystemdRefused (it is written).
        """
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            part = self.file.with_name(f"{UNIT}.part")
            part.write_text(unit_text(self._words), "utf-8")
            part.replace(self.file)
        except OSError as error:
            raise self._problem(error) from error
        _systemctl("daemon-reload")
        _systemctl("enable", UNIT)
        _systemctl("restart", UNIT)  # also when one with other words was running

    def remove(self) -> bool:
        """Stop it and take the unit away; False when there was none.

        Raises: UsageError file_problem; SystemdRefused (the file is gone all the same).
        """
        if not self.file.exists():
            return False
        refused = None
        try:
            _systemctl("disable", "--now", UNIT)
        except SystemdRefused as error:
            refused = error
        try:
            self.file.unlink(missing_ok=True)
            (self.file.parent / "default.target.wants" / UNIT).unlink(missing_ok=True)
        except OSError as error:
            raise self._problem(error) from error
        if refused is not None:
            raise refused
        _systemctl("daemon-reload")
        return True

    def state(self) -> ServiceState:
        """How it stands now."""
        file = self.file if self.file.exists() else None
        if not self.can_be_used:
            return ServiceState(file, "", None)
        said = _run("systemctl", "--user", "is-active", UNIT).stdout.strip()
        return ServiceState(file, said, _lingers())

    def _problem(self, error: OSError) -> UsageError:
        reason = error.strerror or str(error)
        return UsageError("file_problem", path=str(error.filename or self.file), reason=reason)


def unit_text(words: Sequence[str]) -> str:
    """The unit that runs these words.

    It is started again whatever its end: where a window did the sending, it left at once, and
    takes over within a minute after that window was closed.
    """
    return (
        "[Unit]\n"
        "Description=Backhaul, carrying tracking numbers back without a window\n"
        "StartLimitIntervalSec=0\n"
        "\n"
        "[Service]\n"
        f"ExecStart={' '.join(_quoted(word) for word in words)}\n"
        "Restart=always\n"
        "RestartSec=60\n"
        "UMask=0077\n"
        "NoNewPrivileges=yes\n"
        "\n"
        "[Install]\n"
        "WantedBy=default.target\n"
    )


def _quoted(word: str) -> str:
    """A word as systemd reads it back: `%` and `$` stand for something there."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'


def _systemctl(*words: str) -> None:
    done = _run("systemctl", "--user", *words)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise SystemdRefused(lines[0] if lines else f"exit code {done.returncode}")


def _lingers() -> bool | None:
    if shutil.which("loginctl") is None:
        return None
    said = _run("loginctl", "show-user", actor(), "--property=Linger", "--value").stdout.strip()
    return {"yes": True, "no": False}.get(said)


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    """One call; a program that is not there, or never ends, has said why."""
    try:
        return subprocess.run(
            words,
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, 1, "", os.strerror(error.errno or 0))
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, 1, "", f"{words[0]} does not answer")
