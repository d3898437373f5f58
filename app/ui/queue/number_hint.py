"""The line below a tracking number that says what it looks like, while it is typed."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.carriers import OTHER, display_name, find_carrier
from app.core.tracking import label_number, normalise_tracking
from app.core.tracking_families import Check
from app.core.tracking_policy import Judgement, judge, ups_service
from app.ui.widgets import button, label, set_property

_HEIGHT = 20
_MOST_NAMES = 2
_SHORTEST = 4  # of what is a stand-in, and not the beginning of a number


@dataclass(frozen=True, slots=True)
class Hint:
    """`role` of the text; `suggestion`: the number that was probably meant."""

    text: str = ""
    role: str = "small"
    suggestion: str = ""


def hint_for(text: str, carrier: str = "") -> Hint:
    """What a number looks like; `carrier` as typed. Says nothing of half a number."""
    number = label_number(normalise_tracking(text))
    named = find_carrier(carrier)
    found = judge(number, named)
    if found.is_placeholder and len(number) >= _SHORTEST:
        return Hint("Looks like a stand-in, not like a number", "warning")
    if found.suggestion:
        return Hint("Meant as digits?", "warning", found.suggestion)
    if found.check is Check.FAILED:
        return Hint("Check digit does not fit: please compare with the label", "warning")
    if found.disagrees:
        owner, said = display_name(found.disagrees), display_name(named, carrier)
        return Hint(f"Looks like {owner}; the carrier says {said}", "warning")
    owner = _owner(found, named, number)
    return Hint(owner if number == normalise_tracking(text) else f"{owner}: {number}".lstrip(": "))


def _owner(found: Judgement, named: str, number: str) -> str:
    """ "UPS, Ground"; "FedEx Express or DHL Express" where nobody can tell."""
    sure = named if named and named != OTHER and found.fits else found.fills
    if sure:
        return ", ".join(part for part in (display_name(sure), ups_service(number)) if part)
    likely = [fit.family.title for fit in found.fits if fit.check is not Check.FAILED]
    names = list(dict.fromkeys(likely))[:_MOST_NAMES]
    return f"Perhaps {' or '.join(names)}" if names else ""


class NumberHint(QWidget):
    """Always as high, so that the form does not jump."""

    taken = Signal(str)  # the suggestion

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", "small")
        self._button = button("", "inline")
        self._button.clicked.connect(self._take)
        self._suggestion = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._text)
        row.addWidget(self._button)
        row.addStretch(1)
        self.setFixedHeight(_HEIGHT)
        self.show_hint(Hint())

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_hint(self, hint: Hint) -> None:
        """That, and the suggestion as a button."""
        self._suggestion = hint.suggestion
        self._text.setText(hint.text)
        set_property(self._text, "role", hint.role)
        self._button.setText(f"Use {hint.suggestion}")
        self._button.setVisible(bool(hint.suggestion))

    @Slot()
    def _take(self) -> None:
        self.taken.emit(self._suggestion)
