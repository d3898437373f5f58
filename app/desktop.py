"""Starts the window: imports only what it needs to be shown, the rest follows behind it."""

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.core.errors import BackhaulError
from app.paths import data_folder, demo_folder
from app.services.owner_mark import has_owner
from app.services.person import actor
from app.services.window_settings import load_window_settings

HIDDEN = "--hidden"  # also written by services/autostart.py, which would be slow to import here
SCHEME = "BACKHAUL_SCHEME"  # "light" or "dark", whatever the desktop says


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that asks for the window; `is_hidden`: only while no tray icon stands for it."""

    data_dir: str | None
    is_demo: bool
    is_hidden: bool = False


def wanted(words: Sequence[str]) -> Wanted | None:
    """What the window is asked for; None: a command for the terminal, or no display."""
    rest, data_dir = list(words), None
    for place, word in enumerate(rest):
        if word == "--data-dir" and place + 1 < len(rest):
            data_dir = rest[place + 1]
            del rest[place : place + 2]
            break
        if word.startswith("--data-dir="):
            data_dir = word.partition("=")[2]
            del rest[place]
            break
    is_hidden = HIDDEN in rest
    rest = [word for word in rest if word != HIDDEN]
    if rest not in ([], ["demo"]) or not has_display():
        return None
    return Wanted(data_dir, bool(rest), is_hidden)


def has_display() -> bool:
    """True when a window can be shown here."""
    if find_spec("PySide6") is None:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(asked: Wanted) -> int:
    """Show the window until it is quit; the exit code.

    Raises: UsageError, StorageError.
    """
    application = importlib.import_module("app.ui.application")  # Qt: only when it is shown
    folder = (demo_folder if asked.is_demo else data_folder)(asked.data_dir)
    is_taken = _is_taken(folder)
    opening = application.Opening(
        folder,
        lambda is_engine: _bootstrap().open_program(folder, is_engine=is_engine),
        say,
        actor(),
        is_taken=is_taken,
        is_usual=not (asked.data_dir or os.environ.get("BACKHAUL_DATA_DIR")),
        is_demo=asked.is_demo,
        is_hidden=asked.is_hidden,
        scheme=os.environ.get(SCHEME, "") or load_window_settings(folder).scheme,
    )
    if asked.is_demo:
        demo_folders = importlib.import_module("app.services.demo_folder")
        if not is_taken:
            demo_folders.prepare(folder)
        opening = replace(
            opening, begin=_stage, ended=lambda: demo_folders.mark(folder, ended=True)
        )
    return int(application.run(opening))


def _is_taken(folder: Path) -> bool:
    """True when a process runs the engine of that folder."""
    if not has_owner(folder):
        return False  # the usual case, and the lock's library is not imported for it
    ownership = importlib.import_module("app.services.ownership")
    clock = importlib.import_module("app.core.clock")
    return not ownership.Ownership(folder, clock.SystemClock()).is_free()


def _stage(program: Any) -> None:
    demo = importlib.import_module("app.services.demo")
    demo.Demo(program, demo.Plan()).stage()


def _bootstrap() -> Any:
    """Everything else: on the thread that opens the data folder."""
    return importlib.import_module("app.bootstrap")


def say(error: BackhaulError) -> str:
    """One line of what is wrong and what to do."""
    words = importlib.import_module("app.core.words")
    translate = importlib.import_module("app.services.languages").translator()
    said = words.Catalogue(translate=translate).say(error.code, error.params)
    return f"{said.summary}. {said.hint}".rstrip()
