"""What stops whole connections, above the list: why, what to do, and Resume."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.overview import ConnectionStatus
from app.ui import icons, theme
from app.ui.widgets import button, frame, label, set_property


@dataclass(frozen=True, slots=True)
class Notice:
    """One banner. `connection` empty: nothing can be resumed."""

    token: str
    title: str
    text: str
    connection: str = ""
    icon: str = "state_failed"


def notices_of(statuses: list[ConnectionStatus]) -> list[Notice]:
    """What of these connections a person should see above everything."""
    found = []
    for one in statuses:
        name = one.connection.name
        if one.state == "blocked":
            title = f"{name} stopped: {one.text}"
            found.append(Notice("danger", title, one.hint, name))
        elif one.state == "paused":
            found.append(Notice("warning", f"{name}: {one.text}", "", name, "state_parked"))
        elif one.state == "unreachable":
            text = "It is tried again by itself; nothing is lost."
            found.append(Notice("warning", f"{name}: {one.text}", text, icon="state_waiting"))
        if one.backlog and one.state not in ("blocked", "paused"):
            found.append(Notice("warning", f"{name}: the queue grows", one.backlog))
    return found


class Banners(QWidget):
    """As many as are needed, and only changed when they change."""

    resume_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Notice] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def show_notices(self, notices: list[Notice], *, again: bool = False) -> None:
        """These and no others."""
        if notices == self._shown and not again:
            return
        self._shown = notices
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for notice in notices:
            self._column.addWidget(self._banner(notice))
        self.setVisible(bool(notices))

    def dress(self) -> None:
        """In the colours of the theme."""
        self.show_notices(self._shown, again=True)

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
