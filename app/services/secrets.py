"""Secrets of connections: the environment for machines without a keyring, else the keyring."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.core.errors import SecretUnavailable
from app.core.redact import Redactor
from app.core.types import ConnectionInfo
from app.integrations.base import SecretField
from app.services.password_store import Backend, PasswordStore, installed_backends

T = TypeVar("T")

SERVICE = "Backhaul"
PATIENCE_S = 10.0
PROMPT_PATIENCE_S = 60.0
"""How long a person may take at the store's own prompt while a secret is being kept."""

PRACTICE_TOKEN = "practice"  # noqa: S105 - of servers on this computer with made-up orders


def variable_name(connection_name: str, field: str) -> str:
    """The environment variable that may hold a secret."""
    return "BACKHAUL_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", f"{connection_name}_{field}".upper())


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
        prompt_patience_s: float = PROMPT_PATIENCE_S,
    ) -> None:
        self._uid = store_uid
        self._redactor = redactor
        self._store = PasswordStore(backends)
        self._environment = environment
        self._patience_s = patience_s
        self._prompt_patience_s = prompt_patience_s
        self._session: dict[tuple[int, str], str] = {}

    def when_answered_late(self, callback: Callable[[], None]) -> None:
        """Call this, on a thread of its own, when the store answers a question that nobody waits
        for any more: a person opened it at its own prompt."""
        self._store.when_answered_late(callback)

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
        """Keep a secret in the keyring; waits up to a minute for a person at its prompt.

        Raises: SecretUnavailable.
        """
        self._redactor.learn([value])
        user = self._user(connection, field)
        self._ask(
            connection,
            field,
            lambda backend: backend.set_password(SERVICE, user, value),
            self._prompt_patience_s,
        )
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
        """Forget a secret, and look again that it is gone; one that is not there is no error.

        Raises: SecretUnavailable, keyring_kept when the store still has it afterwards.
        """
        self._session.pop((connection.id, field.name), None)
        user = self._user(connection, field)

        def delete(backend: Backend) -> None:
            if backend.get_password(SERVICE, user) is None:
                return
            backend.delete_password(SERVICE, user)
            if backend.get_password(SERVICE, user) is not None:
                raise SecretUnavailable("keyring_kept", label=field.label)

        self._ask(connection, field, delete, self._prompt_patience_s)

    def _user(self, connection: ConnectionInfo, field: SecretField) -> str:
        return f"{self._uid}/{connection.id}/{field.name}"

    def _ask(
        self,
        connection: ConnectionInfo,
        field: SecretField,
        action: Callable[[Backend], T],
        patience_s: float | None = None,
    ) -> T:
        patience_s = self._patience_s if patience_s is None else patience_s
        return self._store.ask(action, patience_s, variable_name(connection.name, field.name))
