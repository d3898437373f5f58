"""The cards in columns; a card stays the same widget as long as its connection is there."""

from itertools import pairwise

from PySide6.QtCore import QMargins, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui import theme
from app.ui.connections.card import ConnectionCard
from app.ui.connections.facts import Facts
from app.ui.connections.scroll import Scroll

OUTER_MARGIN = 4
"""What the page leaves at the right of the grid; the scroll bar stands in the page's margin."""

_WIDEST, _NARROWEST, _GAP = 3, 420, 16


class CardGrid(Scroll):
    """Scrolls when there are many."""

    card_added = Signal(object)

    def __init__(self) -> None:
        super().__init__(QMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0))
        self._cards: dict[int, ConnectionCard] = {}
        self._order: list[int] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)

    @property
    def cards(self) -> list[ConnectionCard]:
        """In the order shown."""
        return [self._cards[number] for number in self._order]

    def card(self, connection_id: int) -> ConnectionCard | None:
        """The card of a connection, if it is shown."""
        return self._cards.get(connection_id)

    def show_facts(self, facts: list[Facts], *, is_news: bool = True) -> None:
        """Change the cards that are there, add and take away only what differs. `is_news`: see
        `ConnectionCard.show_facts`."""
        order = [one.connection.id for one in facts]
        for gone in self._cards.keys() - set(order):
            self._take_away(self._cards.pop(gone))
        for one in facts:
            if one.connection.id in self._cards:
                self._cards[one.connection.id].show_facts(one, is_news=is_news)
            else:
                self._add(one)
        if order != self._order:
            self._order = order
            self._arrange()

    def _add(self, one: Facts) -> None:
        card = ConnectionCard(one)
        card.height_claimed.connect(self._level)
        self._cards[one.connection.id] = card
        self.card_added.emit(card)

    def _take_away(self, card: ConnectionCard) -> None:
        self._grid.removeWidget(card)
        card.hide()
        card.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._arrange()

    @Slot()
    def _level(self) -> None:
        """Cards of one row are as high as the highest of them."""
        columns = self._columns or 1
        for row in range(self._grid.rowCount()):  # also those that more columns left empty
            cards = self.cards[row * columns : (row + 1) * columns]
            highest = max((card.minimumHeight() for card in cards), default=0)
            self._grid.setRowMinimumHeight(row, highest)

    def _fitting(self) -> int:
        width = self.viewport().width() - theme.PAGE_MARGIN + _GAP
        return max(1, min(_WIDEST, width // (_NARROWEST + _GAP)))

    def _arrange(self) -> None:
        self._columns = self._fitting()
        while self._grid.takeAt(0) is not None:
            pass
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // self._columns, place % self._columns)
            card.show()
        for column in range(_WIDEST):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        _tab_through(self.cards)


def _tab_through(cards: list[ConnectionCard]) -> None:
    """Tab goes from card to card as they are seen."""
    for first, second in pairwise(cards):
        QWidget.setTabOrder(first.last_button, second.first_button)
