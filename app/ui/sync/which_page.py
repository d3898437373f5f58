"""The second page of the assistant: which orders are taken over, and from when on."""

from PySide6.QtCore import QMargins, Signal

from app.services.connection_setup import Kind
from app.ui.connections.scroll import Scroll
from app.ui.folder_assistant.options import Options
from app.ui.sync.choose_page import MARGIN
from app.ui.sync.day_choice import DayChoice
from app.ui.sync.typed import mode_title

_STARTS = (
    ("0", "Orders saved today or later", "Right when older orders are shipped already."),
    ("7", "Those of the last 7 days too", ""),
    ("30", "Those of the last 30 days too", ""),
)
_DATE_HELP = "What was last saved there before that day is not read."
_NOT_BUILT = "This version cannot do that yet."


class WhichPage(Scroll):
    """Modes with their help; those that cannot be chosen say so."""

    changed = Signal()

    def __init__(self, now_ms: int) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 20))
        self._now = now_ms
        self._kind = ""
        self._modes: Options | None = None
        self.start = DayChoice("From when on", _STARTS, now_ms, _DATE_HELP)
        self.start.changed.connect(self.changed)
        self.column.setSpacing(20)
        self.column.addWidget(self.start)
        self.column.addStretch(1)

    def show_kind(self, kind: Kind) -> None:
        """The modes of another kind of system."""
        if kind.name == self._kind:
            return
        self._kind = kind.name
        if self._modes is not None:
            self._modes.deleteLater()
            self._modes = None
        if not kind.order_modes:
            return
        answers = [
            (
                one.name,
                mode_title(one.name),
                one.help if one.is_built else f"{one.help} {_NOT_BUILT}",
            )
            for one in kind.order_modes
        ]
        self._modes = Options("Which orders are taken over", answers)
        for one in kind.order_modes:
            if not one.is_built:
                self._modes.forbid(one.name)
        self._modes.changed.connect(self.changed)
        self.column.insertWidget(0, self._modes)

    @property
    def mode(self) -> str:
        """The mode that is marked; empty: there is nothing to choose."""
        return self._modes.value if self._modes is not None else ""

    def set_mode(self, mode: str) -> None:
        """As if it had been chosen."""
        if self._modes is not None and mode:
            self._modes.choose(mode)
