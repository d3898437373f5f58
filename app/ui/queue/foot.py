"""The foot of the list: how many rows are selected and what to do with them, or what is done."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.queue.bulk import Run
from app.ui.queue.choice import Choice
from app.ui.queue.deeds import BULK, Act, button_text
from app.ui.queue.words import rows
from app.ui.widgets import button, label

HEIGHT = 44
GAP = 8
"""Pixels above it."""
_LEFT, _RIGHT, _GAP = 14, 12, 8
_LOOK_MS = 100
_FIRST, _THEN = (Act.RESTORE, Act.RETRY, Act.REMOVE), (Act.PARK, Act.DONE)


class SelectionBar(QWidget):
    """ "12 rows selected", with the acts and for how many rows each goes."""

    act_pressed = Signal(object, object)  # the Act, the Choice that was shown
    all_pressed = Signal()
    none_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice | None = None
        self._fitting: dict[Act, int] = {}
        self._may_be_more = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text = label("", "name")
        self._all = button("", "link")
        self._all.clicked.connect(self.all_pressed)
        self._none = button("Clear", "link", name="Clear the selection")
        self._none.clicked.connect(self.none_pressed)
        self._buttons = {act: self._button(act) for act in BULK}
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, 0, _RIGHT, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._text)
        row.addWidget(self._all)
        row.addWidget(self._none)
        row.addStretch(1)
        for one in self._buttons.values():
            row.addWidget(one)

    def show_choice(
        self, count: int, choice: Choice | None, total: int, *, is_narrowed: bool
    ) -> None:
        """`choice` None: still being counted what can be done with them."""
        self._choice = choice
        self._fitting = {act: choice.count_for(act) if choice else 0 for act in BULK}
        self._text.setText(f"{rows(count)} selected")
        match = " that match" if is_narrowed else ""
        self._all.setText(f"Select all {total:,}{match}")
        self._may_be_more = total > count
        for act, one in self._buttons.items():
            one.setEnabled(choice is not None)
            if choice is not None:
                one.setText(button_text(act, self._fitting[act]))
                one.setAccessibleName(f"{act.value.rstrip('…')} {rows(self._fitting[act])}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window only what goes first; the rest is in the menu and has its key."""
        wanted: list[QWidget] = [self._text]
        wanted += [self._buttons[act] for act in _FIRST if self._shows(act)]
        wanted += [self._all] if self._may_be_more else []
        wanted += [self._buttons[act] for act in _THEN if self._shows(act)]
        wanted.append(self._none)
        room = self.width() - _LEFT - _RIGHT
        for one in (self._text, self._all, self._none, *self._buttons.values()):
            if one not in wanted:
                one.hide()
        for one in wanted:
            room -= one.sizeHint().width() + _GAP
            one.setVisible(room >= -_GAP or one is self._text)

    def _shows(self, act: Act) -> bool:
        """While it is counted, those that were there before."""
        if self._choice is None:
            return not self._buttons[act].isHidden()
        return bool(self._fitting[act])

    def _button(self, act: Act) -> QPushButton:
        made = button(act.value, "danger" if act is Act.REMOVE else "")
        made.clicked.connect(lambda: self._pressed(act))
        return made

    def _pressed(self, act: Act) -> None:
        if self._choice is not None:
            self.act_pressed.emit(act, self._choice)


class WorkBar(QWidget):
    """How far an act on many rows is, with Cancel."""

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._text = label("", "name")
        self._pace = label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self._pace)
        row.addWidget(self._cancel)
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self._look)

    def follow(self, run: Run | None) -> None:
        """Show that; None: it is over."""
        self._run = run
        if run is None:
            self._looks.stop()
            return
        self._bar.setMaximum(run.total)
        self._bar.setAccessibleName(run.doing)
        self._cancel.setAccessibleName(f"Cancel {run.doing.lower()}")
        self._cancel.setEnabled(True)
        self._looks.start()
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._run is not None:
            self._bar.setValue(self._run.through)
            self._text.setText(self._run.text())
            self._pace.setText(self._run.pace())

    @Slot()
    def _stop(self) -> None:
        if self._run is not None:
            self._run.cancel()
            self._cancel.setEnabled(False)
            self._look()


class Foot(QFrame):
    """One of the two, or nothing; it takes its room from below, so that no row moves."""

    height_changed = Signal(int)  # pixels that stand below the list
    act_pressed = Signal(object, object)  # as those of SelectionBar
    all_pressed = Signal()
    none_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedHeight(HEIGHT)
        self._run: Run | None = None
        self._is_chosen = False
        self._bars: list[QWidget] = []
        self.hide()  # said once, or its parent shows it along with itself

    @cached_property
    def selection(self) -> SelectionBar:
        """Made when something is selected for the first time."""
        made = SelectionBar()
        made.act_pressed.connect(self.act_pressed)
        made.all_pressed.connect(self.all_pressed)
        made.none_pressed.connect(self.none_pressed)
        self._add(made)
        return made

    @cached_property
    def work(self) -> WorkBar:
        """Made when something takes long for the first time."""
        made = WorkBar()
        self._add(made)
        return made

    def show_selection(self, show: Callable[[SelectionBar], object] | None) -> None:
        """Fill the bar with `show`; None: nothing is selected."""
        if show is not None:
            show(self.selection)
        self._is_chosen = show is not None
        self._show()

    def follow(self, run: Run | None) -> None:
        """What is being done stands in place of what is selected."""
        self._run = run
        self.work.follow(run)
        self._show()

    def _add(self, bar: QWidget) -> None:
        column = self.layout()
        if column is None:
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
        bar.hide()
        column.addWidget(bar)
        self._bars.append(bar)

    def _show(self) -> None:
        wanted: QWidget | None = None
        if self._run is not None:
            wanted = self.work
        elif self._is_chosen:
            wanted = self.selection
        for bar in self._bars:
            bar.setVisible(bar is wanted)
        shows = wanted is not None
        if shows is self.isHidden():
            self.setVisible(shows)
            self.height_changed.emit(HEIGHT + GAP if shows else 0)
