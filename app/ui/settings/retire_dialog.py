"""Before a computer is retired: what happens, to how many rows, and where the backup goes."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.states import JobState
from app.ui.connections.dialog_frame import fit_height
from app.ui.connections.remove_dialog import parts
from app.ui.settings.confirm import Confirm
from app.ui.settings.files import ask_new_file
from app.ui.widgets import button, label

_WHAT = (
    "Backhaul closes, makes the last backup, and sends nothing from this computer any more. "
    "Shipments that come in here later are not taken along."
)
_BACK = "You can take it back into use here, as long as the new computer sends nothing."


class RetireDialog(Confirm):
    """Accepted: do it, with the backup at `target`."""

    def __init__(self, suggested: Path, rows: Mapping[JobState, int], parent: QWidget) -> None:
        count = sum(rows.values())
        noun = "row" if count == 1 else "rows"
        take = f"Retire it with {count:,} open {noun}" if count else "Retire this computer"
        lines = (_open_rows(rows), _WHAT, _BACK)
        super().__init__("Retire this computer?", lines, "Keep using it", take, parent)
        self.target = suggested
        self._path = label(str(suggested), "code", wrap=True)
        other = button("Other place…")
        other.clicked.connect(self._ask_place)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._path, 1)
        line.addWidget(other)
        self.body.addWidget(label("The last backup goes to", "small"))
        self.body.addLayout(line)

    @Slot()
    def _ask_place(self) -> None:
        ask_new_file(self, "Last backup to", self.target, self._take_place)

    def _take_place(self, target: Path) -> None:
        self.target = target
        self._path.setText(str(target))
        fit_height(self)


def _open_rows(rows: Mapping[JobState, int]) -> str:
    count = sum(rows.values())
    if not count:
        return "No row is open here."
    are = "row is" if count == 1 else "rows are"
    goes, each = ("It goes", "it") if count == 1 else ("They go", "each one")
    return (
        f"{count:,} {are} open: {parts(rows)}. {goes} along in the backup, and the new computer "
        f"looks {each} up before it sends anything."
    )
