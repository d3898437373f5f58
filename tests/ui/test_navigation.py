"""Sections and search in the frame: for a screen reader and a keyboard as for a pointer."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.navigation import NavigationEntry
from app.ui.search_box import SearchBox


class Page(QWidget):
    """A page that counts how often it came to the front."""

    def __init__(self) -> None:
        super().__init__()
        self.shown_count = 0
        QLineEdit(self)

    def shown(self) -> None:
        self.shown_count += 1


def a_window(qtbot: QtBot) -> tuple[MainWindow, dict[str, Page]]:
    window = MainWindow()
    qtbot.addWidget(window)
    pages = {"manager": Page(), "connections": Page()}
    for key, page in pages.items():
        window.add_page(key, key.upper(), "nav_manager", page)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window, pages


def entries(window: MainWindow) -> list[NavigationEntry]:
    return window.findChildren(NavigationEntry)


def test_a_section_that_a_screen_reader_toggles_opens_once(qtbot: QtBot) -> None:
    window, pages = a_window(qtbot)
    entries(window)[1].toggle()
    assert pages["connections"].isVisible()
    assert pages["connections"].shown_count == 1


def test_a_section_that_is_clicked_opens_once(qtbot: QtBot) -> None:
    window, pages = a_window(qtbot)
    entries(window)[1].click()
    assert pages["connections"].isVisible()
    assert pages["connections"].shown_count == 1


def test_tab_stops_at_the_section_that_is_shown_and_arrows_go_on(qtbot: QtBot) -> None:
    window, pages = a_window(qtbot)
    first, second = entries(window)

    def stops() -> list[bool]:
        tab = Qt.FocusPolicy.TabFocus
        return [bool(one.focusPolicy() & tab) for one in (first, second)]

    assert stops() == [True, False]
    second.setFocus()  # as when a button that had the keyboard is gone
    first.setFocus()
    assert first.nextInFocusChain() is second, "beside each other, whenever they came"
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert pages["connections"].isVisible()
    assert stops() == [False, True]


def test_the_search_is_cleared_by_keyboard_too(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    box.show()
    clear = box.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (button,) = [one for one in clear if one.accessibleName() == "Clear the search"]
    assert button.isHidden()
    QTest.keyClicks(box, "316")
    with qtbot.waitSignal(box.changed):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert button.isVisible()
    with qtbot.waitSignal(box.changed, check_params_cb=lambda text: text == ""):
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert box.text() == ""
    assert button.isHidden()
