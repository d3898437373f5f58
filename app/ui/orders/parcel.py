"""One parcel of an order: how it stands, its number to copy, its carrier, proof, the way to it."""

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.clock import clock_time
from app.services.orders_view import ParcelInWords
from app.services.wording import Phase
from app.ui import theme
from app.ui.connections.marks import IconMark
from app.ui.queue.detail import broken, facts_grid
from app.ui.queue.looks import look_of_phase
from app.ui.widgets import as_tooltip, button, label

_COPIED_MS = 2000


class CopyButton(QPushButton):
    """A number that is copied by a press."""

    def __init__(self, number: str, parent: QWidget | None = None) -> None:
        super().__init__(number.replace("&", "&&"), parent)
        self._number = number
        self.setProperty("kind", "inline")
        self.setFont(theme.fixed_font(theme.TEXT_PX))
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Copy tracking number {number}")
        self.setToolTip("Copy this number")
        self.said = label("", "small")
        self._timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._timer.timeout.connect(self._over)
        self.clicked.connect(self._copy)

    @Slot()
    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(self._number)
        took = clipboard.text() == self._number
        self.said.setText("Copied" if took else "The clipboard did not take it")
        self.setAccessibleDescription(self.said.text())
        self._timer.start()

    @Slot()
    def _over(self) -> None:
        self.said.setText("")
        self.setAccessibleDescription("")


class Parcel(QFrame):
    """Below the items of its order."""

    job_wanted = Signal(int)

    def __init__(self, parcel: ParcelInWords, told: str = "") -> None:
        """`told`: what to do, where it is said above already."""
        super().__init__()
        self.setProperty("role", "muted_box")
        job_id = parcel.job.id
        icon, colour = look_of_phase(parcel.phase)
        mark = IconMark(icon, colour)
        number = CopyButton(parcel.tracking)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        role = "danger" if parcel.phase is Phase.NEEDS_YOU else ""
        head.addWidget(label(broken(parcel.text), role, wrap=True), 1)
        numbers = QHBoxLayout()
        numbers.setSpacing(8)
        numbers.addWidget(number)
        numbers.addWidget(number.said)
        numbers.addStretch(1)
        links = QHBoxLayout()
        links.setSpacing(12)
        manager = button("Show in Manager", "inline", name=f"Show {parcel.tracking} in Manager")
        manager.clicked.connect(lambda: self.job_wanted.emit(job_id))
        links.addWidget(manager)
        if parcel.link:
            follow = button(f"Follow at {parcel.follow_at}", "inline")
            follow.setToolTip(as_tooltip(parcel.link))
            follow.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(parcel.link)))
            links.addWidget(follow)
        links.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(numbers)
        column.addLayout(facts_grid(_facts(parcel, told)))
        column.addLayout(links)


def _facts(parcel: ParcelInWords, told: str) -> list[tuple[str, str]]:
    at = parcel.last_attempt_at
    over = parcel.phase in (Phase.DONE, Phase.REMOVED)
    found = (
        ("Carrier", " · ".join(part for part in (parcel.carrier, parcel.service) if part)),
        ("In it", "\n".join(parcel.items)),
        ("What to do", "" if over or parcel.hint == told else parcel.hint),
        ("Last attempt", "none yet" if at is None else clock_time(at)),
        ("Errors", f"{parcel.error_count:,}"),
        ("Proof", parcel.proof),
    )
    return [(name, value) for name, value in found if value]
