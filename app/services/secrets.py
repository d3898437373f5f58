"""Secrets of connections: the environment for machines without a keyring, else the keyring."""

import logging
import os
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import keyring.backend
import keyring.errors

from app.core.errors import SecretUnavailable
from app.core.redact import Redactor
from app.core.types import ConnectionInfo
from app.integrations.base import SecretField

logger = logging.getLogger(__name__)
T = TypeVar("T")

SERVICE = "Backhaul"
PATIENCE_S = 10.0
PRACTICE_TOKEN = "practice"  # noqa: S105 - of servers on this computer with made-up orders
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


def variable_name(connection_name: str, field: str) -> str:
    """The environment variable that may hold a secret."""
    return "BACKHAUL_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", f"{connection_name}_{field}".upper())


def installed_backends() -> list[Any]:
    """Every keyring backend that works on this machine, best first."""
    return sorted(keyring.backend.get_all_keyring(), key=lambda b: b.priority, reverse=True)


class Secrets:
    """Gets, sets and deletes secrets; every value it hands out is known to the redactor."""

    def __init__(
        self,
        store_uid: str,
        redactor: Redactor,
        *,
        backends: Callable[[], list[Any]] = installed_backends,
        environment: Mapping[str, str] = os.environ,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._uid = store_uid
        self._redactor = redactor
        self._backends = backends
        self._environment = environment
        self._patience_s = patience_s
        self._asking = threading.Lock()
        self._session: dict[tuple[int, str], str] = {}

    def get(self, connection: ConnectionInfo, field: SecretField) -> str:
        """The secret; may take seconds, so never on the thread of a window.

        Raises: SecretUnavailable secret_missing, keyring_locked, keyring_none,
        keyring_plaintext, keyring_slow, keyring_denied.
        """
        if connection.is_practice:
            return PRACTICE_TOKEN
        value = self._session.get((connection.id, field.name)) or self._environment.get(
            variable_name(connection.name, field.name)
        )
        if value is None:
            value = self._stored(connection, field)
        if not value and not field.optional:
            raise SecretUnavailable("secret_missing", label=field.label, connection=connection.name)
        self._redactor.learn([value or ""])
        return value or ""

    def set(self, connection: ConnectionInfo, field: SecretField, value: str) -> None:
        """Keep a secret in the keyring.

        Raises: SecretUnavailable.
        """
        self._redactor.learn([value])
        user = self._user(connection, field)
        self._ask(connection, field, lambda backend: backend.set_password(SERVICE, user, value))
        self._session.pop((connection.id, field.name), None)

    def _stored(self, connection: ConnectionInfo, field: SecretField) -> str | None:
        user = self._user(connection, field)
        try:
            return self._ask(connection, field, lambda backend: backend.get_password(SERVICE, user))
        except SecretUnavailable as error:
            if field.optional and error.code in ("keyring_none", "keyring_plaintext"):
                return None  # nothing can have been kept
            raise

    def keep_for_session(self, connection: ConnectionInfo, field_name: str, value: str) -> None:
        """Keep a secret in memory only, until this process ends."""
        self._redactor.learn([value])
        self._session[connection.id, field_name] = value

    def delete(self, connection: ConnectionInfo, field: SecretField) -> None:
        """Forget a secret; one that is not there is no error.

        Raises: SecretUnavailable.
        """
        self._session.pop((connection.id, field.name), None)
        user = self._user(connection, field)

        def delete(backend: Backend) -> None:
            if backend.get_password(SERVICE, user) is not None:
                backend.delete_password(SERVICE, user)

        self._ask(connection, field, delete)

    def _user(self, connection: ConnectionInfo, field: SecretField) -> str:
        return f"{self._uid}/{connection.id}/{field.name}"

    def _backend(self, variable: str) -> Backend:
        """The best store of the allow-list, whatever a configuration file prefers."""
        others = []
        for backend in self._backends():
            name = f"{type(backend).__module__}.{type(backend).__qualname__}"
            if name in ALLOWED_BACKENDS:
                chosen: Backend = backend
                return chosen
            if name not in _IGNORED_BACKENDS:
                others.append(name)
        if others:
            raise SecretUnavailable("keyring_plaintext", backend=others[0], variable=variable)
        raise SecretUnavailable("keyring_none", variable=variable)

    def _ask(
        self, connection: ConnectionInfo, field: SecretField, action: Callable[[Backend], T]
    ) -> T:
        """Ask the store on a thread of its own; one question at a time, so no storm of prompts."""
        if not self._asking.acquire(timeout=self._patience_s):
            raise SecretUnavailable("keyring_slow")
        answer: list[T] = []
        trouble: list[Exception] = []
        answered = threading.Event()
        variable = variable_name(connection.name, field.name)

        def ask() -> None:
            try:
                answer.append(action(self._backend(variable)))
            except Exception as error:  # noqa: BLE001 - backends raise their own libraries' errors
                trouble.append(error)
            finally:
                self._asking.release()
                answered.set()

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        if not answered.wait(self._patience_s):
            raise SecretUnavailable("keyring_slow")
        if trouble:
            raise _in_our_words(trouble[0], variable)
        return answer[0]


def _in_our_words(error: Exception, variable: str) -> SecretUnavailable:
    if isinstance(error, SecretUnavailable):
        return error
    found = SecretUnavailable("keyring_denied")
    if isinstance(error, keyring.errors.NoKeyringError):
        found = SecretUnavailable("keyring_none", variable=variable)
    elif isinstance(error, keyring.errors.KeyringLocked | keyring.errors.InitError):
        found = SecretUnavailable("keyring_locked")
    logger.warning("the password store said: %s", type(error).__name__)
    found.__cause__ = error
    return found
