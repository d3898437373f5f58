"""Options for all tests."""

import os
import sys
from collections.abc import Iterator

import keyring.backend
import pytest

# Before the first import of Qt: on a machine without a display it draws into memory.
if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_configure() -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):  # no test opens a window on somebody's desktop
        os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--battery", action="store_true", help="run the long batteries too")
    parser.addoption("--desktop", action="store_true", help="run what needs a real desktop too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--battery"):
        return
    for item in items:
        if item.get_closest_marker("battery"):
            item.add_marker(pytest.mark.skip(reason="a long battery: add --battery"))


@pytest.fixture(scope="session", autouse=True)
def _runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Sockets of the tests' windows lie with their other files, and go with them after a kill."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        yield


@pytest.fixture(autouse=True)
def _no_password_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the keyring of whoever runs it, nor one that another test has made up: the
    library keeps every class of a backend it ever saw."""
    monkeypatch.setattr(keyring.backend.KeyringBackend, "_classes", set())
    monkeypatch.setattr(keyring.backend, "get_all_keyring", list)
