"""The socket of a window: where it lies, and that none stays behind."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.instance import Instance, socket_name

linux = pytest.mark.skipif(sys.platform != "linux", reason="as on Linux")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The person's folder for sockets, for the test alone: short, as the name of a socket is."""
    with TemporaryDirectory() as place:
        monkeypatch.setenv("XDG_RUNTIME_DIR", place)
        yield Path(place)


@linux
def test_the_socket_lies_in_the_persons_own_folder_and_goes_with_the_window(
    qapp: QApplication, tmp_path: Path, runtime: Path
) -> None:
    instance = Instance(tmp_path / "data")
    instance.listen()
    assert instance.is_listening
    assert [str(one) for one in runtime.iterdir()] == [socket_name(tmp_path / "data")]
    instance.close()
    assert list(runtime.iterdir()) == []


@linux
def test_what_a_killed_window_left_is_taken_over_and_removed(
    qapp: QApplication, tmp_path: Path, runtime: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as dead:  # its file outlives it
        dead.bind(socket_name(tmp_path / "data"))
    assert len(list(runtime.iterdir())) == 1
    instance = Instance(tmp_path / "data")
    instance.listen()
    assert instance.is_listening
    instance.close()
    assert list(runtime.iterdir()) == []


@linux
def test_a_folder_that_is_missing_or_too_deep_is_not_used(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(socket_name(tmp_path)).parent == runtime
    deep = tmp_path / ("deep" * 20)
    deep.mkdir()
    for place in (str(runtime / "gone"), str(deep), "", "run"):
        monkeypatch.setenv("XDG_RUNTIME_DIR", place)
        assert Path(socket_name(tmp_path)).parent == Path()
