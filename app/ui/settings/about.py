"""Who made the program, which version it is, and what it stands on."""

import platform

from PySide6 import __version__ as qt_version
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import __version__
from app.ui import icons
from app.ui.connections.dialog_frame import MARGIN, lay_out
from app.ui.settings.parts import CopyText
from app.ui.widgets import button, label

_LICENCE = (
    "Free software under the MIT licence: use, change and pass it on, without any warranty. "
    "The parts it stands on have licences of their own; Qt's is the LGPL, version 3."
)


class AboutDialog(QDialog):
    """Opened from the gear menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Backhaul")
        self.setMinimumWidth(560)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("mark", "accent", 40))
        mark.setAccessibleName("Backhaul")
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(
            label("Carries tracking numbers back to the systems the orders came from.", wrap=True)
        )
        words.addWidget(label(_LICENCE, "muted", wrap=True))
        words.addSpacing(4)
        words.addWidget(label("For Backhaul support", "small"))
        version = CopyText("the version")
        version.set_text(version_line())
        words.addWidget(version)
        words.addStretch(1)
        inside = QHBoxLayout()
        inside.setContentsMargins(MARGIN, 4, MARGIN, 16)
        inside.setSpacing(16)
        inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(words, 1)
        close = button("Close")
        close.clicked.connect(self.accept)
        lay_out(self, f"Backhaul {__version__}", inside, [close])
        close.setDefault(True)
        close.setFocus()


def version_line() -> str:
    """One line that says what runs here."""
    return (
        f"Backhaul {__version__}, Python {platform.python_version()}, Qt {qt_version}, "
        f"{platform.system()} {platform.machine()}"
    )
