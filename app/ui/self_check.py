"""The window's part of the self-test: its parts load, its icons draw, Qt can reach a screen."""

import ctypes
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, qVersion
from PySide6.QtGui import QGuiApplication, QImage

from app.services.self_test import Line, run_checks
from app.ui import icons, theme

PARTS_BY_NAME = (
    "app.ui.application", "app.ui.closed", "app.ui.freedesktop", "app.ui.instance",
    "app.ui.presence", "app.ui.running", "app.ui.settings.about",
)  # fmt: skip
"""Parts of the window that are imported by name, where a build could leave them out."""

_SIZES = (16, 32)


def lines() -> Iterator[Line]:
    """Every check of the window; needs Qt's offscreen platform or a display."""
    yield from run_checks(("Window", _parts), ("Icons", _icons), ("Screen", _screen))


def _parts() -> str:
    for name in PARTS_BY_NAME:
        importlib.import_module(name)
    return f"all parts are there, Qt {qVersion()}"


def _icons() -> str:
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    files = sorted(theme.icon_file("mark").parent.glob("*.svg"))
    blank = [
        file.name
        for file in files
        if any(is_blank(icons.pixmap(file.stem, "text", size).toImage()) for size in _SIZES)
    ]
    del app
    if blank:
        raise ValueError(f"nothing is drawn for {', '.join(blank)}")
    return f"{len(files)} drawn"


def is_blank(image: QImage) -> bool:
    """True when no point of it can be seen."""
    return all(
        not image.pixelColor(x, y).alpha()
        for x in range(image.width())
        for y in range(image.height())
    )


def _screen() -> Line | str:
    """Whether the libraries are there through which Qt speaks to an X server or Wayland."""
    if sys.platform != "linux":
        return "the system's own"
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    missing = {name: text for name in ("xcb", "wayland") if (text := _lack(folder, name))}
    if "xcb" in missing:  # what nearly every desktop can show
        return Line("Screen", None, f"no window can be shown: {missing['xcb']}")
    return "X11" if missing else "X11 and Wayland"


def _lack(folder: Path, name: str) -> str:
    try:
        ctypes.CDLL(str(folder / f"libq{name}.so"))
    except OSError as error:
        return str(error)
    return ""
