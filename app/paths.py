"""Where the program keeps its data and logs on each platform."""

import os
from pathlib import Path

import platformdirs

NAME = "Backhaul"


def data_folder(chosen: str | None) -> Path:
    """The folder given on the command line, else BACKHAUL_DATA_DIR, else the platform's own."""
    text = chosen or os.environ.get("BACKHAUL_DATA_DIR")
    if text:
        return Path(text).expanduser().absolute()
    return platformdirs.user_data_path(NAME, appauthor=False, roaming=False)


def demo_folder(chosen: str | None) -> Path:
    """The throw-away profile of the demonstration, apart from real data."""
    text = chosen or os.environ.get("BACKHAUL_DATA_DIR")
    return Path(text).expanduser().absolute() if text else data_folder(None) / "demo"
