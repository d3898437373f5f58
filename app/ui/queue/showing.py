"""Which list is shown: a chip, the bin, what was searched for; as it comes, or by cause."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from app.services.program import Program
from app.services.queue_page import RowFilter, Slice
from app.ui.bridge import Bridge
from app.ui.queue.layout import ManagerLayout
from app.ui.widgets import show_checked

_ENDED = (Slice.DONE, Slice.BIN)


class Showing(QObject):
    """Keeps chips, bin and grouping in step with what the model reads."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parts: ManagerLayout, program: Program, bridge: Bridge) -> None:
        super().__init__(parts)
        self._parts, self._bridge = parts, bridge
        self._page, self._origins = program.queue_page, program.origins
        self.slice: Slice | None = Slice.ALL  # None: rows that were searched or asked for
        self.searched = ""
        self.known: tuple[str, ...] = ()  # what is known of a number without a row
        self._wanted = RowFilter()
        self._is_grouped = False
        self.group_action = self._action("Group by cause", "Ctrl+G", self.group)
        self.group_action.setCheckable(True)
        self.fold_action = self._action("Fold all groups", "Ctrl+Left", lambda: self._fold(True))
        self.unfold_action = self._action(
            "Unfold all groups", "Ctrl+Right", lambda: self._fold(False)
        )
        parts.chips.chosen.connect(self.show_slice)
        parts.bin_button.toggled.connect(self._toggle_bin)
        parts.group_button.toggled.connect(self.group)
        self._tell_grouping()

    @property
    def is_narrowed(self) -> bool:
        """True when a chip, a search or a connection leaves rows out."""
        return self.slice is not Slice.ALL

    @Slot(object)
    def show_slice(self, wanted: Slice) -> None:
        """The rows of a chip, or the bin."""
        self.show(self._page.filter(wanted), wanted)

    def show(self, wanted: RowFilter, of_slice: Slice | None) -> None:
        """Those rows; `of_slice`: the chip they belong to."""
        self.slice, self._wanted = of_slice, wanted
        parts = self._parts
        parts.chips.select(of_slice if of_slice is not Slice.BIN else None)
        show_checked(parts.bin_button, of_slice is Slice.BIN)
        self._tell_grouping()
        parts.table.expect()
        self.read_again()
        self.changed.emit()

    def read_again(self) -> None:
        """The same list from its top."""
        grouped = self._is_grouped and self.slice not in _ENDED
        self._parts.model.show(self._wanted, grouped=grouped)

    def search(self, text: str) -> None:
        """Rows that have that number, ended ones included; empty: the list as before."""
        self.searched = text
        if not text:
            self.show_slice(Slice.ALL)
            return

        def look() -> tuple[RowFilter, tuple[str, ...]]:
            wanted = self._page.search(text)
            return wanted, () if wanted.ids else self._origins.known(text)

        def found(looked: tuple[RowFilter, tuple[str, ...]]) -> None:
            if text == self.searched:
                wanted, self.known = looked
                self.show(wanted, None)

        self._parts.table.expect()
        self._bridge.run_in_background(look, found, self.failed.emit)

    @Slot(bool)
    def group(self, on: bool) -> None:
        """By cause, or as the rows come; in lists of what has ended there are no causes."""
        self._is_grouped = on
        self.show(self._wanted, self.slice)

    def toggle_groups(self) -> None:
        """The other way round, for a menu."""
        if self.group_action.isEnabled():
            self.group(not self._is_grouped)

    def _fold(self, folded: bool) -> None:
        self._parts.table.fold_all(folded=folded)

    @Slot(bool)
    def _toggle_bin(self, on: bool) -> None:
        self.show_slice(Slice.BIN if on else Slice.ALL)

    def _tell_grouping(self) -> None:
        can = self.slice not in _ENDED
        for one in (self._parts.group_button, self.group_action):
            one.setEnabled(can)
        show_checked(self._parts.group_button, self._is_grouped and can)
        self.group_action.setChecked(self._is_grouped and can)
        for action in (self.fold_action, self.unfold_action):
            action.setVisible(self._is_grouped and can)

    def _action(self, text: str, key: str, act: Callable[..., object]) -> QAction:
        made = QAction(text, self._parts, shortcut=QKeySequence(key))
        made.setShortcutVisibleInContextMenu(True)
        made.triggered.connect(act)
        self._parts.addAction(made)
        return made
