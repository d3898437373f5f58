"""What stands at the foot of the page: the selection or the work, and the message above it."""

from PySide6.QtCore import QObject, Slot

from app.ui.queue.acts import QueueActs
from app.ui.queue.bulk import Run
from app.ui.queue.chosen import Chosen
from app.ui.queue.foot import SelectionBar
from app.ui.queue.layout import ManagerLayout
from app.ui.queue.showing import Showing
from app.ui.queue.toast import Toast

_SEVERAL = 2  # rows; for a single one the buttons stand on it


class AtFoot(QObject):
    """Keeps the bars in step with what is selected and what is being done."""

    def __init__(
        self, parts: ManagerLayout, showing: Showing, chosen: Chosen, acts: QueueActs, toast: Toast
    ) -> None:
        super().__init__(parts)
        self._table, self._foot = parts.table, parts.foot
        self._showing, self._selection = showing, chosen.selection
        chosen.selection.changed.connect(self._show_selection)
        acts.running.connect(self._follow)
        parts.foot.height_changed.connect(toast.lift)
        parts.foot.act_pressed.connect(chosen.act)
        parts.foot.all_pressed.connect(self._select_all)
        parts.foot.none_pressed.connect(self._select_none)

    @Slot()
    def _show_selection(self) -> None:
        selection, choice = self._selection, self._selection.choice
        is_head = choice is not None and choice.group is not None  # its own bar stands on it
        if selection.count < _SEVERAL or is_head:
            self._foot.show_selection(None)
            return

        def show(bar: SelectionBar) -> None:
            narrowed = self._showing.is_narrowed
            bar.show_choice(selection.count, choice, selection.total, is_narrowed=narrowed)

        self._foot.show_selection(show)

    @Slot(object)
    def _follow(self, run: Run | None) -> None:
        self._foot.follow(run)

    @Slot()
    def _select_all(self) -> None:
        self._table.selectAll()
        self._table.setFocus()

    @Slot()
    def _select_none(self) -> None:
        self._table.select_current()
        self._table.setFocus()
