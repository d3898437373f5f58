"""The throw-away data folder of the demonstration."""

from pathlib import Path

import pytest

from app.core.errors import StorageError, UsageError
from app.services.demo_folder import MARKER, mark, prepare
from app.services.ownership import Ownership
from tests.fakes.clock import FakeClock


def test_a_new_folder_is_marked(tmp_path: Path) -> None:
    assert prepare(tmp_path / "demo") is False
    assert (tmp_path / "demo" / MARKER).exists()


def test_an_interrupted_start_is_continued(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "backhaul.db").touch()
    assert prepare(tmp_path) is True
    assert (tmp_path / "backhaul.db").exists()


def test_one_that_ended_is_emptied(tmp_path: Path) -> None:
    prepare(tmp_path)
    mark(tmp_path, ended=True)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "backhaul.log").touch()
    assert prepare(tmp_path) is False
    assert not (tmp_path / "logs").exists()
    assert prepare(tmp_path) is True


def test_a_marker_half_written_counts_as_nothing(tmp_path: Path) -> None:
    (tmp_path / f"{MARKER}.part").write_text("{", encoding="utf-8")
    assert prepare(tmp_path) is False


@pytest.mark.parametrize("text", [None, "", "[]", "{}"])
def test_a_folder_with_other_things_is_never_emptied(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "precious.txt").touch()
    if text is not None:
        (tmp_path / MARKER).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="demo_foreign"):
        prepare(tmp_path)
    assert (tmp_path / "precious.txt").exists()


def test_one_that_runs_is_not_emptied(tmp_path: Path) -> None:
    prepare(tmp_path)
    mark(tmp_path, ended=True)
    (tmp_path / "backhaul.db").touch()
    owner = Ownership(tmp_path, FakeClock())
    owner.take()
    with pytest.raises(UsageError, match="engine_elsewhere"):
        prepare(tmp_path)
    assert (tmp_path / "backhaul.db").exists()
    owner.release()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="store_folder"):
        prepare(tmp_path / "file")
