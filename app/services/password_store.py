"""The password store of this computer: which one is used, and how it is asked.

It is asked on a thread of its own: it may show a prompt and wait for a person.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

import keyring.backend
import keyring.errors

from app.core.errors import SecretUnavailable

logger = logging.getLogger(__name__)
T = TypeVar("T")

ALLOWED_BACKENDS = frozenset(
    {
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
    }
)
"""Stores that keep secrets encrypted; whatever else is installed is not used."""

_IGNORED_BACKENDS = frozenset(
    {"keyring.backends.fail.Keyring", "keyring.backends.chainer.ChainerBackend"}
)


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def installed_backends() -> list[Any]:
    """Every keyring backend that works on this machine now, best first.

    The library looks once per process; one that starts after us, or ends, goes unnoticed there.
    """
    found = _by_priority(keyring.backend.get_all_keyring())
    if any(_is_allowed(backend) for backend in found):
        return found
    return _by_priority(_made())


def _made() -> Iterator[Any]:
    for kind in keyring.backend.KeyringBackend.get_viable_backends():
        with contextlib.suppress(TypeError):  # it cannot be made without being told more
            yield kind()


def _by_priority(backends: Iterable[Any]) -> list[Any]:
    """Best first; those that do not work any more have no priority and are left out."""
    ranked = []
    for backend in backends:
        with contextlib.suppress(Exception):  # backends raise what they like
            ranked.append((float(backend.priority), backend))
    return [backend for _, backend in sorted(ranked, key=lambda pair: pair[0], reverse=True)]


class PasswordStore:
    """Asks one question at a time, so that no storm of prompts comes."""

    def __init__(self, backends: Callable[[], list[Any]] = installed_backends) -> None:
        self._backends = backends
        self._asking = threading.Lock()
        self._answered_late: Callable[[], None] = lambda: None

    def when_answered_late(self, callback: Callable[[], None]) -> None:
        """See `Secrets.when_answered_late`."""
        self._answered_late = callback

    def ask(self, action: Callable[[Backend], T], patience_s: float, variable: str) -> T:
        """What `action` gets from the store, within so many seconds. `variable`: where a person
        may put the secret instead.

        Raises: SecretUnavailable.
        """
        if not self._asking.acquire(timeout=patience_s):
            raise SecretUnavailable("keyring_slow")
        question: _Question[T] = _Question()

        def ask() -> None:
            try:
                question.answer(action(self._best(variable)))
            except Exception as error:  # noqa: BLE001 - backends raise their own libraries' errors
                question.fail(_in_our_words(error, variable))
            finally:
                self._asking.release()
            if question.came_late:
                self._answered_late()

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        return question.wait(patience_s)

    def _best(self, variable: str) -> Backend:
        """The best store of the allow-list, whatever a configuration file prefers."""
        others = []
        for backend in self._backends():
            if _is_allowed(backend):
                chosen: Backend = backend
                return chosen
            if _name(backend) not in _IGNORED_BACKENDS:
                others.append(_name(backend))
        if others:
            raise SecretUnavailable("keyring_plaintext", backend=others[0], variable=variable)
        raise SecretUnavailable("keyring_none", variable=variable)


class _Question(Generic[T]):
    """One question to the store. Who asked may have left when the answer comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._value: list[T] = []
        self._trouble: SecretUnavailable | None = None
        self._was_left = False

    @property
    def came_late(self) -> bool:
        """True when it was answered, and nobody had waited so long."""
        return self._was_left and self._trouble is None

    def answer(self, value: T) -> None:
        self._value.append(value)
        self._end()

    def fail(self, trouble: SecretUnavailable) -> None:
        self._trouble = trouble
        self._end()

    def wait(self, patience_s: float) -> T:
        """The answer. Raises: SecretUnavailable, keyring_slow when none comes in time."""
        self._answered.wait(patience_s)
        with self._lock:
            self._was_left = not self._answered.is_set()
        if self._was_left:
            raise SecretUnavailable("keyring_slow")
        if self._trouble is not None:
            raise self._trouble
        return self._value[0]

    def _end(self) -> None:
        with self._lock:
            self._answered.set()


def _name(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _is_allowed(backend: object) -> bool:
    return _name(backend) in ALLOWED_BACKENDS


def _in_our_words(error: Exception, variable: str) -> SecretUnavailable:
    if isinstance(error, SecretUnavailable):
        return error
    found = SecretUnavailable("keyring_denied")
    if isinstance(error, keyring.errors.NoKeyringError) or _is_gone(error):
        found = SecretUnavailable("keyring_none", variable=variable)
    elif isinstance(error, keyring.errors.KeyringLocked | keyring.errors.InitError):
        found = SecretUnavailable("keyring_locked")
    logger.warning("the password store said: %s", type(error).__name__)
    found.__cause__ = error
    return found


def _is_gone(error: Exception) -> bool:
    """True when the store that answered before has ended meanwhile; its library is not
    everywhere, so it goes by the name of the error."""
    return any(
        type(one).__name__ == "SecretServiceNotAvailableException"
        for one in (error, error.__cause__)
    )
