"""Takes pictures of everything on the screen and notes the faults in them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app.ui import theme
from tests.screens.faults import faults_of

_SHOWN_AROUND = 12  # pixels around a menu or a dialog that goes beyond the window


class Camera:
    """Puts pictures into a folder. `only`: beginnings of their names; empty: all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.only: tuple[str, ...] = ()
        self.taken: list[Path] = []
        self.faults: dict[str, None] = {}  # in the order they were found

    def wants(self, name: str) -> bool:
        """True when this picture was asked for."""
        return not self.only or name.startswith(self.only)

    def take(self, name: str, scheme: str, window: QWidget, shown: Sequence[QWidget]) -> None:
        """One picture of the window with what lies over it."""
        for one in shown:
            for fault in faults_of(one):
                self.faults[f"{name}: {fault}"] = None
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{name}-{scheme}.png"
        _picture(window, shown).save(str(target))
        self.taken.append(target)

    def look(self, window: QWidget, shown: Sequence[QWidget]) -> bytes:
        """The picture as bytes, to compare."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        _picture(window, shown).save(buffer, "BMP")
        return bytes(buffer.data().data())


def _picture(window: QWidget, shown: Sequence[QWidget]) -> QPixmap:
    """The window, and over it menus and dialogs where they stand, each with a thin frame."""
    over = [one for one in reversed(shown) if one is not window]
    if not window.isVisible():
        over, window = over[1:], over[0]
    whole = QRect(window.pos(), window.size())
    for one in over:
        edge = _SHOWN_AROUND
        box = QRect(one.pos(), one.size()).adjusted(-edge, -edge, edge, edge)
        whole = whole if whole.contains(QRect(one.pos(), one.size())) else whole.united(box)
    ratio = window.devicePixelRatioF()
    picture = QPixmap(whole.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(theme.palette().border))
    painter = QPainter(picture)
    for one in (window, *over):
        place: QPoint = one.pos() - whole.topLeft()
        painter.drawPixmap(place, one.grab())
        if one is not window:
            painter.setPen(QColor(theme.palette().muted))
            painter.drawRect(QRect(place, one.size()).adjusted(-1, -1, 0, 0))
    painter.end()
    return picture
