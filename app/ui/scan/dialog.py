"""The scanner station: invoice, label, Enter, ready for the next, without a mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.services.program import Program
from app.ui import icons, theme
from app.ui.scan.choices import Choices
from app.ui.scan.field import ScanField, ToField
from app.ui.scan.leaving import CLOSING, Leaving
from app.ui.scan.pairing import Pairing, Sign, Step
from app.ui.scan.rows import ScanList, words_of
from app.ui.scan.scans import Place, Scan
from app.ui.scan.sign import SignBox
from app.ui.scan.sounds import Sounds
from app.ui.scan.station import Kept
from app.ui.scan.storing import Storing
from app.ui.widgets import button, frame, label, when_dressed

_SIZE = (760, 680)
_LEAST_HEIGHT = 480
_KEYS = "Enter ends a scan · Escape starts over · Ctrl+Z takes the last one back"


class ScanDialog(QDialog):
    """Beside the window, as long as somebody scans; it remembers what was chosen in `kept`."""

    def __init__(
        self,
        parent: QWidget,
        program: Program,
        storing: Storing,
        connections: Sequence[ConnectionInfo],
        kept: Kept,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Scan shipments")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.resize(*_SIZE)
        self._program, self._storing, self._kept = program, storing, kept
        self.leaving = Leaving(storing, self)
        self.pairing = Pairing(program.wordsmith.say)
        self.sounds = Sounds(self)
        self._shown: Scan | None = None  # the sign is about this one
        self._make_parts(connections)
        self._lay_out()
        self._connect()
        self._take_choices()
        self._to_next()
        self._changed()
        hint = "Then the label on its parcel, and so on. No mouse is needed."
        self.sign.show_sign(Sign.READY, f"Ready for the first {self.pairing.noun}", hint)
        self.field.setFocus()

    def _make_parts(self, connections: Sequence[ConnectionInfo]) -> None:
        self.choices = Choices(connections, self._kept)
        self.connection, self.carrier = self.choices.connection, self.choices.carrier
        self.sound = self.choices.sound
        self.undo = button("Take last back", icon="undo")
        self.undo.setToolTip("Take the last scan back (Ctrl+Z)")
        self.prompt = label("", "title")
        self.field = ScanField()
        self.field.setFont(theme.fixed_font(theme.TITLE_PX + 2))
        self.sign = SignBox()
        self.list = ScanList()
        self.counts = label("", "muted")
        self._to_field = ToField(self, self.field)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("Last scans", "name"))
        head.addWidget(self.counts)
        head.addStretch(1)
        head.addWidget(self.undo)
        panel = frame("panel")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(self.choices)
        whole.addWidget(self.prompt)
        whole.addWidget(self.field)
        whole.addWidget(label(_KEYS, "small"))
        whole.addWidget(self.sign)
        whole.addLayout(head)
        whole.addWidget(panel, 1)
        for before, after in (
            (self.field, self.undo),
            (self.undo, self.connection),
            (self.connection, self.carrier),
            (self.carrier, self.sound),
        ):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        self.field.scanned.connect(self._scanned)
        self.field.undo_asked.connect(self._take_back)
        self.field.escaped.connect(self._start_over)
        self.undo.clicked.connect(self._take_back)
        self.choices.chosen.connect(self._connection_chosen)
        self.choices.changed.connect(self._take_choices)
        for one in (self.connection, self.carrier, self.sound, self.undo, self):
            self._to_field.watch(one)
        self._storing.changed.connect(self._changed)
        self._storing.stored.connect(self._stored)
        self._storing.told.connect(self._told)
        self._storing.failed.connect(self._needs_person)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self.undo.setIcon(icons.icon("undo", "text"))

    def reject(self) -> None:
        """Closed in any way: neither an invoice without a label nor scans that cannot be stored
        are forgotten silently."""
        self._note_left(self.pairing.start_over())
        if any(scan.trouble for scan in self._storing.unstored):
            self.leaving.begin(CLOSING, self._close, self.field.setFocus)
        else:
            self._close()

    def _close(self) -> None:
        super().reject()

    def show_connections(self, connections: Sequence[ConnectionInfo]) -> None:
        """Those there are now; where the chosen one is gone, another is to be chosen."""
        gone = self.choices.show_connections(connections)
        if gone:
            self._told(f"{gone} was removed. Choose where the numbers go from now on")

    # --- scans

    @Slot(str)
    def _scanned(self, text: str) -> None:
        chosen = self.choices.target
        if chosen is None:
            self._answer(Step(Sign.WRONG, "Choose where the numbers go first", "It is asked once."))
            self.connection.setFocus()
            return
        step = self.pairing.take(text, self._program.clock.monotonic())
        if step.left:
            self._note_left(step.left)
        if step.pair is not None:
            self._shown = self._storing.put(step.pair, chosen.id, chosen.name)
            self.sign.show_sign(Sign.READY, f"Storing {step.pair.order}", step.pair.number)
        elif step.sign is not Sign.READY:
            self._answer(step)
        elif self.pairing.order and not self.pairing.is_asking:
            self._shown = None
            self.sign.show_sign(Sign.READY, f"{self._noun} {self.pairing.order}", "")
        self._to_next()

    def _answer(self, step: Step) -> None:
        self._shown = None
        self.sign.show_sign(step.sign, step.title, step.hint)
        self.sounds.play(step.sign)

    def _to_next(self) -> None:
        """Say what is to be scanned now."""
        order, noun = self.pairing.order, self.pairing.noun
        text = f"Scan the label of {noun} {order}" if order else f"Scan the {noun}"
        if self.prompt.text() != text:
            self.prompt.setText(text)
            self.field.setAccessibleName(text)
            hint = "Tracking number on the label" if order else f"{self._noun} number"
            self.field.setPlaceholderText(hint)

    @property
    def _noun(self) -> str:
        return self.pairing.noun.capitalize()

    @Slot()
    def _start_over(self) -> None:
        """Escape: forget the invoice; with nothing to forget, close."""
        left = self.pairing.start_over()
        if not left:
            self.close()
            return
        self.sign.show_sign(
            Sign.READY, f"{left} was put aside", f"Scan the next {self.pairing.noun}."
        )
        self._to_next()

    def _note_left(self, order: str) -> None:
        if order:
            self._storing.note_left(order)

    @Slot()
    def _take_back(self) -> None:
        scan = self._storing.take_back()
        if scan is None:
            self._told("There is nothing to take back")
        else:
            self.pairing.forget(scan.pair)
        self.field.setFocus()

    # --- what became of them

    @Slot(object)
    def _stored(self, scan: Scan) -> None:
        """The sign of a later scan stays; a refusal is heard in any case."""
        sign = {Place.ENTERED: Sign.ENTERED, Place.KNOWN: Sign.ASK}.get(scan.place, Sign.WRONG)
        if self._shown is not scan and sign is not Sign.WRONG:
            return
        if sign is not Sign.WRONG or not self.pairing.is_asking:
            self._show_stored(scan, sign)
        self.sounds.play(sign)

    def _show_stored(self, scan: Scan, sign: Sign) -> None:
        pair = scan.pair
        carrier = f" · {pair.carrier}" if pair.carrier else ""
        match scan.place:
            case Place.ENTERED:
                title, hint = f"Entered {pair.order}", f"{pair.number}{carrier}"
            case Place.WAITING:
                title = f"{pair.order} is not stored yet"
                hint = f"{scan.trouble}. It is kept here and tried again."
            case _:
                title, hint = f"{pair.order}: {_first_clause(words_of(scan))}", scan.trouble
        self.sign.show_sign(sign, title, hint)

    @Slot(object)
    def _needs_person(self, scan: Scan) -> None:
        """Heard at once; shown where nothing else is in the middle of being scanned."""
        line = scan.line
        if line is not None and not self.pairing.order and self.sign.sign is not Sign.WRONG:
            self._shown = None
            self.sign.show_sign(Sign.WRONG, line.title, f"{line.reason}. {line.row.wording.hint}")
        self.sounds.play(Sign.WRONG)

    @Slot(str)
    def _told(self, text: str) -> None:
        self._shown = None
        self.sign.show_sign(Sign.READY, text, "")

    @Slot()
    def _changed(self) -> None:
        storing = self._storing
        self.list.show_scans(storing.scans)
        unstored = len(storing.unstored)
        open_count = sum(scan.is_open for scan in storing.scans)
        parts = [
            f"{storing.entered_count:,} entered",
            f"{unstored:,} to store" if unstored else "",
            f"{open_count:,} not entered" if open_count else "",
        ]
        self.counts.setText(" · ".join(part for part in parts if part))
        last = storing.last
        self.undo.setEnabled(last is not None)
        self.undo.setAccessibleName(f"Take {last.pair.order} back" if last else "Take last back")
        if self._shown is not None and self._shown.place is Place.KNOWN:
            self._show_stored(self._shown, Sign.ASK)

    # --- what was chosen

    @Slot()
    def _take_choices(self) -> None:
        target, kept = self.choices.target, self._kept
        if target is not None:
            self.pairing.noun = self._program.kinds[target.kind].order_noun
        self.pairing.carrier, self.sounds.is_on = kept.carrier, kept.has_sound
        self.field.setFocus()

    @Slot()
    def _connection_chosen(self) -> None:
        self._take_choices()
        self._told(f"From now on, numbers go to {self.connection.currentText()}")
        self._to_next()


def _first_clause(words: str) -> str:
    """ "known already, entered 12:17", to go on after a colon."""
    first = words.partition(" · ")[0]
    return first[:1].lower() + first[1:]
