"""One connection on the STATUS page: its lights, what stands behind the pressed one, activity."""

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.core.health import LIT, Api
from app.core.types import ConnectionInfo
from app.services.health import ConnectionHealth
from app.ui import theme
from app.ui.cards import OUTER_MARGIN
from app.ui.connections.checking import CheckList
from app.ui.connections.desk import Desk
from app.ui.connections.scroll import Scroll
from app.ui.status.activity import ActivityPanel
from app.ui.status.lights import Lights
from app.ui.status.section import MARGIN, Section
from app.ui.status.words import RANK
from app.ui.widgets import ElidedLabel, button, label

_REFRESH_WIDTH = 84


class Detail(Scroll):
    """Whatever is pressed stays so while the connection is looked at again."""

    refreshed = Signal()  # the test is through

    def __init__(self, desk: Desk) -> None:
        super().__init__(QMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0))
        self._desk = desk
        self._one: ConnectionHealth | None = None
        self._now = 0
        self._chosen: dict[int, Api] = {}  # by a person, per connection
        self._asked: ConnectionInfo | None = None
        self._name = ElidedLabel("", "heading")
        self._system = label("", "muted")
        self._chip = label("Practice", "practice_chip")
        self.refresh = button("Refresh")
        self.refresh.setMinimumWidth(_REFRESH_WIDTH)
        self.lights = Lights()
        self.section = Section()
        self.activity = ActivityPanel()
        self.checks = CheckList(desk.bridge, desk.program.wordsmith)
        self._asking = self._make_asking()
        self.refresh.clicked.connect(self.ask_now)
        self.lights.chosen.connect(self._choose)
        self.checks.ended.connect(self._ended)
        self._lay_out()

    @property
    def shown_api(self) -> Api | None:
        """Whose section is shown."""
        return self._api(self._one) if self._one else None

    def show_connection(self, one: ConnectionHealth, now_ms: int) -> None:
        """How this connection stands now."""
        before, self._one, self._now = self._one, one, now_ms
        connection = one.connection
        if before is None or before.connection.id != connection.id:
            self.verticalScrollBar().setValue(0)
            self._asking.setVisible(self._asked is not None and self._asked.id == connection.id)
        self._name.set_text(connection.name)
        self._system.setText(one.system)
        self._chip.setVisible(connection.is_practice)
        self.refresh.setAccessibleName(f"Refresh {connection.name}: ask it now")
        self._show_api()
        self.activity.show_activity(one, now_ms)

    @Slot()
    def ask_now(self) -> None:
        """Read-only calls, line by line; what they exercise gets its light of them."""
        if self._one is None or self.checks.is_running:
            return
        self._asked = connection = self._one.connection
        self._title.setText(f"Asked now: {connection.name}")
        self._asking.show()
        self.refresh.setText("Asking…")  # not switched off: the keyboard would go elsewhere
        health = self._desk.program.health
        self.checks.start(lambda: health.refresh(connection), f"Asking {connection.name}…")

    @Slot(bool)
    def _ended(self, _: bool) -> None:
        self.refresh.setText("Refresh")
        self.refreshed.emit()

    @Slot()
    def _close_asking(self) -> None:
        self._asked = None
        self._asking.hide()
        self.refresh.setFocus()

    @Slot(str)
    def _choose(self, api: str) -> None:
        if self._one is not None:
            self._chosen[self._one.connection.id] = Api(api)
            self._show_api()

    def _show_api(self) -> None:
        assert self._one is not None
        api = self._api(self._one)
        self.lights.show_lights(self._one, api)
        self.section.show_api(self._one.apis[api], self._now)

    def _api(self, one: ConnectionHealth) -> Api:
        """What a person pressed last, else the worst."""
        chosen = self._chosen.get(one.connection.id)
        if chosen is not None and chosen in one.apis:
            return chosen
        return min(
            (api for api in LIT if api in one.apis),
            key=lambda api: (RANK[one.apis[api].lamp], api is not Api.WRITE_BACK),
        )

    def _make_asking(self) -> QFrame:
        made = QFrame()
        made.setProperty("role", "panel")
        self._title = label("", "name")
        close = button("Close", "link", name="Close what was asked")
        close.clicked.connect(self._close_asking)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close)
        column = QVBoxLayout(made)
        column.setContentsMargins(MARGIN, 10, MARGIN, 14)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.checks)
        made.hide()
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._name, 1)
        head.addWidget(self._chip)
        head.addWidget(self._system)
        head.addWidget(self.refresh)
        self.column.setSpacing(12)
        self.column.addLayout(head)
        for part in (self._asking, self.lights, self.section, self.activity):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.column.setAlignment(self._asking, Qt.AlignmentFlag(0))
