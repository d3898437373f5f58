"""The headings of the list: a click sorts, a second one turns it round; by keyboard too."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from app.core.orders import OrderColumn
from app.ui import theme
from app.ui.orders.model import COLUMNS, OrdersModel

HEIGHT = 34
_LEFT, _RIGHT, _ARROW = 14, 13, 14


class Headings(QHeaderView):
    """Tab stops here once; Left and Right choose a heading, Enter sorts by it."""

    sort_wanted = Signal(object, bool)  # the OrderColumn; True: begin the other way round

    def __init__(self, model: OrdersModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows, self._at, self._pressed = model, 0, QPoint()
        self.setModel(model)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        model.sorted_anew.connect(self._tell)
        self._tell()

    @property
    def chosen(self) -> OrderColumn:
        """The heading of the keyboard."""
        return COLUMNS[self._at].of

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        section = self.logicalIndexAt(event.position().toPoint())
        is_same = section == self.logicalIndexAt(self._pressed)
        if section >= 0 and is_same and event.button() == Qt.MouseButton.LeftButton:
            self._at = section
            self._sort(event.modifiers())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._sort(event.modifiers())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.isSectionHidden(self._at):
            self._step(-1)
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverLeave):
            self.viewport().update()
        return super().viewportEvent(event)

    def paintSection(self, painter: QPainter, box: QRect, section: int) -> None:
        colours, column = theme.palette(), COLUMNS[section]
        sort = self._rows.wanted.sort
        is_sorted = sort.column is column.of
        under = self.viewport().mapFromGlobal(self.cursor().pos())
        is_hovered = self.viewport().underMouse() and box.contains(under)
        painter.save()
        painter.fillRect(box, QColor(colours.hover if is_hovered else colours.surface))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, QColor(colours.border))
        painter.setFont(theme.small_font())
        painter.setPen(QColor(colours.text if is_sorted or is_hovered else colours.muted))
        metrics, room = painter.fontMetrics(), box.width() - _LEFT - (_ARROW if is_sorted else 0)
        text = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, room)
        width, middle = metrics.horizontalAdvance(text), box.center().y()
        left = box.x() + (_LEFT if section == 0 else 0)
        if column.is_right:
            left = box.right() - _RIGHT - width - (_ARROW if is_sorted else 0)
        painter.drawText(left, middle + metrics.ascent() // 2 - 1, text)
        if is_sorted:
            _arrow(painter, QPointF(left + width + 9, middle + 0.5), is_down=sort.descending)
        if section == self._at and self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.drawRoundedRect(box.adjusted(1, 2, -2, -3), 4, 4)
        painter.restore()

    def _step(self, by: int) -> None:
        shown = [at for at in range(len(COLUMNS)) if not self.isSectionHidden(at)]
        before = [at for at in shown if at <= self._at]
        place = max(0, len(before) - 1) + by
        self._at = shown[min(max(0, place), len(shown) - 1)]
        self._tell()

    def _sort(self, modifiers: Qt.KeyboardModifier) -> None:
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self.sort_wanted.emit(COLUMNS[self._at].of, shift)

    def _tell(self) -> None:
        """A screen reader hears where the keyboard is."""
        role = Qt.ItemDataRole.AccessibleTextRole
        said = self._rows.headerData(self._at, Qt.Orientation.Horizontal, role)
        self.setAccessibleName(f"Heading {said}")
        self.setAccessibleDescription("Left and Right choose a heading, Enter sorts by it.")
        self.viewport().update()


def _arrow(painter: QPainter, at: QPointF, *, is_down: bool) -> None:
    """Down: the largest stands on top."""
    dy = 2.0 if is_down else -2.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(painter.pen().color(), 1.5))
    painter.drawPolyline([at + QPointF(-3.5, -dy), at + QPointF(0, dy), at + QPointF(3.5, -dy)])
