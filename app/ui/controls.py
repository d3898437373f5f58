"""Controls that draw their own marks, in the colours of the theme."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from app.ui import icons, theme


class Dropdown(QComboBox):
    """A combo box; the wheel scrolls the page it is on and never changes the choice."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "dropdown")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        if name:  # on Linux a screen reader takes the chosen entry for the name of the box
            self.setAccessibleName(name)
            self.setAccessibleDescription(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.ICON
        arrow = icons.pixmap("chevron_down", "muted", side, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.drawPixmap(self.width() - side - 8, (self.height() - side) // 2, arrow)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Tick(QCheckBox):
    """A check box whose tick is seen on light and dark."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        tick = icons.pixmap("state_done", "surface", place.width(), self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(place.topLeft(), tick)
        painter.end()


class Radio(QRadioButton):
    """Return presses the main button of its dialog, which some desktops would take away."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
