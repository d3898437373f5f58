"""What the buttons of the ORDERS page show while Update and Export go on, and what came of them."""

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from app.ui.orders.export import Export
from app.ui.orders.layout import OrdersLayout
from app.ui.orders.update import Update


class Buttons(QObject):
    """Between the two and the parts of the page."""

    changed = Signal()  # what stands in the buttons and beside the title is to be told anew

    def __init__(self, parts: OrdersLayout, updating: Update, exporting: Export) -> None:
        super().__init__(parts)
        self._parts, self._exporting = parts, exporting
        self._tie_update(updating)
        self._tie_export(exporting)

    def _tie_update(self, updating: Update) -> None:
        self._parts.update_button.clicked.connect(updating.press)
        QShortcut(QKeySequence("F5"), self._parts, updating.press)
        updating.began.connect(self._began)
        updating.goes_on.connect(self._goes_on)
        updating.done.connect(self._updated)
        updating.failed.connect(self._not_updated)

    def _tie_export(self, exporting: Export) -> None:
        parts = self._parts
        parts.export_button.clicked.connect(self._export)
        parts.exported.press.clicked.connect(exporting.show_folder)
        exporting.running.connect(parts.foot.follow)
        exporting.running.connect(self.changed)
        exporting.done.connect(self._exported)
        exporting.stopped.connect(parts.strip.failed)
        exporting.failed.connect(parts.strip.failed)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(exporting.cancel)

    @Slot()
    def _began(self) -> None:
        self._parts.strip.clear()
        self._parts.update_button.setText("Updating…")  # enabled: it keeps the keyboard
        self._parts.header.set_note("Reading the stores…")

    @Slot(str)
    def _goes_on(self, text: str) -> None:
        if text:
            self._parts.header.set_note(text)

    @Slot(str)
    def _updated(self, text: str) -> None:
        self._over()
        self._parts.strip.done(text)

    @Slot(str)
    def _not_updated(self, text: str) -> None:
        self._over()
        self._parts.strip.failed(text)

    def _over(self) -> None:
        self._parts.update_button.setText("Update")
        self.changed.emit()

    @Slot()
    def _export(self) -> None:
        self._parts.exported.hide()
        model = self._parts.model
        self._exporting.ask(model.rows.wanted, model.rowCount())

    @Slot(str)
    def _exported(self, text: str) -> None:
        self._parts.strip.clear()
        self._parts.exported.set_text(text)
        self._parts.exported.show()
