"""Who sits at this computer, for the history."""

import getpass


def actor() -> str:
    """The desktop user; "unknown" for one without a name, as in containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
