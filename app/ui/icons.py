"""Icons by meaning, drawn from resources/icons in a colour of the theme."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui import theme

_SIZES = (16, 20, 24, 32, 48, 64)


def icon(name: str, token: str = "muted") -> QIcon:
    """An icon in a colour of the palette that holds now; ask again when the theme changes."""
    colours = theme.palette()
    return _icon(name, getattr(colours, token), colours.muted)


def pixmap(name: str, token: str, size: int = theme.ICON, ratio: float = 0.0) -> QPixmap:
    """The same as a pixmap of `size` logical pixels; `ratio` 0: that of the main screen."""
    if not ratio:
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    return _drawn(name, getattr(theme.palette(), token), size, ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_drawn(name, colour, size, 1.0))
        faint = _drawn(name, disabled, size, 1.0)
        made.addPixmap(faint, QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    side = round(size * ratio)
    made = QPixmap(QSize(side, side))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode()))).render(
        painter, QRectF(0, 0, side, side)
    )
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def path(name: str) -> Path:
    """The file of an icon, for those outside who draw it themselves."""
    return theme.icon_file(name)


@lru_cache(maxsize=128)
def _source(name: str) -> bytes:
    return path(name).read_bytes()
