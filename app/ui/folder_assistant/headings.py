"""The heading row of the preview: each column's name, and below it what the column holds."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.services.folder_layout import ROLES
from app.ui.controls import Dropdown
from app.ui.widgets import ElidedLabel, one_stop

HEIGHT = 62
_PAD = 8
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Home: -100_000,
    Qt.Key.Key_End: 100_000,
}
_OPENING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class RoleBox(Dropdown):
    """What a column holds. Up and down open the list instead of changing the choice at once: on
    the way to another role they would take the role from other columns."""

    stepped = Signal(int)
    reached = Signal()  # the keyboard is here

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(step)
        elif event.key() in _OPENING or (event.text().isprintable() and event.text().strip()):
            self.showPopup()
        else:
            super().keyPressEvent(event)


class ColumnHead(QWidget):
    """One column."""

    role_chosen = Signal(str)

    def __init__(self, entries: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ElidedLabel("", "name")
        self.box = RoleBox()
        self.box.setModel(entries)
        self.box.setMaxVisibleItems(len(ROLES))
        # The column decides how wide it is, not its longest entry.
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.currentIndexChanged.connect(self._changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(_PAD, 6, _PAD, 6)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addWidget(self.box)
        column.addStretch(1)

    def show_column(self, name: str, role: str) -> None:
        """Another column, without telling."""
        self._name.set_text(name)
        title = f"What column “{name}” holds"
        self.box.setAccessibleName(title)
        self.box.setAccessibleDescription(title)
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(role))
        self.box.update()

    @Slot()
    def _changed(self) -> None:
        self.role_chosen.emit(str(self.box.currentData() or ""))


class Headings(QAbstractScrollArea):
    """As many as the file has columns, moved along with them. Tab stops once; the arrow keys go
    from column to column."""

    role_chosen = Signal(int, str)  # column from 0, role
    reached = Signal(int)  # the keyboard is at this column

    def __init__(self) -> None:
        super().__init__()
        self._strip = QWidget(self.viewport())
        self.heads: list[ColumnHead] = []
        self._widths: Sequence[int] = ()
        self._entries = QStandardItemModel(self)
        for role, title in ROLES:
            entry = QStandardItem(title)
            entry.setData(role, Qt.ItemDataRole.UserRole)
            self._entries.appendRow(entry)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(HEIGHT)

    def show_columns(self, names: Sequence[str], roles: Sequence[str] | None) -> None:
        """Other columns; what the keyboard is at stays where it is. No roles: none to choose."""
        while len(self.heads) < len(names):
            self._add()
        for head in self.heads[len(names) :]:
            head.hide()
        for at, (head, name) in enumerate(zip(self.heads, names, strict=False)):
            head.show_column(name, roles[at] if roles else "")
            head.box.setVisible(roles is not None)
            head.show()
        shown = self.heads[: len(names)]
        held = [one.box for one in shown if one.box.hasFocus()]
        if shown:
            self._stop_at(held[0] if held else shown[0].box)

    def _add(self) -> None:
        at = len(self.heads)
        head = ColumnHead(self._entries, self._strip)
        head.role_chosen.connect(lambda role: self.role_chosen.emit(at, role))
        head.box.stepped.connect(lambda step: self._go(at + step))
        head.box.reached.connect(lambda: self.reached.emit(at))
        self.heads.append(head)

    def place(self, widths: Sequence[int], scrolled: int) -> None:
        """Where the columns stand: their widths, and how far they are scrolled to the left."""
        if widths != self._widths:
            self._widths, left = list(widths), 0
            for head, width in zip(self.heads, widths, strict=False):
                head.setGeometry(left, 0, width, HEIGHT)
                left += width
            self._strip.resize(max(1, left), HEIGHT)
        self._strip.move(-scrolled, 0)

    def _shown(self) -> list[ColumnHead]:
        return [head for head in self.heads if not head.isHidden()]

    def _go(self, at: int) -> None:
        shown = self._shown()
        at = max(0, min(at, len(shown) - 1))
        box = shown[at].box
        self._stop_at(box)
        box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_at(self, box: RoleBox) -> None:
        one_stop([head.box for head in self.heads], box)
