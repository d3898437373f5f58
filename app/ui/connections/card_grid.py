"""The connections as cards in columns."""

from app.ui.cards import Cards
from app.ui.connections.card import ConnectionCard
from app.ui.connections.facts import Facts

_NARROWEST = 420


class CardGrid(Cards[ConnectionCard]):
    """One card per connection."""

    def __init__(self) -> None:
        super().__init__(_NARROWEST)

    def show_facts(self, facts: list[Facts], *, is_news: bool = True) -> None:
        """As they stand now. `is_news`: see `ConnectionCard.show_facts`."""
        self.show_cards(
            {one.connection.id: one for one in facts},
            ConnectionCard,
            lambda card, one: card.show_facts(one, is_news=is_news),
        )
