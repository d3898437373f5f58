"""Before a backup takes the place of the data: what comes, what goes, what happens then."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.states import JobState
from app.ui.connections.remove_dialog import parts
from app.ui.settings.confirm import Confirm

_THEN = (
    "Backhaul closes, puts the backup in the place of the data, and starts again. Each row that "
    "was open in the backup is looked up at its system first; only what is not there is sent. "
    "Tokens and passwords of this computer stay as they are."
)


class RestoreDialog(Confirm):
    """Accepted: do it. `rows`: those that are not settled in the data that is here now."""

    def __init__(self, source: Path, rows: Mapping[JobState, int], parent: QWidget) -> None:
        count = sum(rows.values())
        noun = "row" if count == 1 else "rows"
        take = f"Restore, and set {count:,} open {noun} aside" if count else "Restore"
        lines = (source.name, _what_goes(rows), _THEN)
        super().__init__("Restore this backup?", lines, "Keep what is here", take, parent)


def _what_goes(rows: Mapping[JobState, int]) -> str:
    aside = "What is here now is kept in the folder “backups”"
    if not any(rows.values()):
        return f"{aside}. No row is open here."
    return f"{aside}, with the rows that are open: {parts(rows)}. They are not sent from there."
