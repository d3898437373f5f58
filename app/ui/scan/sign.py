"""The answer to a scan: one box in one place, read at arm's length and told to screen readers."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from app.ui import icons
from app.ui.scan.pairing import Sign
from app.ui.widgets import label, set_property, when_dressed

_HEIGHT = 76
_ICON = 24
_LOOKS = {
    Sign.READY: ("action_scan", "muted"),
    Sign.ENTERED: ("action_scan", "accent"),
    Sign.ASK: ("state_failed", "warning"),
    Sign.WRONG: ("close", "danger"),
}

_MEANINGS = {
    Sign.READY: "Ready",
    Sign.ENTERED: "Entered",
    Sign.ASK: "Look here",
    Sign.WRONG: "Not entered",
}


class SignBox(QFrame):
    """Always as high: nothing jumps while somebody scans."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(_HEIGHT)
        self.sign = Sign.READY
        self._icon = QLabel()
        self._title = label("", "title", wrap=True)
        self._hint = label("", wrap=True)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addWidget(self._title)
        lines.addWidget(self._hint)
        lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(lines, 1)
        self.show_sign(Sign.READY, "", "")

    def show_sign(self, sign: Sign, title: str, hint: str) -> None:
        """Another answer."""
        self.sign = sign
        self._icon.setAccessibleName(_MEANINGS[sign])
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title}. {hint}".rstrip(". "))
        set_property(self, "role", f"{_LOOKS[sign][1]}_box")
        for one in (self._title, self._hint):  # their colour is that of the box
            one.style().unpolish(one)
            one.style().polish(one)
        self._dress()
        if title and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return self.accessibleName()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        name, token = _LOOKS[self.sign]
        self._icon.setPixmap(icons.pixmap(name, token, _ICON))
