"""Cards in columns, for every page that has some; a card stays the same widget as long as what it
shows is there."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Generic, TypeVar

from PySide6.QtCore import QMargins, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QWidget

from app.ui import theme
from app.ui.connections.scroll import Scroll
from app.ui.widgets import frame

OUTER_MARGIN = 4
"""What a page leaves at the right of its cards; the scroll bar stands in the page's margin."""

CARD_MARGIN = 16
_WIDEST, _GAP, _EDGE = 3, 16, 1


class Card(QFrame):
    """As high as its texts need. `box`: the frame in it for what is wrong, `CARD_MARGIN` away
    from both sides. `buttons`: as they are seen, and as Tab goes through them."""

    height_claimed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = frame("danger_box")
        self.buttons: tuple[QAbstractButton, ...] = ()

    def hasHeightForWidth(self) -> bool:
        """It claims its height itself: the columns would keep a greater one of before."""
        return False

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight() or hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit_soon()

    @Slot()
    def fit_soon(self) -> None:
        """Once Qt has laid out what has just come or gone."""
        QTimer.singleShot(0, self, self.fit)

    @Slot()
    def fit(self) -> None:
        """Claim the height the texts need at this width: the columns ask too early, before the
        texts have their font."""
        whole = self.width()
        for widget, width in ((self.box, whole - 2 * (CARD_MARGIN + _EDGE)), (self, whole)):
            layout = widget.layout()
            if widget.isVisible() and layout is not None:
                layout.invalidate()
                widget.setMinimumHeight(layout.totalHeightForWidth(width))
        self.height_claimed.emit()


C = TypeVar("C", bound=Card)
F = TypeVar("F")


class Cards(Scroll, Generic[C]):
    """Scrolls when there are many. Tab goes through them as they are seen."""

    card_added = Signal(object)
    height_changed = Signal()

    def __init__(self, narrowest: int, before: QWidget | None = None) -> None:
        """`narrowest`: of a column, in pixels; `before`: what Tab leaves when it comes here."""
        super().__init__(QMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0))
        self._narrowest, self._before = narrowest, before
        self._cards: dict[int, C] = {}
        self._order: list[int] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)

    @property
    def cards(self) -> list[C]:
        """In the order shown."""
        return [self._cards[number] for number in self._order]

    def card(self, number: int) -> C | None:
        """The card of what has that number, if it is shown."""
        return self._cards.get(number)

    @property
    def whole_height(self) -> int:
        """What all cards need, in pixels."""
        rows = self._grid.rowCount()  # a row that was once used keeps its gap
        return sum(map(self._grid.rowMinimumHeight, range(rows))) + _GAP * max(0, rows - 1)

    def show_cards(
        self, facts: Mapping[int, F], make: Callable[[F], C], change: Callable[[C, F], object]
    ) -> None:
        """Change the cards that are there, add and take away only what differs. `facts`: by
        number, in the order to be shown."""
        for gone in self._cards.keys() - facts.keys():
            card = self._cards.pop(gone)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        for number, one in facts.items():
            if number in self._cards:
                change(self._cards[number], one)
            else:
                self._add(number, make(one))
        order = list(facts)
        if order != self._order:
            self._order = order
            self._arrange()

    def _add(self, number: int, card: C) -> None:
        card.height_claimed.connect(self._level)
        self._cards[number] = card
        self.card_added.emit(card)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._arrange()

    @Slot()
    def _level(self) -> None:
        """Cards of one row are as high as the highest of them."""
        columns, before = self._columns or 1, self.whole_height
        for row in range(self._grid.rowCount()):  # also those that more columns left empty
            cards = self.cards[row * columns : (row + 1) * columns]
            highest = max((card.minimumHeight() for card in cards), default=0)
            self._grid.setRowMinimumHeight(row, highest)
        if self.whole_height != before:
            self.height_changed.emit()

    def _fitting(self) -> int:
        width = self.viewport().width() - theme.PAGE_MARGIN + _GAP
        return max(1, min(_WIDEST, width // (self._narrowest + _GAP)))

    def _arrange(self) -> None:
        self._columns = self._fitting()
        while self._grid.takeAt(0) is not None:
            pass
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // self._columns, place % self._columns)
            card.show()
        for column in range(_WIDEST):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        stops: list[QWidget] = [press for card in self.cards for press in card.buttons]
        for first, second in pairwise([self._before, *stops] if self._before else stops):
            QWidget.setTabOrder(first, second)
        self._level()
