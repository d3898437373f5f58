"""The third page of the assistant: how often, of which store views, with addresses or not."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.orders import StoreView
from app.services.routes import INTERVAL_S
from app.ui.connections.scroll import Scroll
from app.ui.controls import Tick
from app.ui.fields import ChoiceField, TextField
from app.ui.sync.choose_page import MARGIN
from app.ui.sync.typed import EVERY_S, stores_of, stores_text
from app.ui.times import span
from app.ui.widgets import button, label

_INDENT = 21
_ADDRESS = (
    "Name, company, street, town and phone number of whoever gets the parcel are stored on this "
    "computer: personal data. Only needed where another system is to be given them. E-mail "
    "addresses are never read."
)
_STORES = "Orders of other store views are listed as skipped."


class HowPage(Scroll):
    """Store views are shown with ticks once the source has told them, else typed."""

    changed = Signal()
    views_asked = Signal()

    def __init__(self) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 20))
        self.views: tuple[StoreView, ...] = ()
        self._ticks: dict[str, Tick] = {}
        self.every = ChoiceField("How often", ["New and changed orders come this soon."])
        self._every_s = list(EVERY_S)
        self.every.box.addItems([f"Every {span(one)}" for one in EVERY_S])
        self.set_interval(INTERVAL_S)
        self.stores = TextField(
            "Store views",
            "",
            ["Their numbers, with commas between. Empty: all of them.", _STORES],
            lambda text: "",
        )
        self.stores.set_hint("All")
        self._note = label("Asking the store for its store views…", "muted", wrap=True)
        self._again = button("Ask again", "inline")
        self._again.clicked.connect(self.views_asked)
        self._again.hide()
        self._list = QWidget()
        self._list.hide()
        self.address = Tick("Read delivery addresses too")
        self.address.setAccessibleDescription(_ADDRESS)
        self._lay_out()
        self.every.changed.connect(self.changed)
        self.stores.changed.connect(self.changed)
        self.address.toggled.connect(self.changed)

    @property
    def interval_s(self) -> int:
        """Seconds between two readings."""
        return self._every_s[max(0, self.every.box.currentIndex())]

    def set_interval(self, seconds: int) -> None:
        """As if it had been chosen; one that is not offered is added."""
        if seconds not in self._every_s:
            self._every_s.append(seconds)
            self.every.box.addItem(f"Every {span(seconds)}")
        self.every.box.setCurrentIndex(self._every_s.index(seconds))

    @property
    def chosen(self) -> frozenset[str]:
        """The store views to read; empty: all."""
        if not self._ticks:
            return stores_of(self.stores.text())
        ticked = frozenset(ref for ref, tick in self._ticks.items() if tick.isChecked())
        return frozenset() if len(ticked) == len(self._ticks) else ticked

    @property
    def problem(self) -> str:
        """What is wrong; empty: nothing."""
        if self._ticks and not any(tick.isChecked() for tick in self._ticks.values()):
            return "Choose at least one store view."
        return ""

    def set_stores(self, stores: frozenset[str]) -> None:
        """As if they had been chosen."""
        self.stores.set_text(", ".join(sorted(stores)))
        for ref, tick in self._ticks.items():
            tick.setChecked(not stores or ref in stores)

    def show_asking(self) -> None:
        """The source is asked which there are."""
        self._note.setText("Asking the store for its store views…")
        self._note.show()
        self._again.hide()

    def show_views(self, views: Sequence[StoreView]) -> None:
        """What the source has; with none it is not divided, or does not tell."""
        chosen = self.chosen
        self.views = tuple(views)
        self._again.hide()
        if len(views) == 1 and chosen <= {views[0].ref}:
            self._note.setText(f"The store has one store view, {views[0].name}: all is read.")
            self.stores.hide()
            return
        self._note.hide()
        if not views:
            return
        self.stores.hide()
        known = [*views, *(StoreView(one, one) for one in sorted(chosen - _refs(views)))]
        self._fill_list(known, chosen)

    def show_no_views(self, why: str) -> None:
        """They could not be asked for: they are typed."""
        self._note.setText(f"The store views cannot be read now. {why}")
        self._again.show()

    def _fill_list(self, views: Sequence[StoreView], chosen: frozenset[str]) -> None:
        column = self._list.layout()
        assert isinstance(column, QVBoxLayout)
        for one in views:
            if one.ref in self._ticks:
                continue
            tick = self._ticks[one.ref] = Tick(stores_text(frozenset({one.ref}), views))
            tick.setChecked(not chosen or one.ref in chosen)
            tick.toggled.connect(self.changed)
            column.addWidget(tick)
        self._list.show()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(label("Store views", "name"))
        inside.addWidget(label(_STORES, "small", wrap=True))
        stores = QVBoxLayout()
        stores.setSpacing(6)
        stores.addWidget(self.stores)
        stores.addWidget(self._list)
        stores.addWidget(self._note)
        stores.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        address = QVBoxLayout()
        address.setSpacing(4)
        address.addWidget(label("Delivery addresses", "name"))
        address.addWidget(self.address)
        help_line = label(_ADDRESS, "small", wrap=True)
        help_line.setContentsMargins(_INDENT, 0, 0, 0)
        address.addWidget(help_line)
        self.column.setSpacing(20)
        self.column.addWidget(self.every)
        self.column.addLayout(stores)
        self.column.addLayout(address)
        self.column.addStretch(1)

    @Slot()
    def focus_first(self) -> None:
        """The keyboard at the first field."""
        self.every.setFocus()


def _refs(views: Sequence[StoreView]) -> frozenset[str]:
    return frozenset(one.ref for one in views)
