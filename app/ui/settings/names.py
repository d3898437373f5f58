"""Names of carriers that were learned: each with the carrier it means."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.carrier_book import LearnedName
from app.ui.controls import Dropdown
from app.ui.settings.means import Means
from app.ui.settings.parts import Panel, Setting
from app.ui.widgets import button, label

_ABOUT = (
    "Where a source writes a name Backhaul does not know, it asks you which carrier that is, and "
    "keeps your answer here. A change holds for rows that come from now on."
)
_NONE = "No name was learned yet."
_NAME_WIDTH = 240


class NameRow(QWidget):
    """One name: its carrier to choose, and a button that forgets it."""

    chosen = Signal(str, str)
    forget_asked = Signal(str, str)

    def __init__(self, learned: LearnedName, carriers: list[tuple[str, str]]) -> None:
        super().__init__()
        self.learned = learned
        name = label(f"“{learned.name}”", wrap=True)
        name.setFixedWidth(_NAME_WIDTH)
        self.carrier = Dropdown(f"Carrier that “{learned.name}” means")
        for code, text in carriers:
            self.carrier.addItem(text, code)
        self.carrier.setCurrentIndex(self.carrier.findData(learned.code))
        self.forget = button("Forget", name=f"Forget the name {learned.name}")
        self.carrier.activated.connect(self._chosen)
        self.forget.clicked.connect(
            lambda: self.forget_asked.emit(learned.name, self.carrier.currentData())
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(label("means", "muted"))
        row.addWidget(self.carrier)
        row.addStretch(1)
        row.addWidget(self.forget)

    @Slot(int)
    def _chosen(self, _: int) -> None:
        code = self.carrier.currentData()
        if code != self.learned.code:
            self.chosen.emit(self.learned.name, code)


class NamesPanel(Panel):
    """Rows are made when the names are others than those shown."""

    def __init__(self, means: Means) -> None:
        super().__init__("Carrier names", _ABOUT)
        self._means = means
        self._names: list[LearnedName] | None = None
        self.rows: list[NameRow] = []
        self._none = label(_NONE, "muted")
        self.list = Setting(self._none, "")
        self._undo = button("Undo", "link", name="Undo: keep the name")
        self._undo.hide()
        self.list.head.insertWidget(2, self._undo)
        self._undo.clicked.connect(self._take_back)
        self._forgotten: tuple[str, str] | None = None
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.list.below.addLayout(self._column)
        self.column.addWidget(self.list)

    def read(self) -> None:
        """The names as they are kept now."""
        self._means.bridge.run_in_background(
            self._means.program.carriers.names, self._show, self._not_read
        )

    @Slot(object)
    def _show(self, names: list[LearnedName]) -> None:
        self._none.setVisible(not names)
        if names == self._names:
            return
        self._names = names
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        carriers = self._means.program.carriers.carriers()
        self.rows = [NameRow(one, carriers) for one in names]
        for row in self.rows:
            row.chosen.connect(self._set)
            row.forget_asked.connect(self._forget)
            self._column.addWidget(row)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.list.failed(self._means.words(error))

    @Slot(str, str)
    def _set(self, name: str, code: str) -> None:
        book, actor = self._means.program.carriers, self._means.actor
        self._undo.hide()
        self._act(lambda: book.set_name(name, code, actor), f"Kept for “{name}”")

    @Slot(str, str)
    def _forget(self, name: str, code: str) -> None:
        book, actor = self._means.program.carriers, self._means.actor
        self._forgotten = (name, code)
        self._act(lambda: book.forget_name(name, actor), f"“{name}” is forgotten")
        self._undo.show()
        self._undo.setFocus()

    @Slot()
    def _take_back(self) -> None:
        if self._forgotten is not None:
            self._set(*self._forgotten)
            self._forgotten = None

    def _act(self, work: Callable[[], object], done: str) -> None:
        def through(_: object) -> None:
            self.list.done(done)
            self.read()

        self.list.busy("Saving…")
        self._means.bridge.run_in_background(work, through, self._not_done)

    @Slot(object)
    def _not_done(self, error: Exception) -> None:
        self._undo.hide()
        self._names = None  # what is shown is not what is kept
        self._not_read(error)
        self.read()
