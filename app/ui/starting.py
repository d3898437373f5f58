"""What is shown while the data folder is opened, and when it could not be."""

import sys
from pathlib import Path

from PySide6.QtCore import QSysInfo, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import __version__
from app.ui import theme
from app.ui.queue.states import Instead

_TOP = 16 + theme.BUTTON + 12 + 26 + 12


class StartingPage(QWidget):
    """The outline of the list, so that nothing jumps when it comes."""

    painted = Signal()  # once, when it is on the screen
    again = Signal()  # a person wants another try

    def __init__(self) -> None:
        super().__init__()
        self._was_painted = False
        self._why = ""
        self._instead = Instead()
        self._instead.hide()
        column = QVBoxLayout(self)
        column.addWidget(self._instead)

    def fail(self, text: str, folder: Path) -> None:
        """Say why there is no list, and give what may help."""
        if self._instead.layout() is None:
            self._instead.pressed.connect(self._try_again)
            self._instead.offer("Open the data folder", lambda: _open_folder(folder))
            self._copy = self._instead.offer("Copy details", lambda: self._copy_details(folder))
        self._why = text
        self._copy.setText("Copy details")
        look = ("state_failed", "danger")
        self._instead.show_text("Backhaul cannot start", text, "Try again", look)
        self._instead.show()
        self._instead.focus_button()
        self.update()

    @Slot()
    def _try_again(self) -> None:
        self._instead.hide()
        self.update()
        self.again.emit()

    def _copy_details(self, folder: Path) -> None:
        system, python = QSysInfo.prettyProductName(), sys.version.split()[0]
        text = (
            f"Backhaul {__version__} cannot start ({system}, Python {python}).\n"
            f"{self._why}\nData folder: {folder}"
        )
        QGuiApplication.clipboard().setText(text)
        self._copy.setText("Copied")

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._instead.isHidden():
            return
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.surface))
        margin = theme.PAGE_MARGIN
        box = self.rect().adjusted(margin, _TOP, -margin - 1, -margin - 1)
        painter.drawRoundedRect(box, theme.PANEL_RADIUS, theme.PANEL_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.hover))
        for row in range(min(8, box.height() // theme.ROW)):
            top = box.y() + 4 + row * theme.ROW
            painter.drawEllipse(box.x() + 15, top + 14, 24, 24)
            painter.drawRoundedRect(box.x() + 55, top + 12, 130, 10, 4, 4)
            painter.drawRoundedRect(box.x() + 55, top + 30, 240, 10, 4, 4)


def _open_folder(folder: Path) -> None:
    """In the file manager; where the folder cannot be, the nearest one above it that is there."""
    place = next(one for one in (folder, *folder.parents) if one.is_dir())
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))
