"""The watch folders in columns; a card stays the same widget as long as its folder is there."""

from itertools import pairwise

from PySide6.QtCore import QMargins, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui import theme
from app.ui.connections.card_grid import OUTER_MARGIN
from app.ui.connections.scroll import Scroll
from app.ui.intake.folder_card import FolderCard
from app.ui.intake.words import FolderFacts

_WIDEST, _NARROWEST, _GAP = 3, 300, 16


class FolderGrid(Scroll):
    """Scrolls when there are many."""

    card_added = Signal(object)
    height_changed = Signal()

    def __init__(self, before: QWidget) -> None:
        """`before`: what Tab leaves when it comes to the cards."""
        super().__init__(QMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0))
        self._before = before
        self._cards: dict[int, FolderCard] = {}
        self._order: list[int] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP)
        self.column.addLayout(self._grid)
        self.column.addStretch(1)

    @property
    def cards(self) -> list[FolderCard]:
        """In the order shown."""
        return [self._cards[number] for number in self._order]

    def card(self, folder_id: int) -> FolderCard | None:
        """The card of a folder, if it is shown."""
        return self._cards.get(folder_id)

    def named(self, name: str) -> FolderCard | None:
        """The card of the folder that people call so."""
        return next((one for one in self._cards.values() if one.facts.name == name), None)

    @property
    def whole_height(self) -> int:
        """What all cards need, in pixels."""
        rows = self._grid.rowCount()  # a row that was once used keeps its gap
        return sum(map(self._grid.rowMinimumHeight, range(rows))) + _GAP * max(0, rows - 1)

    def show_facts(self, facts: list[FolderFacts]) -> None:
        """Change the cards that are there, add and take away only what differs."""
        order = [one.id for one in facts]
        for gone in self._cards.keys() - set(order):
            card = self._cards.pop(gone)
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        for one in facts:
            if one.id in self._cards:
                self._cards[one.id].show_facts(one)
            else:
                self._add(one)
        if order != self._order:
            self._order = order
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._arrange()

    def _add(self, one: FolderFacts) -> None:
        card = FolderCard(one)
        card.height_claimed.connect(self._level)
        self._cards[one.id] = card
        self.card_added.emit(card)

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
        presses = [press for card in self.cards for press in card.buttons]
        for first, second in pairwise([self._before, *presses]):
            QWidget.setTabOrder(first, second)
        self._level()
