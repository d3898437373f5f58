"""The door for other programs on this computer: on or off, its address, its key, an example."""

import json
from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QIntValidator
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.services.local_intake import HIGHEST_PORT, LOWEST_PORT, LocalIntakeStatus
from app.ui.connections.facts import ago
from app.ui.connections.patience import Patience
from app.ui.settings.confirm import Confirm
from app.ui.settings.means import Means
from app.ui.settings.parts import CopyText, Held, Named, Panel, Switch, row
from app.ui.widgets import button, frame, label

_ABOUT = (
    "A packing or label program on this computer can hand over each parcel itself. "
    "Nothing from outside this computer is answered, and no web page."
)
_KEY = "Other programs prove with it that you let them in. It is kept in the password store."
_EXAMPLE = "Paste it into a terminal to try it. The number is made up: it enters as a shipment."
_DOTS = "•" * 24
_STAND_IN = "KEY"
_PROMPT = "The password store may ask in a window of its own."
_SAMPLE = {
    "source_key": "test-1",
    "references": ["316132"],
    "tracking": "1Z23966E0397467800",
    "carrier": "UPS",
}


class LocalPanel(Panel):
    """What the password store does is waited for aside."""

    def __init__(self, means: Means) -> None:
        super().__init__("Other programs", _ABOUT)
        self._means = means
        self._status: LocalIntakeStatus | None = None
        self._shown_key = ""
        self.switch = Switch("Take in shipments from other programs", "")
        self.switch.show_state(is_on=False, can_change=False)
        self._calls = label("", "small", wrap=True)
        self.switch.below.addWidget(self._calls)
        self.address = Named("Address", "")
        self._where = CopyText("the address")
        self.port = self._port_field()
        self.key = Named("Key", _KEY)
        self._secret = label(_DOTS, "code")
        self.reveal = button("Show", name="Show the key")
        self.copy_key = button("Copy", name="Copy the key")
        self.renew = button("New key…")
        self.example = Named("Example", _EXAMPLE)
        self._call = label("", "code", wrap=True)
        self.copy_call = button("Copy with the key", name="Copy the example with the key")
        self._waits: Switch | Named = self.switch
        self._patience = Patience(means.desk, self, _PROMPT)
        pressed = (self.reveal, self.copy_key, self.renew, self.copy_call)
        self._held = Held(self.switch.tick, self.port, *pressed)
        self._lay_out()
        self._connect()

    def read(self) -> None:
        """How it stands now."""
        if not self._held.is_on:
            self._means.bridge.run_in_background(
                self._means.program.local_intake.status, self._show, self._not_read
            )

    def _port_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName("Port")
        field.setValidator(QIntValidator(0, HIGHEST_PORT, field))
        field.setFixedWidth(90)
        return field

    def _lay_out(self) -> None:
        self.add(self.switch)
        self.more = QWidget()
        column = QVBoxLayout(self.more)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(frame("line"))
        hint = label("Port", "small")
        hint.setBuddy(self.port)
        self.address.below.insertWidget(0, self._where)
        self.address.below.insertLayout(1, row(hint, self.port))
        self.address.set_about("Another port holds when you press Enter or leave the field.")
        self.key.below.insertLayout(0, row(self._secret, self.reveal, self.copy_key, self.renew))
        self.example.below.insertWidget(0, self._call)
        self.example.head.addWidget(self.copy_call)
        for setting in (self.address, self.key, self.example):
            column.addWidget(setting)
        self.column.addWidget(self.more)
        self.more.hide()

    def _connect(self) -> None:
        self.switch.tick.toggled.connect(self._switch)
        self.port.editingFinished.connect(self._port_left)
        self.reveal.clicked.connect(self._reveal_or_hide)
        self.copy_key.clicked.connect(self._copy_key)
        self.renew.clicked.connect(self._ask_new_key)
        self.copy_call.clicked.connect(self._copy_call)
        self._patience.said.connect(self._say_slow)
        self._means.bridge.local_intake_changed.connect(self._changed)

    @Slot(object)
    def _changed(self, _: object) -> None:
        if self.isVisible():
            self.read()

    @Slot(object)
    def _show(self, status: LocalIntakeStatus) -> None:
        self._status = status
        self.switch.show_state(is_on=status.is_on)
        self.switch.set_about(status.text if status.is_on else "Off: no program is answered.")
        if status.trouble:
            self.switch.failed(f"{status.text}. {status.hint}".strip())
            self.switch.set_about("")
        elif self.switch.problem:
            self.switch.clear()
        self.more.setVisible(status.is_on)
        self._calls.setText(_calls(status, self._means.program.clock.now_ms()))
        self._calls.setVisible(bool(self._calls.text()))
        self._where.set_text(status.address)
        if not self.port.hasFocus():
            self.port.setText(str(status.port))
        self._show_call()

    def _show_call(self) -> None:
        if self._status is not None:
            self._call.setText(example(self._status.address, self._shown_key or _STAND_IN))

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.switch.failed(self._means.words(error))

    @Slot(bool)
    def _switch(self, is_on: bool) -> None:
        self._hide_key()
        local, actor = self._means.program.local_intake, self._means.actor
        self._begin(self.switch, "Switching on…" if is_on else "Switching off…")
        self._apart(self.switch, lambda: local.switch(is_on, None, actor), "On" if is_on else "Off")

    @Slot()
    def _port_left(self) -> None:
        status, text = self._status, self.port.text()
        if status is None or self._held.is_on or not text or int(text) == status.port:
            return
        port = int(text)
        if not LOWEST_PORT <= port <= HIGHEST_PORT:
            self.address.failed(f"Choose a port from {LOWEST_PORT} to {HIGHEST_PORT}.")
            return
        local, actor = self._means.program.local_intake, self._means.actor
        self._begin(self.address, "Saving…")
        self._apart(
            self.address, lambda: local.switch(status.is_on, port, actor), "Kept: change it there"
        )

    @Slot()
    def _reveal_or_hide(self) -> None:
        if self._shown_key:
            self._hide_key()
        else:
            self._with_key(self._reveal)

    def _reveal(self, key: str) -> None:
        self._shown_key = key
        self._secret.setText(key)
        self.reveal.setText("Hide")
        self.reveal.setAccessibleName("Hide the key")
        self._show_call()

    def _hide_key(self) -> None:
        self._shown_key = ""
        self._secret.setText(_DOTS)
        self.reveal.setText("Show")
        self.reveal.setAccessibleName("Show the key")
        self._show_call()

    @Slot()
    def _copy_key(self) -> None:
        self._with_key(lambda key: self._copy(self.key, key, "Copied"))

    @Slot()
    def _copy_call(self) -> None:
        address = self._status.address if self._status is not None else ""
        self._with_key(
            lambda key: self._copy(self.example, example(address, key), "Copied, with the key")
        )

    def _copy(self, setting: Named, text: str, done: str) -> None:
        QGuiApplication.clipboard().setText(text)
        setting.done(done)

    def _with_key(self, then: Callable[[str], object]) -> None:
        """Ask the password store, which may ask a person."""

        def done(key: str) -> None:
            self._end()
            self.key.clear()
            then(key)

        self._begin(self.key, "Asking the password store…")
        self._means.bridge.run_apart(self._means.program.local_intake.key, done, self._no_key)

    @Slot(object)
    def _no_key(self, error: Exception) -> None:
        self._end()
        self.key.failed(self._means.words(error))

    @Slot()
    def _ask_new_key(self) -> None:
        lines = (
            "The old one is refused from then on.",
            "Programs that send it are turned away until each of them has the new one.",
        )
        dialog = Confirm(
            "Make a new key?", lines, "Keep the old key", "Make a new key", self.window()
        )
        dialog.accepted.connect(self._make_key)
        dialog.show()

    @Slot()
    def _make_key(self) -> None:
        self._hide_key()
        local, actor = self._means.program.local_intake, self._means.actor
        self._begin(self.key, "Making a new key…")
        self._apart(
            self.key, lambda: local.new_key(actor), "A new key holds; the old one is refused"
        )

    def _apart(self, setting: Switch | Named, work: Callable[[], object], done_text: str) -> None:
        def done(_: object) -> None:
            self._end()
            setting.done(done_text)
            self.read()

        def failed(error: Exception) -> None:
            self._end()
            setting.failed(self._means.words(error))
            if self._status is not None:
                self.switch.show_state(is_on=self._status.is_on)

        self._means.bridge.run_apart(work, done, failed)

    def _begin(self, setting: Switch | Named, text: str) -> None:
        self._waits = setting
        self._held.hold()
        setting.busy(text)
        self._patience.begin()

    def _end(self) -> None:
        self._patience.end()
        self._held.release()
        self._held.give_back()

    @Slot(str)
    def _say_slow(self, text: str) -> None:
        if text:
            self._waits.busy(text)


def example(address: str, key: str) -> str:
    """A call that hands over one parcel, for a terminal."""
    content = json.dumps(_SAMPLE)
    return (
        f"curl {address} -H 'Authorization: Bearer {key}' "
        f"-H 'Content-Type: application/json' -d '{content}'"
    )


def _calls(status: LocalIntakeStatus, now_ms: int) -> str:
    if not status.is_on or not (status.accepted or status.refused):
        return ""
    one = "1 record" if status.accepted == 1 else f"{status.accepted:,} records"
    last = f", the last call {ago(status.last_at, now_ms)}" if status.last_at else ""
    turned = "1 call was" if status.refused == 1 else f"{status.refused:,} calls were"
    away = f" {turned} turned away." if status.refused else ""
    return f"Taken in so far: {one}{last}.{away}"
