"""The frame: top bar with search, state and gear; sections at the left; pages at the right."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.navigation import Navigation
from app.ui.search_box import SearchBox
from app.ui.widgets import label, when_dressed

TITLE = "Backhaul"
_FIRST_SIZE = QSize(1240, 800)
_SMALLEST = QSize(860, 520)


class MainWindow(QMainWindow):
    """One window with pages. A page may have the methods `set_search(text)`, `focus_list()`
    and `shown()`, and a `search_hint`. Each has a search of its own."""

    search_changed = Signal(str)
    closing = Signal()  # the frame's own button: whether it hides or ends is for others
    quit_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(_SMALLEST)
        self.resize(_FIRST_SIZE)
        self._pages: dict[str, QWidget] = {}
        self._searched: dict[QWidget, str] = {}
        self._may_close = False
        self.navigation = Navigation()
        self.navigation.chosen.connect(self.show_page)
        self.search = SearchBox()
        self.search.changed.connect(self._search)
        self.search.left.connect(self._to_found)
        self._stack = QStackedWidget()
        self._state = label()
        self._state.setFixedHeight(22)
        self._gear = self._make_gear()
        self.menu = QMenu(self)
        self._gear.setMenu(self.menu)
        self._quit = QAction("Quit", self, shortcut=QKeySequence(QKeySequence.StandardKey.Quit))
        self._quit.triggered.connect(self.quit_asked)
        self.addAction(self._quit)
        self.menu.addAction(self._quit)
        self._lay_out()
        QShortcut(QKeySequence("/"), self, self.search.take_focus)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.take_focus)
        self.set_overall("Starting", "muted")

    def add_page(self, key: str, title: str, icon: str, widget: QWidget) -> None:
        """One more section; the first one added is shown."""
        self._pages[key] = widget
        self._stack.addWidget(widget)
        self.navigation.add(key, title, icon)
        if len(self._pages) == 1:
            self.show_page(key)

    def replace_page(self, key: str, widget: QWidget) -> None:
        """Another page for a section."""
        before = self._pages[key]
        is_shown = self._stack.currentWidget() is before
        self._pages[key] = widget
        self._stack.addWidget(widget)
        if is_shown:
            self.show_page(key)
        self._stack.removeWidget(before)
        self._searched.pop(before, None)
        before.deleteLater()

    def put_above_pages(self, widget: QWidget) -> None:
        """Something that holds for every page."""
        self._pages_column.insertWidget(0, widget)

    def cover(self, widget: QWidget) -> None:
        """Show only this from now on: what the pages are about is closed."""
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        for one in (self.navigation, self.search, self._gear):
            one.setEnabled(False)

    def page(self, key: str) -> QWidget:
        """The page of a section."""
        return self._pages[key]

    def set_badge(self, key: str, count: int, meaning: str = "need you") -> None:
        """How many things of a section need a person; 0 shows nothing."""
        self.navigation.set_badge(key, count, meaning)

    @Slot(str)
    def show_page(self, key: str) -> None:
        """Bring a section to the front."""
        page = self._pages.get(key)
        if page is None:
            return
        before = self._stack.currentWidget()
        if before is not None:
            self._searched[before] = self.search.text()
        self._stack.setCurrentWidget(page)
        self.navigation.select(key)
        self.search.setVisible(hasattr(page, "set_search"))
        self.search.set_hint(getattr(page, "search_hint", ""))
        self.search.show_text(self._searched.get(page, ""))
        shown = getattr(page, "shown", None)
        if shown is not None:
            shown()

    def add_menu_line(self) -> None:
        """A line in the gear menu between what is there and what comes."""
        self.menu.insertSeparator(self._quit)

    def add_menu_entry(self, text: str, act: Callable[[], object], key: str = "") -> QAction:
        """One more entry of the gear menu, above Quit."""
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda: act())
        self.menu.insertAction(self._quit, action)
        return action

    def set_overall(self, text: str, token: str) -> None:
        """The state of everything: a word and its colour (a token of the palette)."""
        self._state_token = token
        self._state.setText(text)
        self._state.setAccessibleName(f"State: {text}")
        colours = theme.palette()
        ground = getattr(colours, f"{token}_chip", colours.hover)
        self._state.setStyleSheet(
            f"background: {ground}; color: {getattr(colours, token)};"
            "border-radius: 10px; padding: 2px 10px; font-size: 12px;"
        )

    @property
    def state_text(self) -> str:
        """The word for everything."""
        return self._state.text()

    def set_last(self, text: str) -> None:
        """The line at the bottom left: "12 s ago · 316140"."""
        self.navigation.set_last(text)

    @Slot()
    def bring_to_front(self) -> None:
        """Show and raise the window, whatever became of it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def let_close(self) -> None:
        """From now on closing really closes."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._recolour)

    def _recolour(self) -> None:
        self._gear.setIcon(icons.icon("gear", "text"))
        self.set_overall(self._state.text(), self._state_token)

    @Slot(str)
    def _search(self, text: str) -> None:
        page = self._stack.currentWidget()
        if page is not None and hasattr(page, "set_search"):
            page.set_search(text)
        self.search_changed.emit(text)

    @Slot()
    def end_search(self) -> None:
        """The page that is shown shows everything again, and says so itself."""
        self.search.show_text("")

    @Slot()
    def _to_found(self) -> None:
        page = self._stack.currentWidget()
        if page is not None and hasattr(page, "focus_list"):
            page.focus_list()

    def _make_gear(self) -> QToolButton:
        gear = QToolButton()
        gear.setIcon(icons.icon("gear", "text"))
        gear.setIconSize(QSize(theme.ICON, theme.ICON))
        gear.setFixedSize(theme.BUTTON, theme.BUTTON)
        gear.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        gear.setAccessibleName("Menu")
        gear.setToolTip("Menu")
        gear.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return gear

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setProperty("role", "top")
        bar.setFixedHeight(theme.TOP_BAR)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 20, 0)
        row.setSpacing(12)
        row.addWidget(self.navigation.brand())
        row.addWidget(self.search, 3)
        row.addStretch(1)
        row.addWidget(self._state)
        row.addWidget(self._gear)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.navigation)
        self._pages_column = QVBoxLayout()
        self._pages_column.setSpacing(0)
        self._pages_column.addWidget(self._stack, 1)
        below.addLayout(self._pages_column, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addLayout(below, 1)
        self.setCentralWidget(whole)
