"""The throw-away data folder of the demonstration: started afresh, or continued."""

import json
import shutil
from pathlib import Path

from app.core.clock import Clock, SystemClock
from app.core.errors import StorageError, UsageError
from app.services.ownership import Ownership

MARKER = "demo.json"


def prepare(folder: Path, clock: Clock | None = None) -> bool:
    """Make the folder ready; True when an interrupted demonstration is to be continued.

    Raises: UsageError demo_foreign (not emptied: it is no demonstration's), engine_elsewhere;
    StorageError store_folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any(path.suffix != ".part" for path in folder.iterdir()):
            mark(folder, ended=False)
            return False
        ended = _has_ended(folder)
        ownership = Ownership(folder, clock or SystemClock())
        ownership.take()
        ownership.release()
        if ended:
            _empty(folder)
            mark(folder, ended=False)
        return not ended
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError("store_folder", path=str(folder), reason=reason) from error


def _has_ended(folder: Path) -> bool:
    """Raises: UsageError when nothing says that this folder is a demonstration's."""
    try:
        return bool(json.loads((folder / MARKER).read_text(encoding="utf-8"))["ended"])
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise UsageError("demo_foreign", path=str(folder)) from error


def mark(folder: Path, *, ended: bool) -> None:
    """Note that the folder is a demonstration's, and whether that has ended."""
    part = folder / f"{MARKER}.part"
    part.write_text(json.dumps({"demonstration": 1, "ended": ended}), encoding="utf-8")
    part.replace(folder / MARKER)


def _empty(folder: Path) -> None:
    """The marker stays to the end: an interrupted emptying is done again."""
    for path in folder.iterdir():
        if path.name == MARKER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
