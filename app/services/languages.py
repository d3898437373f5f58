"""The reader's language: as the desktop says, through the standard library's gettext."""

import gettext
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from app.core import pseudo
from app.services.resources import resource_places

DOMAIN = "backhaul"
VARIABLE = "BACKHAUL_LANGUAGE"
"""Another language than the desktop's; `pseudo` shows which texts can be translated."""

_IS_IN_ENVIRONMENT = sys.platform not in ("win32", "darwin")

Translate = Callable[[str], str]


def translator(
    environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Translate:
    """Gives a sentence in the reader's language, or as it is where there is no translation.

    `folder`: where translations lie, `LANGUAGE/LC_MESSAGES/backhaul.mo`; None: where they are
    installed.
    """
    environment = os.environ if environment is None else environment
    wanted = languages(environment)
    if wanted[:1] == [pseudo.NAME]:
        return pseudo.pseudo
    place = translations_folder() if folder is None else folder
    if place is None:
        return str
    found = gettext.translation(DOMAIN, place, languages=wanted, fallback=True)
    # The empty text is gettext's own: it would give the head of the file.
    return lambda text: found.gettext(text) if text else ""


def languages(environment: Mapping[str, str]) -> list[str]:
    """The languages a person reads, the best one first, as gettext names them: de_AT."""
    for name in (VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return value.split(":")
    if _IS_IN_ENVIRONMENT:
        return []
    found: list[str] = importlib.import_module("app.services.system_languages").system_languages()
    return found


def translations_folder() -> Path | None:
    """Where the translations of this installation lie; None: it brings none."""
    return next((place for place in resource_places("locale") if place.is_dir()), None)
