"""The watch folders as cards in columns."""

from PySide6.QtWidgets import QWidget

from app.ui.cards import Cards
from app.ui.intake.folder_card import FolderCard
from app.ui.intake.words import FolderFacts

_NARROWEST = 300


class FolderGrid(Cards[FolderCard]):
    """One card per folder."""

    def __init__(self, before: QWidget) -> None:
        """`before`: what Tab leaves when it comes to the cards."""
        super().__init__(_NARROWEST, before)

    def named(self, name: str) -> FolderCard | None:
        """The card of the folder that people call so."""
        return next((one for one in self._cards.values() if one.facts.name == name), None)

    def show_facts(self, facts: list[FolderFacts]) -> None:
        """As they stand now."""
        self.show_cards(
            {one.id: one for one in facts}, FolderCard, lambda card, one: card.show_facts(one)
        )
