"""Opens the client of a connection: keys and password from the keyring, kept out of every text."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    SecretUnavailable,
    SetupChanged,
    Throttled,
    UsageError,
)
from app.core.redact import Redactor
from app.integrations.base import Context
from app.integrations.magento.client import StoreClient
from app.integrations.magento.person import Person, TokenMemory
from app.integrations.magento.settings import KEYS, PASSWORD, read_settings
from app.integrations.magento.signing import Keys

_MOST_BYTES = 50_000_000


class Opening:
    """Makes the client when it is first needed; `close` lets it be made anew. `all_views`: what
    it calls is meant for every store view, whatever path was set.

    Raises: SetupChanged when the settings of the connection do not fit together.
    """

    def __init__(self, context: Context, memory: TokenMemory, *, all_views: bool = False) -> None:
        self._context = context
        try:
            settings = read_settings(context.connection.settings)
        except UsageError as error:
            params: dict[str, Any] = dict(error.params)
            raise SetupChanged(error.code, **params) from error
        self.settings = settings.for_all_views() if all_views else settings
        self._memory = memory
        self._redactor = Redactor()
        self._opened: StoreClient | None = None

    def client(self) -> StoreClient:
        """Raises: SecretUnavailable."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def close(self) -> None:
        """Give up sockets."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Draw from an error what it means for the next calls, whatever they are."""
        try:
            yield
        except CredentialsRejected:
            self.close()  # keys and password are read anew next time
            raise
        except Throttled as error:
            self.heed(error)
            raise

    def heed(self, error: BackhaulError) -> None:
        """Keep to the pause that the store asked for."""
        if isinstance(error, Throttled) and error.retry_after_s is not None:
            self._context.budget.hold(error.operation, error.retry_after_s)

    def _open(self) -> StoreClient:
        settings, context = self.settings, self._context
        http = context.http.client(
            settings.base_url,
            timeout_s=settings.timeout_s,
            max_bytes=_MOST_BYTES,
            ca_file=settings.ca_file,
            clean=lambda text: context.clean(self._redactor.clean(text)),
        )
        if settings.signs:
            keys = Keys(*(self._secret(field.name, field.label) for field in KEYS))
            return StoreClient(http, settings, context.clock, keys)
        password = self._secret(PASSWORD.name, PASSWORD.label)
        person = Person(
            http, settings, password, self._memory, lambda token: self._redactor.learn([token])
        )
        return StoreClient(http, settings, context.clock, person)

    def _secret(self, name: str, label: str) -> str:
        value = self._context.secret(name).strip()
        if not value:
            name = self._context.connection.name
            raise SecretUnavailable("secret_missing", label=label, connection=name)
        self._redactor.learn([value])
        return value
