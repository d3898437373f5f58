"""Where parcels are followed: a link per carrier, ours or the shop's own."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit

from app.core.carriers import LINK_PLACE
from app.core.errors import UsageError
from app.services.carrier_book import LinkRow
from app.ui.settings.means import Means
from app.ui.settings.parts import Note, Panel
from app.ui.widgets import button, label, set_property

_ABOUT = (
    "“Follow at …” in the details of a row opens this page of the carrier. {place} stands for the "
    "tracking number. What you type here holds when you press Enter or leave the field."
)
_EMPTY, _EMPTY_OURS = "No link known yet", "Left empty, ours is used"
_HELP = f"{LINK_PLACE} stands for the tracking number."


class LinkEditor(QLineEdit):
    """The link of one carrier; Escape takes back what was typed."""

    entered = Signal(str, str)

    def __init__(self, row: LinkRow) -> None:
        super().__init__()
        self.row = row
        self.setPlaceholderText(_EMPTY_OURS if row.ours else _EMPTY)
        self.setAccessibleName(f"Tracking link of {row.carrier}")
        self.setMaxLength(500)
        self.problem = label("", "danger", wrap=True)
        self.problem.hide()
        self.note = Note()
        self.ours = button("Use ours", "link", name=f"Use Backhaul's own link for {row.carrier}")
        self.ours.clicked.connect(lambda: self.entered.emit(self.row.code, ""))
        self.editingFinished.connect(self._left)
        self.textEdited.connect(self._edited)
        self.show_row(row)

    def show_row(self, row: LinkRow) -> None:
        """What is kept now."""
        self.row = row
        if self.text() != row.link:
            self.setText(row.link)
            self.setCursorPosition(0)
        self.ours.setText("Use ours" if row.ours else "Remove")
        self.ours.setVisible(row.is_own)
        self.show_problem("")

    def show_problem(self, text: str) -> None:
        """A sentence below the field; empty hides it."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.setAccessibleDescription(text or _HELP)
        set_property(self, "bad", "true" if text else "false")

    @Slot()
    def _edited(self) -> None:
        self.show_problem("")

    @Slot()
    def _left(self) -> None:
        if self.text().strip() != self.row.link:
            self.entered.emit(self.row.code, self.text())


class LinksPanel(Panel):
    """Every carrier has a line."""

    def __init__(self, means: Means) -> None:
        super().__init__("Tracking links", _ABOUT.format(place=LINK_PLACE))
        self._means = means
        self.editors: dict[str, LinkEditor] = {}
        self._trouble = label("", "danger", wrap=True)
        self._trouble.hide()
        self.column.addWidget(self._trouble)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.column.addLayout(self._grid)

    def read(self) -> None:
        """The links as they are kept now."""
        self._means.bridge.run_in_background(
            self._means.program.carriers.link_rows, self._show, self._not_read
        )

    @Slot(object)
    def _show(self, rows: list[LinkRow]) -> None:
        self._trouble.hide()
        for row in rows:
            editor = self.editors.get(row.code)
            if editor is None:
                self._add(row)
            elif not editor.hasFocus() and not editor.problem.text():
                editor.show_row(row)  # what is being typed stays

    def _add(self, row: LinkRow) -> None:
        editor = self.editors[row.code] = LinkEditor(row)
        editor.entered.connect(self._set)
        line = 2 * self._grid.rowCount()
        name = label(row.carrier)
        name.setBuddy(editor)
        self._grid.addWidget(name, line, 0)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(editor, 1)
        beside.addWidget(editor.note)
        beside.addWidget(editor.ours)
        self._grid.addLayout(beside, line, 1)
        self._grid.addWidget(editor.problem, line + 1, 1)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self._trouble.setText(self._means.words(error))
        self._trouble.show()

    @Slot(str, str)
    def _set(self, code: str, text: str) -> None:
        book, actor = self._means.program.carriers, self._means.actor
        editor = self.editors[code]

        def work() -> LinkRow:
            book.set_link(code, text, actor)
            return next(row for row in book.link_rows() if row.code == code)

        def done(row: LinkRow) -> None:
            editor.show_row(row)
            editor.note.done("Kept")

        def failed(error: Exception) -> None:
            editor.note.clear()
            kept = "" if isinstance(error, UsageError) else " The link is as it was."
            editor.show_problem(self._means.words(error) + kept)

        editor.note.busy("Saving…")
        self._means.bridge.run_in_background(work, done, failed)
