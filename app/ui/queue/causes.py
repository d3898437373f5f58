"""The queue grouped by cause: one card each, with acts on exactly the rows that were counted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.services.queue_lines import CauseGroup
from app.services.wording import Phase
from app.ui import icons, theme
from app.ui.queue.acts import rows
from app.ui.queue.looks import look_of_phase
from app.ui.widgets import button, frame, label

_MOST = 100
_RETRIED = frozenset({Phase.WAITING, Phase.RETRYING, Phase.NEEDS_YOU, Phase.PARKED})


class Causes(QScrollArea):
    """Cards, what needs a person first."""

    retry_pressed = Signal(object)  # the CauseGroup
    remove_pressed = Signal(object)
    rows_pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._groups: list[CauseGroup] = []
        self._empty = label("Nothing waits, so there is nothing to group", "muted")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 60)
        self._column.setSpacing(8)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(inside)

    def show_groups(self, groups: list[CauseGroup], *, again: bool = False) -> None:
        """These and no others; nothing is touched when nothing changed."""
        if groups == self._groups and not again:
            return
        self._groups = groups
        while self._column.count() > 2:
            item = self._column.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._empty.setVisible(not groups)
        for place, group in enumerate(groups[:_MOST], 1):
            self._column.insertWidget(place, self._card(group))

    def dress(self) -> None:
        """In the colours of the theme."""
        self.show_groups(self._groups, again=True)

    def _card(self, group: CauseGroup) -> QWidget:
        card = frame("panel")
        row = QHBoxLayout(card)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(12)
        picture = QLabel()
        picture.setPixmap(icons.pixmap(*look_of_phase(group.phase)))
        picture.setFixedSize(theme.ICON, theme.ICON)
        picture.setAccessibleName(group.phase.value.replace("_", " "))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label(group.title, "name", wrap=True))
        who = f" · who must act: {group.who}" if group.phase is Phase.NEEDS_YOU else ""
        count = rows(len(group.ids))
        texts.addWidget(label(f"{group.connection} · {count} since {group.since}{who}", "small"))
        if group.hint:
            texts.addWidget(label(group.hint, "muted", wrap=True))
        row.addLayout(texts, 1)
        self._add_buttons(row, group)
        return card

    def _add_buttons(self, row: QHBoxLayout, group: CauseGroup) -> None:
        count = f"{len(group.ids):,}"
        about = f": {group.title}, {group.connection}"
        show = button("Show rows", name=f"Show {count} rows{about}")
        show.clicked.connect(lambda: self.rows_pressed.emit(group))
        row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
        if group.phase in _RETRIED and not group.is_stopped:
            retry = button(f"Retry {count}", name=f"Retry {count}{about}")
            retry.clicked.connect(lambda: self.retry_pressed.emit(group))
            row.addWidget(retry, 0, Qt.AlignmentFlag.AlignTop)
        remove = button(f"Remove {count}", "danger", name=f"Remove {count}{about}")
        remove.clicked.connect(lambda: self.remove_pressed.emit(group))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
