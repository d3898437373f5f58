"""Orders set back to Pending: what happens then, a comment, and whether the store gets it too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMargins, Slot
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.core.order_deeds import CommentWish
from app.core.orders import OrderStatus
from app.services.orders_view import OrderInWords, OrdersView
from app.ui.controls import Tick
from app.ui.queue.dialogs import Form
from app.ui.widgets import label

_LONGEST = 500
_SEVERAL = (
    "The next reading takes them as new. What was tried before counts no more and stays in the "
    "history."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Orders that are to be set back, what that does in words, and what their stores offer."""

    orders: Sequence[OrderInWords]
    lines: tuple[str, ...]
    can_comment: bool
    comment_hint: str

    @property
    def is_one(self) -> bool:
        return len(self.orders) == 1

    @property
    def left(self) -> int:
        """How many are being written right now and left alone."""
        return sum(one.order.status is OrderStatus.PROCESSING for one in self.orders)


def asked_of(view: OrdersView, orders: Sequence[OrderInWords]) -> Asked:
    """What is to be said before they are set back; not for the GUI thread."""
    choices = [view.set_back_choices(one.order) for one in orders]
    hints = tuple(dict.fromkeys(one.hint for one in choices))
    first = _sentence(choices[0].text) if len(orders) == 1 else _SEVERAL
    return Asked(
        orders,
        (first, *hints),
        all(one.can_comment for one in choices),
        choices[0].comment_hint,
    )


class SetBackDialog(Form):
    """For one order or several; those that are being written right now are left alone."""

    def __init__(
        self,
        parent: QWidget,
        asked: Asked,
        then: Callable[[str, CommentWish | None], object],
    ) -> None:
        """`then` gets the comment, which may be empty, and what of it the store is to get."""
        count = len(asked.orders)
        self.fitting = count - asked.left
        confirm = "Set to Pending" if asked.is_one else f"Set {orders_text(self.fitting)}"
        super().__init__(parent, "Change order status", confirm)
        self._then = then
        what = f"Order {asked.orders[0].title}" if asked.is_one else orders_text(count)
        self.form.addRow(label(f"{what}: set to Pending", "name", wrap=True))
        for line in asked.lines:
            self.form.addRow(label(line, wrap=True))
        if asked.left:
            self.form.addRow(label(_left(asked), "warning", wrap=True))
        self.comment = QPlainTextEdit()
        self.to_store = Tick("Add the comment to the order in the store")
        self.notify = Tick("Tell the customer by e-mail")
        self.visible = Tick("Show it to the customer in the shop")
        self._ask_comment(asked)
        self._confirm.setEnabled(bool(self.fitting))
        self.submitted.connect(self._submit)
        self.comment.setFocus()

    def _ask_comment(self, asked: Asked) -> None:
        self.form.addRow(label("Comment (kept in the history here)", "muted"))
        self.comment.setAccessibleName("Comment")
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(72)
        self.form.addRow(self.comment)
        if not asked.can_comment:
            return
        self.to_store.setToolTip(asked.comment_hint)
        self.to_store.toggled.connect(self._offer)
        self.form.addRow(self.to_store)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(QMargins(24, 0, 0, 0))
        column.setSpacing(8)
        column.addWidget(self.notify)
        column.addWidget(self.visible)
        self.form.addRow(inside)
        self._offer(False)

    @Slot(bool)
    def _offer(self, is_on: bool) -> None:
        """What the customer gets of it is a choice of its own."""
        for one in (self.notify, self.visible):
            one.setEnabled(is_on)

    @Slot()
    def _submit(self) -> None:
        comment = self.comment.toPlainText().strip()
        wish = None
        if self.to_store.isChecked():
            wish = CommentWish(self.notify.isChecked(), self.visible.isChecked())
        if len(comment) > _LONGEST:
            self.refuse(f"The comment is too long. Keep it under {_LONGEST} letters.")
        elif wish is not None and not comment:
            self.refuse("There is no comment for the store. Type one, or take the tick away.")
            self.comment.setFocus()
        else:
            self.accept()
            self._then(comment, wish)


def orders_text(count: int) -> str:
    """ "1 order", "12 orders"."""
    return "1 order" if count == 1 else f"{count:,} orders"


def _left(asked: Asked) -> str:
    if asked.is_one:
        return "It is being written right now, so it is left alone."
    is_one = "is" if asked.left == 1 else "are"
    return f"{orders_text(asked.left)} {is_one} being written right now and left alone."


def _sentence(text: str) -> str:
    return f"{text}."
