"""One line at the top of the page: what was done, or what could not be done."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.connections.marks import IconMark
from app.ui.widgets import button, label, set_property

_SHOWN_MS = 10_000


class Strip(QFrame):
    """Good news leaves by itself; bad news stays until it is closed or something else is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = IconMark("state_done", "success")
        self._text = label("", wrap=True)
        self._close = button("Close", "link", name="Close this message")
        self._close.clicked.connect(self.hide)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self.hide()

    def done(self, text: str) -> None:
        """It worked."""
        self._show("success_box", "state_done", "success", text)
        self._timer.start()

    def failed(self, text: str) -> None:
        """It did not; what to do is in the text."""
        self._timer.stop()
        self._show("danger_box", "state_failed", "danger", text)

    @Slot()
    def clear(self) -> None:
        """Nothing to say."""
        self._timer.stop()
        self.hide()

    def _show(self, role: str, icon: str, token: str, text: str) -> None:
        set_property(self, "role", role)
        set_property(self._text, "role", token)
        self._mark.set_icon(icon, token)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
