"""From one list of numbers to the next, as rows that go and rows that come."""

from array import array
from typing import NamedTuple

MOST = 60
"""With more places than these a list is shown anew instead."""


class Step(NamedTuple):
    """At `row`, `gone` rows leave and `come` rows take their place."""

    row: int
    gone: int
    come: int


def steps(old: "array[int]", new: "array[int]") -> list[Step] | None:
    """What to do from the bottom of `old` upwards; both fall from top to bottom.

    None: in too many places.
    """
    top = 0
    found: list[Step] = []
    at, to = 0, 0
    while at < len(old) or to < len(new):
        if at < len(old) and to < len(new) and old[at] == new[to]:
            at, to = at + 1, to + 1
            continue
        top, first = at, to
        at, to = _gap(old, new, at, to)
        found.append(Step(top, at - top, to - first))
        if len(found) > MOST:
            return None
    return found[::-1]


def _gap(old: "array[int]", new: "array[int]", at: int, to: int) -> tuple[int, int]:
    """Where both agree again."""
    while at < len(old) and (to >= len(new) or old[at] > new[to]):
        at += 1
        while to < len(new) and (at >= len(old) or new[to] > old[at]):
            to += 1
    while to < len(new) and (at >= len(old) or new[to] > old[at]):
        to += 1
    return at, to
