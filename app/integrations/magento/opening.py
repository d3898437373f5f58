"""Opens the client of a connection: keys and password from the keyring, kept out of every text."""

from app.core.errors import SecretUnavailable
from app.core.redact import Redactor
from app.integrations.base import Context
from app.integrations.magento.client import StoreClient
from app.integrations.magento.person import Person, TokenMemory
from app.integrations.magento.settings import KEYS, PASSWORD, Settings
from app.integrations.magento.signing import Keys

_MOST_BYTES = 50_000_000


class Opening:
    """Makes the client when it is first needed; `close` lets it be made anew."""

    def __init__(self, context: Context, settings: Settings, memory: TokenMemory) -> None:
        self._context = context
        self._settings = settings
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

    def _open(self) -> StoreClient:
        settings, context = self._settings, self._context
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
