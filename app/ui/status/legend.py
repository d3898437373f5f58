"""What the shapes of the lamps mean."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.health import Lamp
from app.ui.connections.marks import LampMark
from app.ui.status.words import LAMP_WORDS
from app.ui.widgets import label

_SHOWN = (Lamp.GREEN, Lamp.YELLOW, Lamp.RED, Lamp.NONE)


class Legend(QWidget):
    """Four shapes with their words."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for lamp in _SHOWN:
            mark = LampMark()
            mark.set_lamp(lamp)
            row.addWidget(mark)
            row.addWidget(label(LAMP_WORDS[lamp], "small"))
            row.addSpacing(6)
