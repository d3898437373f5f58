"""The one row about the local intake: switched, keyed, counted, and how it stands."""

import pytest

from app.models.local_intake import DEFAULT_PORT, IntakeSetup, IntakeSetups
from tests.builders import Store


@pytest.fixture
def setups(store: Store) -> IntakeSetups:
    return IntakeSetups(store.database, store.clock)


def story(store: Store) -> list[tuple[str, str, str]]:
    return store.rows(
        "SELECT what, params, actor FROM history WHERE what LIKE 'local%' ORDER BY seq"
    )


def test_nobody_touched_it_yet(setups: IntakeSetups) -> None:
    assert setups.load() == IntakeSetup(False, DEFAULT_PORT)
    setups.stands(5, "local_intake_taken")  # nothing to note it in, and nothing breaks
    setups.add_calls(5, 1)
    assert setups.load() == IntakeSetup()


def test_it_is_switched_with_who_and_where(setups: IntakeSetups, store: Store) -> None:
    setups.switch(9001, "ann", is_on=True)
    assert (setups.load().is_on, setups.load().port) == (True, 9001)
    setups.switch(9002, "ben", is_on=False)
    assert (setups.load().is_on, setups.load().port) == (False, 9002)
    assert story(store) == [
        ("local_intake_on", '{"port":9001}', "ann"),
        ("local_intake_off", '{"port":9002}', "ben"),
    ]


def test_every_key_has_a_version_and_no_key_is_kept(setups: IntakeSetups, store: Store) -> None:
    setups.key_changed("ann")
    setups.key_changed("ann")
    assert setups.load().key_version == 2
    assert story(store) == [("local_intake_key", "", "ann")] * 2


def test_trouble_has_begun_when_it_began(setups: IntakeSetups, store: Store) -> None:
    setups.switch(9001, "ann", is_on=True)
    began = store.clock.now_ms()
    setups.stands(None, "local_intake_taken", {"port": 9001})
    store.clock.advance(60)
    setups.stands(None, "local_intake_taken", {"port": 9001, "free": 9002})
    found = setups.load()
    assert (found.trouble_since, found.trouble_params["free"]) == (began, 9002)
    store.clock.advance(60)
    setups.stands(None, "local_intake_fault")
    assert setups.load().trouble_since == store.clock.now_ms()
    setups.stands(store.clock.now_ms())
    found = setups.load()
    assert (found.trouble_code, found.trouble_params, found.trouble_since) == ("", {}, None)
    assert found.serving_since == store.clock.now_ms()


def test_calls_are_added_up(setups: IntakeSetups) -> None:
    setups.switch(9001, "ann", is_on=True)
    setups.add_calls(100, 2)
    setups.add_calls(None, 3)
    assert (setups.load().last_at, setups.load().refused) == (100, 5)
