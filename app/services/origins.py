"""Where a row of the queue came from: the folder, the file and its row there."""

from app.models.folders import Folders
from app.models.intake import Ledger
from app.services.attention import where


class Origins:
    """Reads only."""

    def __init__(self, ledger: Ledger, folders: Folders) -> None:
        self._ledger = ledger
        self._folders = folders

    def of(self, job_id: int) -> str:
        """ "WorldShip: export.csv, row 12"; empty for a row that came from no file."""
        found = self._ledger.origin(job_id)
        if found is None:
            return ""
        source, file, line = found
        return where(self._folders.names().get(source, ""), file, line)
