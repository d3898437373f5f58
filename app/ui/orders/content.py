"""What is on the ORDERS page: the list, one order in full beside it, and what can be done."""

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu

from app.core.errors import UsageError
from app.core.orders import OrderFilter
from app.services.orders_view import OrderDetails
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.orders.acts import OrderActs
from app.ui.orders.buttons import Buttons
from app.ui.orders.export import Export
from app.ui.orders.layout import OrdersLayout
from app.ui.orders.model import OrdersModel
from app.ui.orders.reads import OrderReads, Wanted
from app.ui.orders.seen import Seen
from app.ui.orders.update import Update
from app.ui.orders.words import note, nothing_here
from app.ui.reading import Reading
from app.ui.widgets import when_dressed

_AGES_MS = 10_000


class OrdersContent(OrdersLayout):
    """Follows the feed of its page."""

    route_wanted = Signal()
    job_wanted = Signal(int)
    search_ended = Signal()  # what was searched for is not any more

    def __init__(self, desk: Desk, feed: Reading, seen: Seen | None) -> None:
        """`seen`: what was read before this page was looked at."""
        super().__init__(OrdersModel(OrderReads(desk.program.orders), desk.bridge))
        self._desk, self.feed = desk, feed
        self._seen: Seen | None = None
        self._opening = 0  # the order whose page is being read
        self.wanted = OrderFilter()
        self.acts, self.exporting = OrderActs(desk, self), Export(desk, self)
        self.updating = Update(desk, self)
        self._buttons = Buttons(self, self.updating, self.exporting)
        self._ages = QTimer(self, interval=_AGES_MS)
        self._connect()
        self.table.expect()
        self.model.show(Wanted())
        if seen is not None:
            self._show(seen)

    @property
    def is_quiet(self) -> bool:
        """True while nothing is read, nor about to be."""
        busy = self.model.is_busy or self.acts.is_busy or self._opening
        return self.feed.is_quiet and not busy

    @property
    def is_read(self) -> bool:
        """True once it is known what there is."""
        return self._seen is not None and not self.model.is_loading

    def shown(self) -> None:
        """The page came to the front."""
        self.feed.now()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.table.setFocus()

    def set_search(self, text: str) -> None:
        """Only orders that have it."""
        self.filters.text = text
        self._filter()

    def show_some(self, connection_id: int, status: str) -> None:
        """Those of one connection with that status; 0 and empty: all."""
        self.search_ended.emit()
        if self._seen is not None:
            self.filters.show_stores(self._seen.stores)
        self.filters.show_some(connection_id, status)

    def open_order(self, order_id: int) -> None:
        """Show one order in full."""
        self._opening = order_id
        view = self._desk.program.orders

        def done(details: OrderDetails) -> None:
            if self._opening == order_id:
                self._opening = 0
                self.pane.show_details(details)

        def failed(error: Exception) -> None:
            if self._opening == order_id:
                self._opening = 0
                self._not_opened(error)

        self._desk.bridge.run_in_background(lambda: view.details(order_id), done, failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self.dress_buttons)

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter)
        self.feed.seen.connect(self._show)
        self.feed.failed.connect(self._not_read)
        self.model.arrived.connect(self._arrived)
        self.model.refreshed.connect(self._arrived)
        self.model.stale.connect(self.feed.soon)
        self.model.failed.connect(self._not_read)
        self.trouble.press.clicked.connect(self._again)
        self.instead.pressed.connect(self._instead_pressed)
        table = self.table
        table.opened.connect(self.open_order)
        table.escaped.connect(self._close_pane)
        table.chosen_changed.connect(self._chosen)
        table.copy_wanted.connect(self._copy)
        table.menu_wanted.connect(self._menu)
        self.pane.closed.connect(self._close_pane)
        self.pane.job_wanted.connect(self.job_wanted)
        self.pane.set_back_wanted.connect(self.acts.set_back_one)
        self.chosen_bar.set_back_pressed.connect(self._set_back_chosen)
        self.chosen_bar.clear_pressed.connect(self._choose_none)
        self.acts.done.connect(self._acted)
        self.acts.failed.connect(self.strip.failed)
        self.acts.running.connect(self.foot.follow)
        self._ages.timeout.connect(self._tell)
        self._buttons.changed.connect(self._tell)
        self.updating.look_wanted.connect(self.feed.now)

    @Slot()
    def _filter(self) -> None:
        """Another list, from its top."""
        self.wanted = self.filters.filter(self._desk.program.clock.now_ms())
        if self.wanted != self.model.wanted.filter:
            self.table.expect()
            self.model.show(self.model.wanted._replace(filter=self.wanted))
        self.feed.now()

    @Slot(object)
    def _show(self, seen: Seen) -> None:
        self._seen = seen
        self.trouble.hide()
        self.filters.show_stores(seen.stores)
        self.filters.show_counts(seen.counts)
        self.table.leave_out(seen.idle_columns)
        self.updating.follow(seen.tasks)
        if self.filters.filter(self._desk.program.clock.now_ms()) != self.wanted:
            self._filter()  # another day has begun
        elif self.isVisible():
            self.model.refresh(*self.table.visible_rows())
            if self.pane.isVisible() and not self._opening:
                self.open_order(self.pane.order_id)
        self._arrived()

    @Slot()
    def _arrived(self) -> None:
        """Rows, or what stands in their place."""
        self._tell()
        if self.model.is_loading or self._seen is None:
            return
        count = self.model.rowCount()
        self.show_instead(is_on=not count)
        is_new = self._seen.is_new
        self.filters.setVisible(not is_new)
        for one in (self.update_button, self.export_button):
            one.setVisible(not is_new)
        if not count:
            found = nothing_here(self._seen, is_narrowed=self.filters.is_narrowed)
            self.instead.show_text(*found)
        if not self.isVisible():
            self.feed.soon()

    @Slot()
    def _tell(self) -> None:
        """What stands beside the title and in the buttons."""
        count, now = self.model.rowCount(), self._desk.program.clock.now_ms()
        if self._seen is not None and not self.updating.is_on:
            self.header.set_note(note(self._seen, now))
        self.export_button.setText(f" Export {count:,}…" if count else " Export…")
        self.export_button.setAccessibleName(f"Export {count:,} orders")
        can = bool(count) and not self.model.is_loading and not self.exporting.is_busy
        self.export_button.setEnabled(can)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        why = trouble(self._desk.program.wordsmith, error).text
        if self.model.is_loading and not self.model.rowCount():
            look = ("state_failed", "danger")
            self.instead.show_text("The orders cannot be read", why, "Try again", look)
            self.show_instead(is_on=True)
            return
        self.trouble.set_text(f"This may be out of date, it cannot be read now. {why}")
        self.trouble.show()

    @Slot()
    def _again(self) -> None:
        if self.model.is_loading:
            self.model.again()
        self.feed.now()

    @Slot()
    def _instead_pressed(self) -> None:
        if self.model.is_loading or self._seen is None:
            self._again()
        elif self._seen.is_new:
            self.route_wanted.emit()
        elif self.filters.is_narrowed:
            self.search_ended.emit()
            self.filters.show_all()
        else:
            self.updating.press()

    @Slot()
    def _chosen(self) -> None:
        ranges = self.table.chosen_ranges()
        count = sum(last - first + 1 for first, last in ranges)
        self.chosen_bar.show_count(count)
        line = self.table.current_row()
        if count == 1 and line is not None and self.pane.isVisible():
            wanted = self._opening or self.pane.order_id
            if line.id != wanted:
                self.open_order(line.id)

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, UsageError):  # else it has gone
            self.strip.failed(trouble(self._desk.program.wordsmith, error).text)
        self.pane.forget()

    @Slot()
    def _close_pane(self) -> None:
        self._opening = 0
        self.pane.forget()
        self.table.setFocus()

    @Slot()
    def _choose_none(self) -> None:
        self.table.clearSelection()
        self.table.setFocus()

    @Slot(str)
    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        count = text.count("\n") + 1
        said = f"Copied: {text}" if count == 1 else f"Copied: {count} order numbers"
        self.strip.done(said)

    @Slot()
    def _set_back_chosen(self) -> None:
        self.acts.set_back_chosen(self.model.rows.wanted, self.table.chosen_ranges())

    @Slot(QPoint)
    def _menu(self, where: QPoint) -> None:
        menu, table = QMenu(self), self.table
        count = sum(last - first + 1 for first, last in table.chosen_ranges())
        line = table.current_row()
        if count == 1 and line is not None:
            menu.addAction("Open", lambda: self.open_order(line.id))
        menu.addAction("Set to Pending…", self._set_back_chosen)
        menu.addAction("Copy order number" if count == 1 else "Copy order numbers", table.copy)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    @Slot(str)
    def _acted(self, text: str) -> None:
        self.strip.done(text)
        self.feed.now()
