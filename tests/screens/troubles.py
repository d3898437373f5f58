"""What goes wrong behind the pictures: logged errors, faults in slots, warnings of Qt."""

import logging
import sys
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType

QT_MAY_SAY = (
    "This plugin does not support ",
    "QObject::connect: No such signal QPlatformNative",
    "dbus reply error: ",
)
"""What Qt says of its own offscreen platform, and of a desktop without a portal."""


class Troubles(logging.Handler):
    """What went wrong behind the pictures: errors that were logged or raised in slots."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.scene = ""
        self.found: dict[str, None] = {}  # in the order they came

    def emit(self, record: logging.LogRecord) -> None:
        self._note(self.format(record))

    def raised(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """As `sys.excepthook`."""
        sys.__excepthook__(kind, error, trace)
        self._note(f"{kind.__name__}: {error}")

    def qt_said(self, kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        """As Qt's message handler: a warning is a fault too."""
        if kind is not QtMsgType.QtDebugMsg and not text.startswith(QT_MAY_SAY):
            self._note(f"Qt said: {text}")

    def _note(self, text: str) -> None:
        self.found[f"{self.scene}: {text}"] = None
