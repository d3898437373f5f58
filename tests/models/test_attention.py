"""Attention items: stored once, closed once, opened again only by what really comes again."""

import pytest

from app.core.errors import UsageError
from app.models.attention import Attention, ItemKind, ItemState, NewItem
from tests.builders import Store

ROW = NewItem(ItemKind.REJECTED_ROW, "one", "row_cut", {"n": 1}, "folder:1", "ws.csv", 3, "a,b", 1)
SLOW = NewItem(ItemKind.SLOW_FILE, "folder:1/ws.csv", "file_slow", {}, "folder:1", "ws.csv")


@pytest.fixture
def attention(store: Store) -> Attention:
    return Attention(store.database, store.clock)


def test_an_item_keeps_all_it_was_given(attention: Attention, store: Store) -> None:
    assert attention.add([ROW]) == 1
    (item,) = attention.items()
    assert (item.kind, item.code, item.params) == (ItemKind.REJECTED_ROW, "row_cut", {"n": 1})
    assert (item.source, item.file, item.line, item.text) == ("folder:1", "ws.csv", 3, "a,b")
    assert (item.connection_id, item.created_at) == (1, store.clock.now_ms())


@pytest.mark.parametrize("state", [ItemState.RESOLVED, ItemState.IGNORED])
def test_what_was_closed_does_not_come_again(attention: Attention, state: ItemState) -> None:
    attention.add([ROW, ROW])
    assert attention.close([1], state, "ann", "why") == [1]
    assert attention.close([1], state, "ann", "again") == []
    assert attention.add([ROW]) == 0
    (item,) = attention.items((state,))
    assert (item.actor, item.note) == ("ann", "why")
    assert attention.counts() == {}


def test_what_may_come_again_does_unless_it_is_ignored(attention: Attention) -> None:
    assert attention.reopen(SLOW)
    assert not attention.reopen(SLOW)
    attention.close_file(ItemKind.SLOW_FILE, "folder:1", "ws.csv")
    assert attention.counts() == {}
    assert attention.reopen(SLOW)
    attention.close([attention.items()[0].id], ItemState.IGNORED, "ann", "")
    assert not attention.reopen(SLOW)


def test_counts_go_by_kind(attention: Attention) -> None:
    attention.add([ROW, ROW._replace(same="two"), SLOW])
    assert attention.counts() == {ItemKind.REJECTED_ROW: 2, ItemKind.SLOW_FILE: 1}
    assert [item.id for item in attention.items(limit=2)] == [3, 2]


@pytest.mark.parametrize("state", [None, ItemState.WATCHING])
def test_an_item_that_is_not_shown_cannot_be_found(
    attention: Attention, state: ItemState | None
) -> None:
    if state:
        attention.add([ROW._replace(state=state)])
    with pytest.raises(UsageError) as caught:
        attention.find(1)
    assert caught.value.code == "attention_missing"


def test_carrier_names_are_kept_in_small_letters(attention: Attention) -> None:
    attention.add([ROW])
    attention.map_carrier(1, "Speedy LTD", "ups", "ann")
    assert attention.carrier_codes() == {"speedy ltd": "ups"}


def test_items_are_read_by_their_numbers_newest_first(attention: Attention) -> None:
    attention.add([ROW._replace(same=str(n)) for n in range(5)])
    attention.close([2], ItemState.IGNORED, "ann", "")
    assert attention.ids((ItemState.OPEN,)) == [5, 4, 3, 1]
    assert attention.ids((ItemState.RESOLVED, ItemState.IGNORED)) == [2]
    assert [item.id for item in attention.some([1, 2, 5, 99])] == [5, 2, 1]


def test_the_newest_of_a_kind_is_found_behind_any_number_of_others(attention: Attention) -> None:
    attention.add([SLOW, *(ROW._replace(same=str(n)) for n in range(1500))])
    found = attention.newest_of((ItemKind.SLOW_FILE, ItemKind.LEFT_BEHIND), "folder:1")
    assert found is not None
    assert found.kind is ItemKind.SLOW_FILE
    assert attention.newest_of((ItemKind.SLOW_FILE,), "folder:2") is None
