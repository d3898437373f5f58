"""The INTAKE page: light while nobody looks at it, so that the program starts quickly."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.connections.desk import Desk
from app.ui.intake.seen import Seen, look
from app.ui.reading import Reading

if TYPE_CHECKING:
    from app.ui.intake.content import IntakeContent


class IntakePage(QWidget):
    """Add it with `MainWindow.add_page("intake", "INTAKE", "nav_intake", page)`."""

    needs_you_changed = Signal(int)  # open items, and folders that cannot be read

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told = 0
        self._content: IntakeContent | None = None
        self._seen: Seen | None = None
        bridge = desk.bridge
        self.feed = Reading(bridge, lambda: look(desk.program), self)
        self.feed.follow(
            bridge.folder_changed, bridge.attention_changed, bridge.connection_changed,
            bridge.store_changed, bridge.clock_jumped,
        )  # fmt: skip
        self.feed.seen.connect(self._tell)
        self.feed.later()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    @property
    def content(self) -> "IntakeContent":
        """What is on the page; made when it is first looked at."""
        if self._content is None:
            from app.ui.intake.content import IntakeContent  # noqa: PLC0415 - costs start-up time

            self._content = IntakeContent(self._desk, self.feed, self._seen)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._content)
        return self._content

    def shown(self) -> None:
        """The window brought this page to the front."""
        self.content.shown()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.content.focus_list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.content.shown()

    @Slot(object)
    def _tell(self, seen: Seen) -> None:
        self._seen = seen
        if seen.needs_you != self._told:
            self._told = seen.needs_you
            self.needs_you_changed.emit(self._told)
