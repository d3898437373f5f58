"""The languages of a desktop that does not say them in the environment: Windows, macOS.

Written, not run: neither system was at hand.
"""

import ctypes
import locale
import plistlib
import sys
from pathlib import Path
from typing import Any

_PREFERENCES = Path("~/Library/Preferences/.GlobalPreferences.plist")


def system_languages() -> list[str]:
    """The best one first, as gettext names them: de_AT; empty where nothing is known."""
    if sys.platform == "win32":
        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
        return [named] if named else []
    return of_preferences(_PREFERENCES.expanduser())


def of_preferences(file: Path) -> list[str]:
    """What a macOS preferences file says."""
    try:
        told: Any = plistlib.loads(file.read_bytes())
        return [str(one).replace("-", "_") for one in told["AppleLanguages"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
