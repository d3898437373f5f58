"""One dialog at a time over a page."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget


class OneDialog(QObject):
    """Whoever opens dialogs for a page; a second press brings the open one to the front."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: QDialog | None = None

    def _raise_open(self) -> bool:
        """True when one was open, which is in front now."""
        if self.dialog is None:
            return False
        self.dialog.raise_()
        self.dialog.activateWindow()
        return True

    def _open(self, dialog: QDialog, *, is_question: bool = False) -> None:
        """`is_question`: nothing else in the window until it is answered."""
        self.dialog = dialog

        def over() -> None:
            if self.dialog is dialog:
                self.dialog = None
            dialog.deleteLater()

        dialog.finished.connect(over)
        dialog.open() if is_question else dialog.show()
