"""The three lights of a connection beside each other; one is pressed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QWidget

from app.core.health import LIT, Api
from app.services.health import ABSENT, TITLES, ConnectionHealth
from app.ui.status.painted import LIGHT_HEIGHT, LampButton
from app.ui.widgets import frame, label, one_stop, show_checked


class Lights(QWidget):
    """A button where the connection has the API, a sentence where it has none."""

    chosen = Signal(str)  # Api

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.buttons: dict[Api, LampButton] = {}
        self._absent: dict[Api, QWidget] = {}
        self._group = QButtonGroup(self)
        for api in LIT:
            button = LampButton(TITLES[api], LIGHT_HEIGHT, is_panel=True)
            button.toggled.connect(
                lambda is_on, api=api: self.chosen.emit(api.value) if is_on else None
            )
            self.buttons[api], self._absent[api] = button, _nothing(api)
            self._group.addButton(button)
            row.addWidget(button, 1)
            row.addWidget(self._absent[api], 1)

    def show_lights(self, one: ConnectionHealth, chosen: Api) -> None:
        """Those of this connection; `chosen` is pressed."""
        for api, button in self.buttons.items():
            found = one.apis.get(api)
            button.setVisible(found is not None)
            self._absent[api].setVisible(found is None)
            if found is not None:
                button.show_state(TITLES[api], found.lamp, found.word, found.text)
        show_checked(self.buttons[chosen], True)
        one_stop(self.buttons.values(), self.buttons[chosen])


def _nothing(api: Api) -> QWidget:
    """What stands where there is no light."""
    made = frame("line_box")
    made.setFixedHeight(LIGHT_HEIGHT)
    row = QHBoxLayout(made)
    row.setContentsMargins(12, 4, 8, 4)
    text: QLabel = label(ABSENT[api], "small", wrap=True)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    return made
