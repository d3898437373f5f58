"""The sections at the left: a button each, with a count where something needs a person."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.widgets import ElidedLabel, label, one_stop, show_checked, when_dressed

_ENTRY = 32


class Navigation(QFrame):
    """Buttons for the sections, and when the last write-back succeeded."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(theme.SIDE_BAR)
        self._entries: dict[str, NavigationEntry] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._last = ElidedLabel()
        self._mark: QLabel | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 9, 16)
        whole.addLayout(self._column)
        whole.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 0, 2, 0)
        foot.setSpacing(2)
        foot.addWidget(label("Last write-back", "small"))
        foot.addWidget(self._last)
        whole.addLayout(foot)
        self.set_last("none yet")

    def add(self, key: str, title: str, icon: str) -> None:
        """One more section."""
        entry = NavigationEntry(title, icon)
        before = next(reversed(self._entries.values()), None)
        self._entries[key] = entry
        self._group.addButton(entry)
        self._column.addWidget(entry)
        if before is not None:  # the page behind it may be there already
            QWidget.setTabOrder(before, entry)
        # Not `clicked`: a screen reader toggles a section, which clicks nothing.
        entry.toggled.connect(lambda is_on: self.chosen.emit(key) if is_on else None)

    def select(self, key: str) -> None:
        """Mark the section that is shown."""
        show_checked(self._entries[key], True)
        one_stop(self._entries.values(), self._entries[key])

    def set_badge(self, key: str, count: int, meaning: str) -> None:
        """The count beside a section; 0 shows nothing."""
        if key in self._entries:
            self._entries[key].set_badge(count, meaning)

    @Slot(str)
    def set_last(self, text: str) -> None:
        """When the last write-back succeeded, and of which order."""
        self._last.set_text(text)

    def brand(self) -> QWidget:
        """The mark and the name, as wide as this bar."""
        whole = QWidget()
        whole.setFixedWidth(theme.SIDE_BAR - 12)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._mark = QLabel()
        self._mark.setFixedSize(theme.ICON, theme.ICON)
        name = label("Backhaul", "name")
        row.addWidget(self._mark)
        row.addWidget(name)
        row.addStretch(1)
        self._mark.setAccessibleName("Backhaul")
        self._paint_mark()
        return whole

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._paint_mark)

    def _paint_mark(self) -> None:
        if self._mark is not None:
            self._mark.setPixmap(icons.pixmap("mark", "accent"))


class NavigationEntry(QAbstractButton):
    """Icon, title and badge of one section."""

    def __init__(self, title: str, icon: str) -> None:
        super().__init__()
        self._title, self._icon_name, self._badge = title, icon, 0
        self.setText(title)
        self.setAccessibleName(title.title())
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(_ENTRY)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab: `one_stop`

    def set_badge(self, count: int, meaning: str) -> None:
        """How many things need a person."""
        if count == self._badge:
            return
        self._badge = count
        said = f", {count} {meaning}" if count else ""
        self.setAccessibleName(f"{self._title.title()}{said}")
        self.setToolTip(f"{count} {meaning}" if count else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.SIDE_BAR - 17, _ENTRY)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect()
        if self.isChecked() or self.underMouse():
            ground = colours.selection if self.isChecked() else colours.hover
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = box.adjusted(0, 0, -1, -1)
            painter.drawRoundedRect(inner, theme.RADIUS, theme.RADIUS)
        token = "text" if self.isChecked() else "muted"
        picture = icons.pixmap(self._icon_name, token, ratio=self.devicePixelRatioF())
        painter.drawPixmap(10, (box.height() - theme.ICON) // 2, picture)
        painter.setFont(theme.text_font())
        painter.setPen(QColor(getattr(colours, token)))
        words = box.adjusted(10 + theme.ICON + 10, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._title)
        if self._badge:
            self._paint_badge(painter, box)

    def _paint_badge(self, painter: QPainter, box: QRect) -> None:
        colours = theme.palette()
        text = str(self._badge) if self._badge < 1000 else "999+"
        painter.setFont(theme.small_font())
        width = max(20, painter.fontMetrics().horizontalAdvance(text) + 12)
        pill = QRect(box.right() - width - 5, box.center().y() - 8, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.danger_chip))
        painter.drawRoundedRect(pill, 9, 9)
        painter.setPen(QColor(colours.danger))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
