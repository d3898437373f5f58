"""How this program is started again by somebody else: the desktop, systemd, itself."""

import os
import shutil
import sys
from pathlib import Path

NAME = "backhaul"


def is_built() -> bool:
    """True in the built program, which brings its own Python."""
    return bool(getattr(sys, "frozen", False))


def is_checkout() -> bool:
    """True where the program runs from its sources."""
    return not is_built() and _starter().is_file()


def own_words() -> list[str]:
    """The words that start this program from any folder; arguments go behind them."""
    if is_built():
        return [_built_program()]
    if is_checkout():
        return [sys.executable, str(_starter()), "run"]
    beside = Path(sys.executable).parent / (f"{NAME}.exe" if os.name == "nt" else NAME)
    if beside.is_file():
        return [str(beside)]
    return [sys.executable, "-P", "-m", "app"]


def folder_to_name(folder: Path, *, is_usual: bool) -> Path | None:
    """The data folder as those who start this program must name it; None: not at all.

    `is_usual`: it is the platform's own. A checkout without a folder would play the demonstration.
    """
    return None if is_usual and not is_checkout() else folder


def own_process() -> tuple[list[str], dict[str, str]]:
    """Words and environment of a child process that runs this very code."""
    env = dict(os.environ)
    if is_built():
        return [sys.executable], env
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    return [sys.executable, "-P", "-m", "app"], env


def _built_program() -> str:
    """The command on the path where it is this very program: it outlives a change of folders."""
    found = shutil.which(NAME)
    if found and Path(found).resolve() == Path(sys.executable).resolve():
        return found
    return sys.executable


def _starter() -> Path:
    return Path(__file__).parents[2] / "dev.py"
