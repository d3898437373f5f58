"""Without a display, in the program's own dress."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["backhaul"]


@pytest.fixture(autouse=True, scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")
