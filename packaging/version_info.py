"""The version as Windows shows it under Properties, and the name by which desktops know us."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IDENTIFIER = "org.backhaul.Backhaul"
PUBLISHER = "Backhaul contributors"
SUMMARY = "Carries tracking numbers back to the systems the orders came from"


def version() -> str:
    """The version of the program, read without importing it."""
    text = (ROOT / "app" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.M)
    if found is None:
        raise ValueError("app/__init__.py names no version")
    return found[1]


def for_this_platform(folder: Path) -> str | None:
    """The file PyInstaller takes for Windows; None elsewhere."""
    if sys.platform == "win32":
        file = folder / "version_info.txt"
        file.write_text(windows_text(version()), "utf-8")
        return str(file)
    else:  # noqa: RET505 - so that mypy sees either way
        return None


def windows_text(text: str) -> str:
    """The version resource of this version, in the form PyInstaller reads."""
    numbers = [int(part) for part in re.findall(r"\d+", text)[:4]]
    four = tuple(numbers + [0] * (4 - len(numbers)))
    strings = {
        "CompanyName": PUBLISHER,
        "FileDescription": "Backhaul",
        "FileVersion": text,
        "InternalName": "backhaul",
        "LegalCopyright": f"© {PUBLISHER}, MIT licence",
        "OriginalFilename": "backhaul.exe",
        "ProductName": "Backhaul",
        "ProductVersion": text,
        "Comments": SUMMARY,
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0,"
        " OS=0x40004, fileType=1, subtype=0, date=(0, 0)),"
        f" kids=[StringFileInfo([StringTable('040904B0', [{table}])]),"
        " VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
