"""The program's icon, drawn from its two SVG files in every size a desktop asks for."""

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
FULL, SMALL = HERE / "icon.svg", HERE / "icon_small.svg"
SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
SMALL_UP_TO = 24
"""Up to this many pixels the icon with fewer and thicker lines is drawn."""

_ICO_SIZES = (16, 24, 32, 48, 64, 256)
_ICNS_KINDS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def png(size: int) -> bytes:
    """The icon as a PNG file of so many pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    source = SMALL if size <= SMALL_UP_TO else FULL
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # Qt takes text here
    del application
    return bytes(held.data())


def ico() -> bytes:
    """A Windows icon: a table of contents, then PNG files."""
    images = [png(size) for size in _ICO_SIZES]
    head, place = struct.pack("<HHH", 0, 1, len(images)), 6 + 16 * len(images)
    for size, image in zip(_ICO_SIZES, images, strict=True):
        side = size % 256  # 256 is written as 0
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(image), place)
        place += len(image)
    return head + b"".join(images)


def icns() -> bytes:
    """A macOS icon: PNG files, each behind its kind and length."""
    parts = b""
    for kind, size in _ICNS_KINDS.items():
        image = png(size)
        parts += kind + struct.pack(">I", len(image) + 8) + image
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


def for_this_platform(folder: Path) -> str | None:
    """The file PyInstaller puts into the program; None on Linux, where a desktop file names it."""
    made = {"win32": ("backhaul.ico", ico), "darwin": ("backhaul.icns", icns)}.get(sys.platform)
    if made is None:
        return None
    file = folder / made[0]
    file.write_bytes(made[1]())
    return str(file)
