"""Keeps `None`, `True` and `False` alive: PySide6 gets their counts wrong under Python 3.11.

PySide6 6.12 returns them without counting the reference, which is right only from Python 3.12
on, where they are immortal. Before, each call that returns nothing and each `Signal.emit()`
takes one reference away, and after some thousand calls the program ends in "Fatal Python error:
none_dealloc". `tests/ui/test_immortal.py` says when this file can go.
"""

import ctypes
import sys

_PLENTY = 1 << 60
_CONSTANTS = (None, True, False, NotImplemented, Ellipsis)


def keep_constants_alive() -> None:
    """Call once before Qt is used; on Python 3.12 and later it does nothing."""
    if sys.version_info >= (3, 12):
        return
    for constant in _CONSTANTS:
        count = ctypes.c_ssize_t.from_address(id(constant))
        if count.value < _PLENTY // 2:
            count.value += _PLENTY
