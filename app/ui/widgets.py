"""Small parts that several pages use: labels of plain text, headers, buttons, banners."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent, QScreen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.ui import icons, theme


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that never reads its text as HTML; roles are those of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def button(text: str, kind: str = "", icon: str = "", *, name: str = "") -> QPushButton:
    """A push button; `name` where a screen reader needs more than the text."""
    gap = " " if icon else ""
    made = QPushButton(f"{gap}{text}".replace("&", "&&"))
    made.setCursor(Qt.CursorShape.ArrowCursor)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setIcon(icons.icon(icon, "text"))
        made.setIconSize(QSize(theme.ICON, theme.ICON))
        name = name or text
    if name:
        made.setAccessibleName(name)
    return made


def show_checked(checkable: QAbstractButton, is_on: bool) -> None:
    """Show it pressed or not without telling anybody: what `toggled` tells comes from a person.

    (`clicked` would not do: a screen reader toggles, and clicks nothing.)
    """
    with QSignalBlocker(checkable):
        checkable.setChecked(is_on)


def one_stop(group: Iterable[QWidget], stop: QWidget) -> None:
    """Tab stops once in a row of controls, at the one that counts; arrow keys go on from there.

    Qt by itself stops at each, or at the one that had the keyboard last.
    """
    for one in group:
        is_stop = one is stop
        one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)


def frame(role: str, parent: QWidget | None = None) -> QFrame:
    """A frame that the style sheet draws."""
    made = QFrame(parent)
    made.setProperty("role", role)
    return made


def screen_of(widget: QWidget) -> QScreen:
    """The screen it stands on. Never `widget.screen()`: PySide then takes the screen for a child of
    the widget, and it can die with it."""
    at = widget.mapToGlobal(widget.rect().center())
    return QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Change a property that the style sheet looks at, and dress the widget again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_box(box: QWidget, role: str) -> None:
    """Another kind of box; what is written in it takes the colour that goes with it."""
    if box.property("role") == role:
        return
    set_property(box, "role", role)
    for inside in box.findChildren(QLabel):
        inside.style().unpolish(inside)
        inside.style().polish(inside)


def when_dressed(owner: QObject, event: QEvent, redress: Callable[[], None]) -> None:
    """For `changeEvent`: after the theme changed, call `redress`, a method of `owner`.

    Not at once: Qt is just going through all widgets, and none may come or go meanwhile.
    """
    if event.type() == QEvent.Type.StyleChange and theme.is_dressing():
        QTimer.singleShot(0, owner, redress)


class ElidedLabel(QLabel):
    """One line of plain text that is cut with an ellipsis, at its end unless `where` says else;
    whole in the tooltip."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        where: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__()
        self._where = where
        self._text = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self._show()

    def set_text(self, text: str) -> None:
        """Another text."""
        self._text = text
        self.setAccessibleName(text)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._text, self._where, max(0, self.width()))
        self.setText(shown)
        self.setToolTip(as_tooltip(self._text) if shown != self._text else "")


def as_tooltip(text: str) -> str:
    """The text for a tooltip, which Qt would read as HTML if it looked like it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p style='white-space:pre-wrap'>{escaped}</p>" if text else ""


class PageHeader(QWidget):
    """Title, a muted line beside it, and the page's buttons at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = label(title, "title")
        self._note = label("", "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self._row.addWidget(self._title)
        self._row.addWidget(self._note)
        self._row.addStretch(1)
        self.setFixedHeight(theme.BUTTON)

    def set_note(self, text: str) -> None:
        """The line beside the title: counts, age."""
        self._note.setText(text)

    def add(self, widget: QWidget) -> None:
        """One more button at the right."""
        self._row.addWidget(widget)


class AskStrip(QFrame):
    """A line with one button: something is off, and this would mend it."""

    def __init__(self, text: str, press: str, role: str = "accent_box") -> None:
        super().__init__()
        self.setProperty("role", role)
        self._text = label(text, wrap=True)
        self.press = button(press)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._text, 1)
        row.addWidget(self.press)
        self.hide()

    def set_text(self, text: str) -> None:
        """Another line."""
        self._text.setText(text)
        self.setAccessibleName(text)
