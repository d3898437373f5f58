"""The sync tasks as cards in columns."""

from PySide6.QtWidgets import QWidget

from app.ui.cards import Cards
from app.ui.sync.card import TaskCard
from app.ui.sync.facts import TaskFacts

_NARROWEST = 420


class TaskGrid(Cards[TaskCard]):
    """One card per task."""

    def __init__(self, before: QWidget) -> None:
        """`before`: what Tab leaves when it comes to the cards."""
        super().__init__(_NARROWEST, before)

    def show_facts(self, facts: list[TaskFacts]) -> None:
        """As they stand now."""
        self.show_cards(
            {one.id: one for one in facts}, TaskCard, lambda card, one: card.show_facts(one)
        )
