"""The pseudo-locale: every sentence still readable, but accented, longer and in brackets.

A text without brackets on the screen does not pass the catalogue; one that is cut had no room
for a language longer than English.
"""

import math
import re

NAME = "pseudo"
LONGER = 0.3
"""How much longer a sentence gets, as a share of its letters."""

_FIELD = re.compile(r"(\{[^{}]*\})")
_ACCENTED = str.maketrans(
    "ABCDEGHIJKLNOPRSTUWYZabcdeghijklnoprstuwyz",
    "ÀƁÇĐÉĜĤÎĴĶĻÑÖÞŔŠŢÛŴÝŽåƀçðéĝĥîĵķļñöþŕšţûŵýž",
)
_MORE = "ölongér "


def pseudo(text: str) -> str:
    """A template in the pseudo-locale; its fields stay as they are, and empty stays empty."""
    if not text:
        return ""
    parts = _FIELD.split(text)
    letters = sum(len(part) for part in parts[::2])
    room = math.ceil(letters * LONGER)
    more = (_MORE * (room // len(_MORE) + 1))[:room].rstrip()
    said = "".join(
        part if place % 2 else part.translate(_ACCENTED) for place, part in enumerate(parts)
    )
    return f"⟦{said} {more}⟧" if more else f"⟦{said}⟧"
