"""Log files: rotating, bounded, one logger for all, every line cleaned of secrets."""

import contextlib
import logging
import logging.handlers
import os
from pathlib import Path

from app.core.redact import Redactor

FILE_NAME = "backhaul.log"
_BYTES, _FILES = 2_000_000, 5
_LONGEST = 100_000
"""Characters of one entry, its trace included."""

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Cleans the finished line, traces and arguments of libraries included; an endless one is
    cut."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        text = self._redactor.clean(super().format(record))
        if len(text) <= _LONGEST:
            return text
        return f"{text[:_LONGEST]} … ({len(text) - _LONGEST} characters more)"


class QuietRotatingHandler(logging.handlers.RotatingFileHandler):
    """A full disk or a locked log file never stops the program or prints into a terminal.

    Lines that cannot be written are lost; it writes again as soon as it can.
    """

    def handleError(self, record: logging.LogRecord) -> None:
        pass

    def doRollover(self) -> None:
        """Begin a new file. Where the old ones cannot be moved, as somebody holds them open on
        Windows, the file begins anew: its size has its limit all the same."""
        self._let_go()
        try:
            super().doRollover()
        except OSError:
            self._let_go()
            self._begin_anew()

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # its last lines find no room
            super().close()

    def _let_go(self) -> None:
        """Close the file whatever becomes of the lines in its buffer: `super` would keep the
        closed stream, and never write again."""
        stream, self.stream = self.stream, None  # as `super` does
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.close()

    def _begin_anew(self) -> None:
        with contextlib.suppress(OSError):
            os.truncate(self.baseFilename, 0)


def start_logging(folder: Path, redactor: Redactor) -> logging.Handler | None:
    """Log to `backhaul.log` in that folder; None where the folder cannot be written."""
    try:
        for part in (folder.parent, folder):  # parents made on the way would be open to all
            part.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = QuietRotatingHandler(
            folder / FILE_NAME, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(RedactingFormatter(redactor))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "apscheduler"):  # httpx logs whole URLs at INFO
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return handler


def stop_logging(handler: logging.Handler | None) -> None:
    """Take the handler off again."""
    if handler is not None:
        logging.getLogger().removeHandler(handler)
        handler.close()
