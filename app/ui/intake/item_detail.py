"""What is chosen in the list, beside it: one item in full, or how many, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMargins, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core.carriers import CARRIERS
from app.services.attention import ItemKind
from app.ui import theme
from app.ui.connections.facts import ago
from app.ui.connections.scroll import Scroll
from app.ui.controls import Dropdown
from app.ui.intake.words import ItemLine, closed_text, hint_of, items_text
from app.ui.widgets import button, frame, label, set_box, set_property, when_dressed

WIDTH, NARROW = 348, 280
_ROW_LINES = 3
_SHOWN_FACTS = ("Where", "Connection", "Who must act", "Since", "Now")


class ItemDetail(QFrame):
    """Made once, filled anew for each choice."""

    settle_pressed = Signal()
    ignore_pressed = Signal()
    copy_pressed = Signal()
    place_pressed = Signal()
    carrier_chosen = Signal(int, str)  # the item's number, the carrier's code

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Details")
        self._item_id = 0
        self._title, self._kind = label("", "name", wrap=True), label("", "muted", wrap=True)
        self._why, self._hint = label("", "name", wrap=True), label("", wrap=True)
        self._box = frame("danger_box")
        self._facts = {name: (label(name, "muted"), label("", wrap=True)) for name in _SHOWN_FACTS}
        self._row_title = label("The row as read", "muted")
        self._row = QPlainTextEdit()
        self.settle, self.ignore = button("Settled", "primary"), button("Ignore")
        self.copy, self.place = button("Copy details"), button("Open folder")
        self._asks = label("", wrap=True)
        self.carrier = Dropdown("Carrier")
        self.remember = button("Remember it", "primary")
        self._carrier_part = QWidget()
        self._set_up()
        self._lay_out()

    @property
    def row_text(self) -> str:
        """The row as read; empty when none is shown."""
        return self._row.toPlainText() if self._row.isVisibleTo(self) else ""

    def show_one(self, line: ItemLine, now_ms: int, *, is_busy: bool) -> None:
        """One item in full."""
        one, item = line.item, line.item.item
        is_carrier = item.kind is ItemKind.CARRIER and line.is_open
        if is_carrier and self._item_id != line.id:
            self._ask_carrier(str(item.params.get("name", "")))
        self._item_id = line.id
        self._title.setText(line.name)
        self._kind.setText(line.kind if line.kind != line.name else "")
        self._kind.setVisible(bool(self._kind.text()))
        set_box(self._box, f"{line.look[1]}_box")
        self._why.setText(one.text)
        self._hint.setText(hint_of(one) if line.is_open else "")
        self._hint.setVisible(bool(self._hint.text()))
        self._box.show()
        self._fill(
            {
                "Where": one.where,
                "Connection": one.connection,
                "Who must act": one.who if line.is_open else "",
                "Since": ago(item.created_at, now_ms),
                "Now": closed_text(one, now_ms),
            }
        )
        if self._row.toPlainText() != item.text:
            self._row.setPlainText(item.text)
        for part in (self._row, self._row_title):
            part.setVisible(bool(item.text))
        self._carrier_part.setVisible(is_carrier)
        self._show_buttons(1, is_open=line.is_open, is_busy=is_busy)
        set_property(self.settle, "kind", "" if is_carrier else "primary")
        self.place.setVisible(bool(item.file))

    def show_many(self, count: int, *, is_open: bool, is_busy: bool) -> None:
        """Several items are chosen; 0: none."""
        self._item_id = 0
        self._title.setText(f"{items_text(count)} chosen" if count else "Nothing is chosen")
        self._fill({})
        for part in (self._box, self._row, self._row_title, self._carrier_part, self._kind):
            part.hide()
        self._show_buttons(count, is_open=is_open, is_busy=is_busy)
        set_property(self.settle, "kind", "primary")
        self.place.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._row.setFont(theme.fixed_font())

    def _ask_carrier(self, name: str) -> None:
        self._asks.setText(f"“{name}” means")
        self.carrier.setAccessibleName(f"“{name}” means")
        self.carrier.setCurrentIndex(0)

    def _fill(self, facts: dict[str, str]) -> None:
        for name, (title, value) in self._facts.items():
            text = facts.get(name, "")
            value.setText(text)
            for part in (title, value):
                part.setVisible(bool(text))

    def _show_buttons(self, count: int, *, is_open: bool, is_busy: bool) -> None:
        names = ((self.settle, "Settled"), (self.ignore, "Ignore"), (self.copy, "Copy details"))
        for press, verb in names:
            press.setText(f"{verb}: {count:,}" if count > 1 else verb)
            press.setAccessibleName(f"{verb}: {items_text(count)}" if count > 1 else verb)
            press.setEnabled(bool(count) and not is_busy)
            press.setVisible(bool(count) and (is_open or press is self.copy))
        self.remember.setEnabled(not is_busy)

    def _set_up(self) -> None:
        self._row.setReadOnly(True)
        self._row.setProperty("role", "code")
        self._row.setFont(theme.fixed_font())
        self._row.setTabChangesFocus(True)
        self._row.setAccessibleName("The row as read")
        self._row.setFixedHeight(_ROW_LINES * self._row.fontMetrics().lineSpacing() + 22)
        fits = Dropdown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.carrier.setSizeAdjustPolicy(fits)
        self.carrier.setMinimumContentsLength(8)
        for carrier in CARRIERS:
            self.carrier.addItem(carrier.name, carrier.code)
        self.settle.clicked.connect(self.settle_pressed)
        self.ignore.clicked.connect(self.ignore_pressed)
        self.copy.clicked.connect(self.copy_pressed)
        self.place.clicked.connect(self.place_pressed)
        self.remember.clicked.connect(
            lambda: self.carrier_chosen.emit(self._item_id, self.carrier.currentData())
        )

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(4)
        inside.addWidget(self._why)
        inside.addWidget(self._hint)
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(5)
        facts.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for number, (title, value) in enumerate(self._facts.values()):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            facts.addWidget(title, number, 0, top)
            facts.addWidget(value, number, 1, top)
        answer = QHBoxLayout()
        answer.setSpacing(8)
        answer.addWidget(self.carrier, 1)
        answer.addWidget(self.remember)
        ask = QVBoxLayout(self._carrier_part)
        ask.setContentsMargins(0, 0, 0, 0)
        ask.setSpacing(5)
        ask.addWidget(self._asks)
        ask.addLayout(answer)
        area = Scroll(QMargins(16, 12, 16, 12))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(area)
        whole = area.column
        whole.setSpacing(10)
        heads = QVBoxLayout()
        heads.setSpacing(1)
        heads.addWidget(self._title)
        heads.addWidget(self._kind)
        whole.addLayout(heads)
        whole.addWidget(self._box)
        whole.addWidget(self._row_title)
        whole.addWidget(self._row)
        whole.addWidget(self._carrier_part)
        whole.addLayout(_pairs((self.settle, self.ignore, self.copy, self.place)))
        whole.addLayout(facts)
        whole.addStretch(1)


def _pairs(buttons: Sequence[QPushButton]) -> QGridLayout:
    """Two in a row."""
    grid = QGridLayout()
    grid.setSpacing(8)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    for place, press in enumerate(buttons):
        grid.addWidget(press, place // 2, place % 2)
    return grid
