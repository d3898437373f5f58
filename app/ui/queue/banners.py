"""What stops whole connections, above the list: why, what to do, and Resume."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.overview import ConnectionStatus
from app.ui import icons, theme
from app.ui.widgets import button, frame, label, set_property

_SECOND_MS = 1000
_MINUTE_S = 60
_MOST_PAUSED = 2  # more would fill the page: one banner names them all


@dataclass(frozen=True, slots=True)
class Notice:
    """One banner. `connection` empty: nothing can be resumed.

    `ends_at`: ms; until then the title counts down what is left.
    """

    token: str
    title: str
    text: str
    connection: str = ""
    icon: str = "state_failed"
    ends_at: int | None = None


def notices_of(statuses: list[ConnectionStatus]) -> list[Notice]:
    """What of these connections a person should see above everything."""
    found = []
    paused = [one for one in statuses if one.state == "paused"]
    if len(paused) > _MOST_PAUSED:
        names = ", ".join(one.connection.name for one in paused)
        text = (
            f"Nothing is sent there meanwhile; nothing is lost. CONNECTIONS resumes them: {names}."
        )
        found.append(Notice("warning", f"{len(paused)} connections are paused", text))
        statuses = [one for one in statuses if one.state != "paused"]
    for one in statuses:
        name = one.connection.name
        if one.state == "blocked":
            title = f"{name} stopped: {one.text}"
            found.append(Notice("danger", title, one.hint, name))
        elif one.state == "paused":
            found.append(_pause(one))
        elif one.state == "unreachable":
            text = "It is tried again by itself; nothing is lost."
            found.append(Notice("warning", f"{name}: {one.text}", text, icon="state_waiting"))
        if one.backlog and one.state not in ("blocked", "paused"):
            found.append(Notice("warning", f"{name}: the queue grows", one.backlog))
    return found


def _pause(one: ConnectionStatus) -> Notice:
    name, ends_at = one.connection.name, one.paused_until
    text = "Nothing is sent there meanwhile; nothing is lost."
    title = f"{name}: paused" if ends_at else f"{name}: paused until you resume it"
    return Notice("warning", title, text, name, "state_parked", ends_at)


def left_of(milliseconds: int) -> str:
    """ "24 min left", "42 s left", "1 h 05 min left"."""
    seconds = max(0, -(-milliseconds // 1000))
    if seconds < _MINUTE_S:
        return f"{seconds} s left"
    minutes = -(-seconds // _MINUTE_S)
    if minutes < _MINUTE_S:
        return f"{minutes} min left"
    return f"{minutes // _MINUTE_S} h {minutes % _MINUTE_S:02} min left"


class Banners(QWidget):
    """As many as are needed, and only changed when they change."""

    resume_pressed = Signal(str)

    def __init__(self, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._now_ms = now_ms
        self._shown: list[Notice] = []
        self._counting: list[tuple[QLabel, Notice]] = []
        self._seconds = QTimer(self, interval=_SECOND_MS)
        self._seconds.timeout.connect(self._count)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def show_notices(self, notices: list[Notice], *, again: bool = False) -> None:
        """These and no others."""
        if notices == self._shown and not again:
            return
        self._shown = notices
        self._counting = []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for notice in notices:
            self._column.addWidget(self._banner(notice))
        self.setVisible(bool(notices))
        self._seconds.start() if self._counting else self._seconds.stop()
        self._count()

    def dress(self) -> None:
        """In the colours of the theme."""
        self.show_notices(self._shown, again=True)

    @Slot()
    def _count(self) -> None:
        for title, notice in self._counting:
            left = left_of((notice.ends_at or 0) - self._now_ms())
            title.setText(f"{notice.title}, {left}")

    def _banner(self, notice: Notice) -> QWidget:
        box = frame(f"{notice.token}_box")
        row = QHBoxLayout(box)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(12)
        picture = QLabel()
        picture.setPixmap(icons.pixmap(notice.icon, notice.token))
        picture.setFixedSize(theme.ICON, theme.ICON)
        picture.setAccessibleName("Stopped" if notice.connection else "Note")
        row.addWidget(picture)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        title = label(notice.title, "name", wrap=True)
        texts.addWidget(title)
        if notice.ends_at is not None:
            self._counting.append((title, notice))
        if notice.text:
            more = label(notice.text, "small", wrap=True)
            set_property(more, "role", "")
            texts.addWidget(more)
        row.addLayout(texts, 1)
        if notice.connection:
            resume = button("Resume", name=f"Resume {notice.connection}")
            resume.clicked.connect(lambda: self.resume_pressed.emit(notice.connection))
            row.addWidget(resume)
        return box
