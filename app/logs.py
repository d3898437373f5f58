"""Log files: rotating, bounded, one logger for all, every line cleaned of secrets."""

import logging
import logging.handlers
from pathlib import Path

from app.core.redact import Redactor

FILE_NAME = "backhaul.log"
_BYTES, _FILES = 2_000_000, 5
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Cleans the finished line, traces and arguments of libraries included."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class QuietRotatingHandler(logging.handlers.RotatingFileHandler):
    """A full disk or a locked log file never stops the program or prints into a terminal."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


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
