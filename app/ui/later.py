"""A page that is made when it is first shown, so that starting does not wait for it."""

import importlib

from PySide6.QtWidgets import QVBoxLayout, QWidget


class Later(QWidget):
    """`what`: "module:class" of the page, made with `given`."""

    def __init__(self, what: str, *given: object) -> None:
        super().__init__()
        self._what, self._given = what, given
        self.made: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def shown(self) -> None:
        """The window brought this page to the front."""
        if self.made is None:
            module, _, name = self._what.partition(":")
            self.made = getattr(importlib.import_module(module), name)(*self._given)
            self._column.addWidget(self.made)
        shown = getattr(self.made, "shown", None)
        if shown is not None:
            shown()
