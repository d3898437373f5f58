"""What a practice server holds; on disk when asked for."""

import json
import os
import threading
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class Shelf:
    """The values of one shop. Whoever looks at more than one of them holds `lock`."""

    def __init__(self, file: Path | None, values: Document) -> None:
        self.lock = threading.RLock()
        self.values = values
        self._file = file
        if file and file.exists():
            self.values.update(json.loads(file.read_text(encoding="utf-8")))

    def set(self, **values: object) -> None:
        """Give the shop other values."""
        with self.lock:
            self.values.update(values)
            self.save()

    def copy(self) -> Document:
        """Everything as it is now; later changes do not reach it."""
        with self.lock:
            found: Document = json.loads(json.dumps(self.values))
            return found

    def save(self) -> None:
        """Put it on disk; called before anybody is answered."""
        if self._file is None:
            return
        part = self._file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(json.dumps(self.values))  # `dump` takes many times as long
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._file)
