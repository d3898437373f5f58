"""The lines of the self-test, and how a check becomes one."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.errors import BackhaulError
from app.core.words import Catalogue
from app.services.languages import translator


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result. `passed` None: not a fault, but worth knowing."""

    title: str
    passed: bool | None
    text: str


Check = Callable[[], Line | str]


def run_checks(*checks: tuple[str, Check]) -> Iterator[Line]:
    """A line for each; an error becomes a line that failed."""
    for title, check in checks:
        try:
            found = check()
        except BackhaulError as error:
            yield Line(title, False, said(error))
        except (ImportError, LookupError, OSError, ValueError, ssl.SSLError) as error:
            yield Line(title, False, str(error) or type(error).__name__)
        else:
            yield found if isinstance(found, Line) else Line(title, True, found)


def said(error: BackhaulError) -> str:
    """An error in words."""
    words = Catalogue(translate=translator()).say(error.code, error.params)
    return f"{words.summary}. {words.hint}".rstrip()
