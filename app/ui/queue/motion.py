"""A row that changes its state fades once; not for people who asked their desktop for calm."""

import configparser
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Slot
from PySide6.QtWidgets import QApplication, QStyle

from app.ui import theme

_FRAME_MS = 16
_GTK = ("gtk-4.0/settings.ini", "gtk-3.0/settings.ini")


def is_reduced() -> bool:
    """True when the desktop says that nothing should move."""
    style = QApplication.style()
    if style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0:
        return True
    place = QStandardPaths.StandardLocation.GenericConfigLocation
    return any(_is_still(Path(QStandardPaths.writableLocation(place)) / name) for name in _GTK)


def _is_still(file: Path) -> bool:
    """GNOME, KDE and Xfce write it there; Qt's own style does not look."""
    found = configparser.ConfigParser(interpolation=None)
    try:
        found.read(file, encoding="utf-8")
        return not found.getboolean("Settings", "gtk-enable-animations", fallback=True)
    except (configparser.Error, OSError, ValueError):
        return False


class Fades(QObject):
    """Which rows fade now, and how far they are."""

    def __init__(self, changed: Callable[[int], object], parent: QObject) -> None:
        """`changed(job_id)` is called for each frame of a row."""
        super().__init__(parent)
        self._changed = changed
        self._began: dict[int, float] = {}
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._tick)

    def __iter__(self) -> Iterator[int]:
        return iter(self._began)

    @Slot(int)
    def start(self, job_id: int) -> None:
        """That row changed its state."""
        if is_reduced():
            return
        self._began[job_id] = time.monotonic()
        self._frames.start()

    def strength(self, job_id: int) -> float:
        """1 at the beginning, 0 when it is over."""
        began = self._began.get(job_id)
        if began is None:
            return 0.0
        return max(0.0, 1.0 - (time.monotonic() - began) * 1000 / theme.FADE_MS)

    @Slot()
    def _tick(self) -> None:
        for job_id in list(self._began):
            if self.strength(job_id) <= 0:
                del self._began[job_id]
            self._changed(job_id)
        if not self._began:
            self._frames.stop()
