"""From chosen rows to acts: the menu, the keys, the bars, and the forms that some acts need."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.core.types import ConnectionInfo
from app.services.program import Program
from app.services.queue_lines import Line
from app.ui.bridge import Bridge
from app.ui.queue.acts import QueueActs
from app.ui.queue.choice import Choice, of_line
from app.ui.queue.correcting import Correcting
from app.ui.queue.deeds import Act
from app.ui.queue.dialogs import ReasonForm, TextForm
from app.ui.queue.menu import make_menu
from app.ui.queue.model import QueueModel
from app.ui.queue.selection import Selection
from app.ui.queue.table import QueueTable
from app.ui.queue.told import cannot
from app.ui.queue.words import name_of

_MOST_VALUES = 200


class Chosen(QObject):
    """Acts on the rows that are selected in the table, or on those that are named."""

    details_wanted = Signal(int)

    def __init__(
        self,
        program: Program,
        bridge: Bridge,
        table: QueueTable,
        model: QueueModel,
        acts: QueueActs,
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._page, self._bridge = program.queue_page, bridge
        self._table, self._model, self._acts, self._over = table, model, acts, over
        self.selection = Selection(table, model, program.queue_page, bridge)
        self.entries: list[QAction] = []  # at the end of every menu
        self._correcting = Correcting(program, bridge, acts, over)
        acts.text_refused.connect(self._show_text)
        table.menu_wanted.connect(self._show_menu)
        table.act_wanted.connect(self._pressed)
        table.bars.group.act_pressed.connect(self.act)
        table.row_actions.copy_pressed.connect(self._copy)
        table.row_actions.remove_pressed.connect(self._remove)
        table.row_actions.restore_pressed.connect(self._restore)

    @Slot(object, object)
    def act(self, act: Act, choice: Choice) -> None:
        """Do it with those of the rows that allow it, after a form where one is needed."""
        line, ids = choice.line, choice.ids(act)
        what = choice.what if line is not None else f"{len(ids):,} rows"
        if line is not None and self._is_for_one(act, line):
            return
        match act:
            case _ if not ids:
                self._acts.say(cannot(act, choice))
            case Act.RETRY:
                self._acts.retry(ids, what)
            case Act.PARK:
                self._acts.park(ids, what)
            case Act.REMOVE:
                self._acts.remove(ids, what)
            case Act.RESTORE:
                self._acts.restore(ids, what)
            case Act.DONE:
                self._ask_reason(ids, what)

    def add_shipment(self, connections: Sequence[ConnectionInfo]) -> None:
        """The form for a shipment by hand."""
        self._correcting.add(connections)

    def _is_for_one(self, act: Act, line: Line) -> bool:
        """Acts that go for a single row; True: it was one."""
        match act:
            case Act.DETAILS:
                self.details_wanted.emit(line.id)
            case Act.COPY | Act.COPY_MORE:
                self._acts.copy(line.id, name_of(line.title), with_diagnosis=act is Act.COPY_MORE)
            case Act.EDIT:
                if of_line(line).count_for(act):
                    self._correcting.ask(line)
                else:
                    self._acts.say(cannot(act, of_line(line)))
            case _:
                return False
        return True

    @Slot(str)
    def _show_text(self, text: str) -> None:
        TextForm(self._over, text).open()

    @Slot(QPoint)
    def _show_menu(self, where: QPoint) -> None:
        def show(choice: Choice) -> None:
            menu = make_menu(self._over, choice, lambda act: self.act(act, choice))
            if not menu.isEmpty():
                menu.addSeparator()
            menu.addActions(self.entries)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(where)

        self.selection.take(show)

    @Slot(object)
    def _pressed(self, act: Act) -> None:
        """A key: copying and editing are for the row of the keyboard, all else for all chosen."""
        line = self._table.current_line()
        if act in (Act.COPY, Act.COPY_MORE, Act.EDIT):
            if line is not None:
                self._is_for_one(act, line)
            return
        self.selection.take(lambda choice: self.act(act, choice))

    @Slot(int, bool)
    def _copy(self, job_id: int, with_diagnosis: bool) -> None:
        self._acts.copy(job_id, self._name(job_id), with_diagnosis=with_diagnosis)

    @Slot(int)
    def _remove(self, job_id: int) -> None:
        self._acts.remove([job_id], self._name(job_id))

    @Slot(int)
    def _restore(self, job_id: int) -> None:
        self._acts.restore([job_id], self._name(job_id))

    def _name(self, job_id: int) -> str:
        row = self._model.row_of(job_id)
        line = None if row is None else self._model.loaded(row)
        return name_of(line.title) if line else "row"

    def _ask_reason(self, ids: list[int], what: str) -> None:
        """The values stand in the form, to be copied into the other system."""

        def close(reason: str) -> None:
            self._acts.done_by_hand(ids, reason, what)

        def ask(lines: Sequence[Line]) -> None:
            values = "\n".join(f"{line.row.job.order_ref}\t{line.tracking}" for line in lines)
            more = len(ids) - len(lines)
            ReasonForm(
                self._over, what, f"{values}\n… and {more:,} more" if more else values, close
            ).open()

        first = ids[:_MOST_VALUES]
        self._bridge.run_in_background(lambda: self._page.lines(first), ask)
