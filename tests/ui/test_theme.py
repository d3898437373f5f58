"""Dressing: again for another scheme and for another screen; icons fit the screens there are."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import icons
from app.ui.theme import ICON, Theme


def test_an_icon_is_drawn_for_the_screens_there_are(qapp: QApplication, theme: Theme) -> None:
    ratios = {screen.devicePixelRatio() for screen in qapp.screens()}
    wanted = {round(ICON * ratio) for ratio in ratios}
    sizes = icons.icon("gear", "text").availableSizes()
    assert {(size.width(), size.height()) for size in sizes} == {(one, one) for one in wanted}


def test_a_screen_that_is_plugged_in_has_everything_drawn_again(
    qapp: QApplication, qtbot: QtBot, theme: Theme
) -> None:
    with qtbot.waitSignal(theme.changed, timeout=1000):
        qapp.screenAdded.emit(qapp.primaryScreen())


def test_the_icon_of_a_window_has_every_size_a_desktop_shows() -> None:
    assert QSize(128, 128) in icons.large_icon("mark", "accent").availableSizes()
