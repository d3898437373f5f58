"""What of the files needs a person: the list, and what is chosen in it in full."""

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.intake.item_acts import ItemActs
from app.ui.intake.item_detail import NARROW, WIDTH, ItemDetail
from app.ui.intake.items_model import CLOSED, OPEN, ItemsModel
from app.ui.intake.items_view import ItemsView
from app.ui.intake.words import ItemLine, items_text
from app.ui.queue.foot import Foot
from app.ui.queue.toast import Toast
from app.ui.widgets import button, frame, label

_AGES_MS = 10_000
_NARROW_PAGE = 760


class NeedsYou(QWidget):
    """The lower part of the page."""

    emptied = Signal(bool)  # there is nothing to show, or there is again
    failed = Signal(str)

    def __init__(self, desk: Desk, toast: Toast) -> None:
        super().__init__()
        self._desk = desk
        program = desk.program
        self.model = ItemsModel(program.attention, desk.bridge, program.clock.now_ms, self)
        self.view, self.detail = ItemsView(self.model), ItemDetail()
        self.acts = ItemActs(desk, toast, self)
        self.foot = Foot()
        self.foot.height_changed.connect(toast.lift)
        self._count = label("", "muted")
        self.closed = button("Show settled", "chip", name="Show settled and ignored ones")
        self.closed.setCheckable(True)
        self._nothing = label("", "muted", wrap=True)
        self._ages = QTimer(self, interval=_AGES_MS)
        self._connect()
        self._lay_out()
        self._arrived()

    @property
    def is_empty(self) -> bool:
        """True while there is no row to show."""
        return not self.model.rowCount()

    def refresh(self) -> None:
        """Read again what there is."""
        self.model.refresh()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.view.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(NARROW if self.width() < _NARROW_PAGE else WIDTH)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()

    def _connect(self) -> None:
        detail, acts = self.detail, self.acts
        self.closed.toggled.connect(self._show_closed)
        self.model.arrived.connect(self._arrived)
        self.model.failed.connect(self._not_read)
        self.view.chosen_changed.connect(self._show_choice)
        self.view.opened.connect(self._to_details)
        self.view.ignore_wanted.connect(self._ignore)
        self.view.copy_wanted.connect(self._copy)
        self.view.menu_wanted.connect(self._menu)
        detail.settle_pressed.connect(self._settle)
        detail.ignore_pressed.connect(self._ignore)
        detail.copy_pressed.connect(self._copy)
        detail.place_pressed.connect(self._open_place)
        detail.carrier_chosen.connect(acts.name_carrier)
        acts.changed.connect(self.refresh)
        acts.busy_changed.connect(self._show_choice)
        acts.running.connect(self.foot.follow)
        self._ages.timeout.connect(self._show_ages)

    @Slot(bool)
    def _show_closed(self, is_on: bool) -> None:
        self.view.clearSelection()
        self.model.show(CLOSED if is_on else OPEN)

    @property
    def _is_open(self) -> bool:
        return self.model.states == OPEN

    def _ids(self) -> list[int]:
        return self.model.ids(self.view.chosen_ranges())

    def _one(self) -> ItemLine | None:
        ranges = self.view.chosen_ranges()
        if len(ranges) != 1 or ranges[0][0] != ranges[0][1]:
            return None
        return self.model.line(ranges[0][0])

    @Slot()
    def _arrived(self) -> None:
        count = self.model.rowCount()
        self._count.setText(items_text(count) if count else "")
        self._nothing.setText(self._why_empty())
        self._nothing.setVisible(not count)
        self._body.setVisible(bool(count))
        self._show_choice()
        self.emptied.emit(not count)

    def _why_empty(self) -> str:
        if not self.model.is_read:
            return ""
        if self._is_open:
            return "Nothing from files waits for you."
        return "Nothing was settled or ignored yet."

    @Slot()
    def _show_choice(self) -> None:
        ranges = self.view.chosen_ranges()
        count = sum(last - first + 1 for first, last in ranges)
        busy, line = self.acts.is_busy, self._one()
        if line is not None:
            self.detail.show_one(line, self._desk.program.clock.now_ms(), is_busy=busy)
        elif count != 1:
            self.detail.show_many(count, is_open=self._is_open, is_busy=busy)

    @Slot()
    def _show_ages(self) -> None:
        self.view.viewport().update()
        self._show_choice()

    @Slot()
    def _settle(self) -> None:
        if self._is_open:
            line = self._one()
            self.acts.settle(self._ids(), line.name if line else "")

    @Slot()
    def _ignore(self) -> None:
        if self._is_open:
            line = self._one()
            self.acts.ignore(self._ids(), line.name if line else "")

    @Slot()
    def _copy(self) -> None:
        ids = self._ids()
        if ids:
            self.acts.copy(ids)

    @Slot()
    def _open_place(self) -> None:
        line = self._one()
        if line is not None:
            self.acts.open_place(line)

    @Slot()
    def _to_details(self) -> None:
        detail = self.detail
        for press in (detail.carrier, detail.settle, detail.copy):
            if press.isVisible() and press.isEnabled():
                press.setFocus()
                return

    @Slot(QPoint)
    def _menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        detail = self.detail
        for press in (detail.settle, detail.ignore, detail.copy, detail.place):
            if press.isVisibleTo(detail):
                entry = menu.addAction(press.text())
                entry.setEnabled(press.isEnabled())
                entry.triggered.connect(press.click)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(label("Needs you", "name"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.closed)
        panel = frame("panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.view)
        self._body = QFrame()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(panel, 1)
        body.addWidget(self.detail)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._nothing)
        whole.addWidget(self._body, 1)
        whole.addWidget(self.foot)
        whole.addStretch(0)
        self._nothing.setMinimumHeight(20)
