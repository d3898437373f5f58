"""Fills the dropdowns of the practice bar without losing what a person chose."""

from typing import Any

from PySide6.QtWidgets import QComboBox

from app.ui.connections.practice_shops import Record
from app.ui.connections.practice_words import Fault


def fill(box: QComboBox, items: list[tuple[str, Any]]) -> None:
    """Other entries, keeping the chosen one while it is there; untouched when all are as before."""
    there = [(box.itemText(i), box.itemData(i)) for i in range(box.count())]
    if there == items:
        return
    chosen = box.currentIndex()
    key = _key(box.currentData())
    box.blockSignals(True)
    box.clear()
    for text, data in items:
        box.addItem(text, data)
    keys = [_key(data) for _, data in items]
    box.setCurrentIndex(keys.index(key) if chosen >= 0 and key in keys else _first(items))
    box.blockSignals(False)


def _first(items: list[tuple[str, Any]]) -> int:
    """A record with which something can be done, else the first entry."""
    waiting = (place for place, (_, data) in enumerate(items) if getattr(data, "is_open", False))
    return next(waiting, 0)


def _key(data: Any) -> Any:
    return (
        data.number if isinstance(data, Record) else data.kind if isinstance(data, Fault) else data
    )
