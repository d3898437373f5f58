"""A page that is light while nobody looks at it, so that the program starts quickly; what it says
in the navigation is read all the same."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.connections.desk import Desk
from app.ui.reading import Reading

C = TypeVar("C", bound=QWidget)


class LightPage(QWidget, Generic[C]):
    """`content` is made when it is first looked at. `seen`: what was read last, None: nothing
    yet."""

    needs_you_changed = Signal(int)

    def __init__(self, desk: Desk, look: Callable[[], object], *follows: SignalInstance) -> None:
        """`look` reads on another thread, anew after each of the signals."""
        super().__init__()
        self._desk = desk
        self._told = 0
        self._content: C | None = None
        self.seen: Any = None
        self.feed = Reading(desk.bridge, look, self)
        self.feed.follow(*follows, desk.bridge.store_changed, desk.bridge.clock_jumped)
        self.feed.seen.connect(self._tell)
        self.feed.later()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    @abstractmethod
    def make_content(self) -> C:
        """What is on the page; loaded here, since that costs start-up time."""

    @property
    def content(self) -> C:
        """What is on the page; made when it is first looked at."""
        if self._content is None:
            self._content = self.make_content()
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._content)
        return self._content

    def shown(self) -> None:
        """The window brought this page to the front."""
        self.content.shown()  # type: ignore[attr-defined]  # every content has it

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown()

    @Slot(object)
    def _tell(self, seen: Any) -> None:
        self.seen = seen
        if seen.needs_you != self._told:
            self._told = seen.needs_you
            self.needs_you_changed.emit(self._told)
