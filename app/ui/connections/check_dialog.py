"""The test of a stored connection, step by step."""

from PySide6.QtCore import QMargins, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.ui.connections.assistant_pages import AccessPanel
from app.ui.connections.checking import CheckList
from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, lay_out
from app.ui.connections.scroll import Scroll
from app.ui.widgets import button

_SIZE = QSize(580, 560)


class CheckDialog(QDialog):
    """Asks a stored connection step by step; changes nothing there."""

    tested = Signal(int)
    go_on_asked = Signal(int)
    contract_asked = Signal(int)

    def __init__(
        self,
        desk: Desk,
        connection: ConnectionInfo,
        parent: QWidget | None,
        *,
        is_stopped: bool = False,
    ) -> None:
        super().__init__(parent)
        self._desk, self._connection, self._is_stopped = desk, connection, is_stopped
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Test {connection.name}")
        self.resize(_SIZE)
        self.checks = CheckList(desk.bridge, desk.program.wordsmith)
        self.checks.ended.connect(self._ended)
        access = AccessPanel()
        access.show_access(desk.program.setup.access(connection))
        self._again, self._close = button("Test again"), button("Close", "primary")
        self._again.clicked.connect(self.start)
        self._close.clicked.connect(self.accept)
        self._go_on = button("Let it go on")
        self._go_on.clicked.connect(self._let_go_on)
        self._go_on.hide()
        self._contract = button("Check the contract…")
        self._contract.clicked.connect(self._ask_contract)
        self._contract.hide()
        scroll = Scroll(QMargins(MARGIN, 4, MARGIN, 16))
        scroll.column.setSpacing(16)
        scroll.column.addWidget(self.checks)
        scroll.column.addWidget(access)
        scroll.column.addStretch(1)
        inside = QVBoxLayout()
        inside.addWidget(scroll)
        buttons = [self._contract, self._go_on, self._again, self._close]
        lay_out(self, f"Test {connection.name}", inside, buttons)
        self._close.setDefault(True)
        service = desk.program.connections
        desk.bridge.run_in_background(
            lambda: service.has_contract(connection), self._contract.setVisible, self._no_contract
        )
        self.start()

    @Slot()
    def start(self) -> None:
        """Test from the beginning."""
        self._again.setEnabled(False)
        self._go_on.hide()
        setup, connection = self._desk.program.setup, self._connection
        self.checks.start(lambda: setup.test(connection), f"Asking {connection.name}…")

    @Slot()
    def _let_go_on(self) -> None:
        self.go_on_asked.emit(self._connection.id)
        self.accept()

    @Slot()
    def _ask_contract(self) -> None:
        self.contract_asked.emit(self._connection.id)
        self.accept()

    @Slot(object)
    def _no_contract(self, _: Exception) -> None:
        """Its settings do not fit together: the test says so."""

    @Slot(bool)
    def _ended(self, passed: bool) -> None:
        self._again.setEnabled(True)
        self._go_on.setVisible(passed and self._is_stopped)
        self.tested.emit(self._connection.id)

    def done(self, result: int) -> None:
        self.checks.stop()
        super().done(result)
