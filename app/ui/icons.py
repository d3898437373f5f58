"""Icons by meaning, drawn from resources/icons in a colour of the theme."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui import theme

_WINDOW_SIZES = (16, 20, 24, 32, 48, 64, 128)


def icon(name: str, token: str = "muted") -> QIcon:
    """An icon in a colour of the palette that holds now; ask again when the theme changes.

    Drawn for the screens there are: each size takes its time when the window opens. When a
    screen is plugged in, everything is dressed again, and asks again.
    """
    colours = theme.palette()
    ratios = {one.devicePixelRatio() for one in QGuiApplication.screens()}
    sizes = tuple(sorted(round(theme.ICON * ratio) for ratio in ratios))
    return _icon(name, getattr(colours, token), colours.muted, sizes)


def large_icon(name: str, token: str) -> QIcon:
    """The same up to the sizes in which a desktop shows a window's icon."""
    colours = theme.palette()
    return _icon(name, getattr(colours, token), colours.muted, _WINDOW_SIZES)


def pixmap(name: str, token: str, size: int = theme.ICON, ratio: float = 0.0) -> QPixmap:
    """The same as a pixmap of `size` logical pixels; `ratio` 0: that of the main screen."""
    if not ratio:
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    return _drawn(name, getattr(theme.palette(), token), size, ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str, sizes: tuple[int, ...]) -> QIcon:
    made = QIcon()
    strong, faint = _renderer(name, colour), _renderer(name, disabled)
    for size in sizes:
        made.addPixmap(_painted(strong, size))
        made.addPixmap(_painted(faint, size), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    made = _painted(_renderer(name, colour), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    return made


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))


def _painted(renderer: QSvgRenderer, side: int) -> QPixmap:
    made = QPixmap(QSize(side, side))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return made


def path(name: str) -> Path:
    """The file of an icon, for those outside who draw it themselves."""
    return theme.icon_file(name)


@lru_cache(maxsize=128)
def _source(name: str) -> bytes:
    return path(name).read_bytes()
