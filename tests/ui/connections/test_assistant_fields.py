"""The assistant asks only for what the chosen way to sign in needs."""

import pytest

from app.ui.connections.assistant import Assistant
from tests.ui.connections.conftest import Place

KEYS = {"consumer_key", "consumer_secret", "access_token", "access_token_secret"}


@pytest.fixture
def magento(place: Place) -> Assistant:
    """At the page where a Magento store is typed."""
    page = place.page()
    page.add_connection()
    assistant = place.assistant(page)
    choose = assistant.choose_page
    at = next(n for n, one in enumerate(choose._choices) if one.key == ("magento", False))
    choose._group.buttons()[at].click()
    assistant.next.click()
    return assistant


def asked(assistant: Assistant) -> set[str]:
    names = {"admin_user", "admin_password", *KEYS}
    return {name for name in names if assistant.form.field(name).isVisible()}


def test_only_what_the_way_to_sign_in_needs_is_asked_for(magento: Assistant) -> None:
    form = magento.form
    form.field("name").set_text("Web shop")
    form.field("base_url").set_text("https://shop.example.com")
    assert asked(magento) == KEYS
    assert not form.check(), "each of the four keys is needed"
    assert form.field("consumer_key").shown_problem == "This is needed."
    for name in KEYS:
        form.field(name).set_text("k" * 32)
    assert form.check()
    assert set(form.draft().secrets) == KEYS
    form.field("sign_in").set_text("admin")
    assert asked(magento) == {"admin_user", "admin_password"}
    assert not form.check()
    form.field("admin_user").set_text("backhaul")
    form.field("admin_password").set_text("secret")
    assert form.check()
    assert set(form.draft().secrets) == {"admin_password"}
    assert form.draft().typed["admin_user"] == "backhaul"


def test_what_is_needless_is_not_blamed_nor_stored(magento: Assistant) -> None:
    form = magento.form
    form.field("sign_in").set_text("admin")
    form.field("admin_user").set_text("backhaul")
    form.field("sign_in").set_text("integration")
    assert "admin_user" not in form.draft().typed
    form.check()
    assert form.field("admin_user").shown_problem == ""
