"""Starts Backhaul: as a window, or in the terminal where a command or no display is given."""

import sys
from collections.abc import Sequence

from app import desktop
from app.core.errors import BackhaulError


def main(argv: Sequence[str] | None = None) -> int:
    """Run until it is over; 0 done, 1 not done, 2 wrong usage."""
    words = sys.argv[1:] if argv is None else list(argv)
    asked = desktop.wanted(words)
    if asked is None:
        from app import terminal  # noqa: PLC0415 - its imports would hold up the window

        return terminal.main(words)
    try:
        return desktop.open_window(asked)
    except BackhaulError as error:
        sys.stderr.write(f"{desktop.say(error)}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
