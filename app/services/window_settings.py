"""How the window looks, kept beside the data file: it is shown before that one is open."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.errors import UsageError

FILE_NAME = "window.json"
SCHEMES = ("", "light", "dark")


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """`scheme`: "light" or "dark"; empty follows the desktop."""

    scheme: str = ""


def load_window_settings(folder: Path) -> WindowSettings:
    """What was chosen; what is missing or cannot be read is as it comes."""
    try:
        scheme = json.loads((folder / FILE_NAME).read_text("utf-8"))["scheme"]
    except (OSError, ValueError, KeyError, TypeError):
        return WindowSettings()
    return WindowSettings(scheme if scheme in SCHEMES else "")


def save_window_settings(folder: Path, settings: WindowSettings) -> None:
    """Keep it for the next start, whole or not at all.

    Raises: UsageError file_problem.
    """
    file = folder / FILE_NAME
    part = file.with_name(f"{FILE_NAME}.part")
    try:
        part.write_text(json.dumps(asdict(settings)), "utf-8")
        part.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("file_problem", path=str(file), reason=reason) from error
