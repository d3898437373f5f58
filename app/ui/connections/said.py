"""An error in the window's words: what happened and what to do."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import BackhaulError
from app.core.types import ConnectionInfo
from app.services.connection_setup import SecretField
from app.services.wording import Wordsmith

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what to do; `hint` may be empty."""

    summary: str
    hint: str

    @property
    def text(self) -> str:
        """Both as running text."""
        return f"{self.summary}. {self.hint}".strip()


def marked(connection: ConnectionInfo) -> str:
    """Its name, practice marked as such where the name does not say so itself."""
    is_plain = not connection.is_practice or "practice" in connection.name.casefold()
    return connection.name if is_plain else f"{connection.name} (practice)"


@dataclass(frozen=True, slots=True)
class Named:
    """Secrets in a sentence: "token" that is kept, "4 secrets" that are."""

    text: str
    verb: str = "is"
    pronoun: str = "it"


def named(secrets: Sequence[SecretField]) -> Named:
    """What people call them together; no text where there is none."""
    if len(secrets) > 1:
        return Named(f"{len(secrets)} secrets", "are", "them")
    return Named(secrets[0].label.lower() if secrets else "")


def trouble(wordsmith: Wordsmith, error: Exception) -> Trouble:
    """The words of an error; one of ours goes to the log with its trace."""
    if isinstance(error, BackhaulError):
        said = wordsmith.say(error.code, error.params)
        return Trouble(said.summary, _HINTS.get(error.code, said.hint))
    logger.error("a fault of the program", exc_info=error)
    said = wordsmith.say("program_error", {"error": type(error).__name__})
    return Trouble(said.summary, said.hint)


_HINTS = {
    "secret_missing": "Enter it with Edit.",
    "keyring_locked": "Unlock it: sign in to the desktop again, or answer its prompt.",
    "keyring_none": "Sign in to a desktop that has one.",
    "keyring_plaintext": "It is not used. Remove it, or sign in to a desktop that has a safe one.",
    "keyring_slow": "See whether it waits for you in a window of its own; it goes on when you "
    "answer there.",
    "keyring_denied": "Allow Backhaul to use it.",
    "practice_missing": "Press Start practice servers.",
    "setting_needed": "Fill it in.",
}
"""In the window's own words, where the catalogue names a command."""
