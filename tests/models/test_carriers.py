"""Names and links as they are kept."""

from app.models.carriers import CarrierWords
from app.models.opening import Opened


def test_names_are_set_and_forgotten(store: Opened) -> None:
    words = CarrierWords(store.database)
    words.set_name("speedy", "ups")
    words.set_name("eilig", "dhl")
    words.set_name("speedy", "fedex")
    assert words.names() == {"eilig": "dhl", "speedy": "fedex"}
    words.forget_name("speedy")
    words.forget_name("never there")
    assert words.names() == {"eilig": "dhl"}


def test_links_are_set_and_forgotten(store: Opened) -> None:
    words = CarrierWords(store.database)
    words.set_link("ups", "https://one.example/{n}")
    words.set_link("ups", "https://two.example/{n}")
    assert words.links() == {"ups": "https://two.example/{n}"}
    words.forget_link("ups")
    assert words.links() == {}
