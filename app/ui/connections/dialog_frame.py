"""How the short dialogs about a connection are laid out: title, body, a line, buttons."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPushButton, QVBoxLayout

from app.ui.widgets import frame, label

MARGIN = 24


def lay_out(dialog: QDialog, title: str, body: QLayout, buttons: Sequence[QPushButton]) -> None:
    """Buttons stand at the right, in this order."""
    head = QVBoxLayout()
    head.setContentsMargins(MARGIN, 20, MARGIN, 12)
    head.addWidget(label(title, "title", wrap=True))
    row = QHBoxLayout()
    row.setContentsMargins(MARGIN, 12, MARGIN, 16)
    row.setSpacing(8)
    row.addStretch(1)
    for made in buttons:
        row.addWidget(made)
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addLayout(head)
    whole.addLayout(body, 1)
    whole.addWidget(frame("line"))
    whole.addLayout(row)


def fit_height(dialog: QDialog) -> None:
    """As high as the texts need at this width."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.resize(dialog.width(), layout.heightForWidth(dialog.width()))
