"""Watch folders and marks as stored."""

import pytest

from app.core.errors import UsageError
from app.models.attention import Attention, ItemKind, NewItem
from app.models.folders import FileMark, Files, Folders
from tests.builders import Store


@pytest.fixture
def folders(store: Store) -> Folders:
    return Folders(store.database, store.clock)


@pytest.fixture
def files(store: Store) -> Files:
    return Files(store.database, store.clock)


def test_a_folder_comes_back_as_it_was_stored(folders: Folders, store: Store) -> None:
    folders.add("A", "/export", 1, {"mode": "take", "layout": {"columns": {"tracking": 3}}}, "ann")
    (folder,) = folders.all()
    assert (folder.name, folder.path, folder.source) == ("A", "/export", "folder:1")
    assert folder.settings == {"mode": "take", "layout": {"columns": {"tracking": 3}}}
    assert (folder.created_at, folder.primed_at, folder.looked_at) == (
        store.clock.now_ms(), None, None,
    )  # fmt: skip
    assert store.history.recent(1)[0].params == {"name": "A", "path": "/export"}


def test_a_name_is_free_again_when_its_folder_is_removed(folders: Folders) -> None:
    folders.add("A", "/one", 1, {}, "ann")
    with pytest.raises(UsageError):
        folders.add("A", "/two", 1, {}, "ann")
    folders.remove(folders.all()[0], "ann")
    assert folders.add("A", "/two", 1, {}, "ann") == 2
    assert folders.names() == {"folder:1": "A", "folder:2": "A"}


@pytest.mark.parametrize(("path", "primed"), [("/export", True), ("/other", False)])
def test_another_path_is_looked_through_anew(folders: Folders, path: str, primed: bool) -> None:
    folders.add("A", "/export", 1, {}, "ann")
    folders.prime(1, "/")
    before = folders.all()[0]
    folders.change(before, name="A", path=path, connection_id=1, settings={}, actor="ann")
    assert (folders.all()[0].primed_at is not None) is primed


def test_trouble_counts_from_when_it_began(folders: Folders, store: Store) -> None:
    folders.add("A", "/export", 1, {}, "ann")
    began = store.clock.now_ms()
    for failures in (1, 2):
        folders.stands(1, "folder_unreachable", {"path": "/export"}, failures)
        store.clock.advance(60)
    folder = folders.all()[0]
    assert (folder.trouble_since, folder.failures) == (began, 2)
    assert (folder.looked_at, folder.trouble_params) == (began + 60_000, {"path": "/export"})
    folders.stands(1, "", {}, 0)
    assert (folders.all()[0].trouble_code, folders.all()[0].trouble_since) == ("", None)


def test_a_mark_is_kept_with_its_items_and_settles_older_ones(files: Files, store: Store) -> None:
    attention = Attention(store.database, store.clock)
    attention.add([NewItem(ItemKind.SLOW_FILE, "x", "file_slow", {}, "folder:1", "ws.csv")])
    number = files.begin("folder:1", "ws.csv")
    mark = FileMark("folder:1", "ws.csv", "read", 99, 12345, {"offset": 80}, counts={"entered": 2})
    files.finish(mark, [NewItem(ItemKind.REJECTED_ROW, "y", "row_cut")])
    assert files.begin("folder:1", "ws.csv") == number
    kept = files.of("folder:1")["ws.csv"]
    assert (kept.size, kept.mtime, kept.position, kept.counts) == (
        99, 12345, {"offset": 80}, {"entered": 2},
    )  # fmt: skip
    assert attention.counts() == {ItemKind.REJECTED_ROW: 1}


def test_a_file_that_was_moved_away_is_forgotten_but_for_its_number(files: Files) -> None:
    number = files.begin("folder:1", "ws.csv")
    mark = FileMark("folder:1", "ws.csv", "read", 99, 12345, {"offset": 80})
    files.finish(mark)
    files.forget(mark)
    kept = files.of("folder:1")["ws.csv"]
    assert (kept.id, kept.state, kept.size, kept.position) == (number, "reading", 0, {})
