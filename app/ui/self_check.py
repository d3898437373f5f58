"""The window's part of the self-test: its parts load, its icons draw, Qt can reach a screen."""

import ctypes
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, qVersion
from PySide6.QtGui import QGuiApplication, QImage

from app.services.self_test_lines import Line, run_checks
from app.ui import icons

PARTS_BY_NAME = (
    "app.ui.application", "app.ui.closed", "app.ui.folder_assistant.assistant",
    "app.ui.freedesktop", "app.ui.instance", "app.ui.intake.content",
    "app.ui.intake.import_dialog", "app.ui.orders.content", "app.ui.presence", "app.ui.running",
    "app.ui.scan.dialog", "app.ui.scan.leaving", "app.ui.scan.storing", "app.ui.settings.about",
    "app.ui.settings.page", "app.ui.status.content", "app.ui.sync.assistant",
    "app.ui.sync.content",
)  # fmt: skip
"""Parts of the window that are imported by name, where a build could leave them out."""

ICONS = (
    "action_copy", "action_details", "action_done", "action_edit", "action_export", "action_park",
    "action_remove", "action_resume", "action_retry", "action_scan", "chevron", "chevron_down",
    "chevron_right", "close", "gear", "mark", "nav_connections", "nav_gaps", "nav_intake",
    "nav_logs", "nav_manager", "nav_orders", "nav_practice", "nav_settings", "nav_status",
    "nav_sync", "plus", "search", "state_done", "state_doubt", "state_failed", "state_locked",
    "state_parked", "state_removed", "state_retrying", "state_sending", "state_waiting",
    "tray_needs_you", "tray_needs_you_16", "tray_offline", "tray_offline_16", "tray_ok",
    "tray_ok_16", "tray_paused", "tray_paused_16", "tray_working", "tray_working_16", "undo",
)  # fmt: skip
"""Every icon there is. One that a build left out is a failure, not one less."""

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
    blank = [
        name
        for name in ICONS
        if any(is_blank(icons.pixmap(name, "text", size).toImage()) for size in _SIZES)
    ]
    del app
    if blank:
        raise ValueError(f"nothing is drawn for {', '.join(blank)}")
    return f"{len(ICONS)} drawn"


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
    return screen_of(folder)


def screen_of(folder: Path) -> Line | str:
    """The same for Qt's platform plugins in that folder.

    Raises: ValueError when a plugin is not there, which is ours to bring.
    """
    plugins = {name: folder / f"libq{name}.so" for name in ("xcb", "wayland")}
    gone = [file.name for file in plugins.values() if not file.is_file()]
    if gone:
        raise ValueError(f"Qt lacks {', '.join(gone)}")
    missing = {name: text for name, file in plugins.items() if (text := _lack(file))}
    if "xcb" in missing:  # what nearly every desktop can show
        return Line("Screen", None, f"no window can be shown: {missing['xcb']}")
    return "X11" if missing else "X11 and Wayland"


def _lack(plugin: Path) -> str:
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error.__cause__ or error)  # the built program's own loader wraps it
    return ""
