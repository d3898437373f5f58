"""The mark that an engine leaves in its data folder: read before the lock's library is there.

A mark may be left by a process that died; whether one lives is for `ownership.py` to say.
"""

import json
from pathlib import Path

OWNER_NAME = "engine.json"


def has_owner(folder: Path) -> bool:
    """True when an engine took the folder and did not give it up."""
    return (folder / OWNER_NAME).is_file()


def owner_pid(folder: Path) -> int | None:
    """The process that took it last; alive only while the lock is held."""
    try:
        return int(json.loads((folder / OWNER_NAME).read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
