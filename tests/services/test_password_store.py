"""A password store that lies, ends, or starts later than the program."""

import keyring.backend
import keyring.compat.properties
import keyring.errors
import pytest

from app.core.redact import Redactor
from app.services.secrets import Secrets
from tests.services.secret_stores import (
    CANARY,
    SHOP,
    TOKEN,
    FakeBackend,
    a_backend,
    fails,
    refusal,
    some_secrets,
)


def test_a_store_that_keeps_what_it_was_told_to_delete_is_caught() -> None:
    class Stubborn(FakeBackend):
        def delete_password(self, service: str, username: str) -> None:
            self._ask("delete")

    backend = Stubborn()
    backend.__class__ = type(
        "Keyring", (Stubborn,), {"__module__": "keyring.backends.SecretService"}
    )
    secrets = some_secrets(backend)
    secrets.set(SHOP, TOKEN, CANARY)
    error = refusal(lambda: secrets.delete(SHOP, TOKEN))
    assert (error.code, error.params) == ("keyring_kept", {"label": "access token"})
    assert backend.asked == ["set", "get", "delete", "get"]


def test_a_store_that_ended_meanwhile_counts_as_none() -> None:
    gone = type("SecretServiceNotAvailableException", (Exception,), {})
    init = keyring.errors.InitError("Failed to create the collection")
    init.__cause__ = gone("no daemon")
    for error in (gone("no daemon"), init):
        code = refusal(lambda e=error: some_secrets(a_backend(fails(e))).get(SHOP, TOKEN)).code
        assert code == "keyring_none"


def test_a_store_that_starts_after_us_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library remembers what it found first; a person must not have to restart us."""

    class Keyring(keyring.backend.KeyringBackend):  # named as the allowed one
        is_there = False

        @keyring.compat.properties.classproperty
        def priority(cls) -> float:
            if not cls.is_there:
                raise RuntimeError("the daemon is not running")
            return 9.0

        def get_password(self, service: str, username: str) -> str | None:
            return CANARY

        def set_password(self, service: str, username: str, password: str) -> None: ...

        def delete_password(self, service: str, username: str) -> None: ...

    Keyring.__module__, Keyring.__qualname__ = "keyring.backends.SecretService", "Keyring"
    monkeypatch.setattr(keyring.backend.KeyringBackend, "_classes", {Keyring})
    monkeypatch.setattr(keyring.backend, "get_all_keyring", list)  # what it found first
    secrets = Secrets("uid-1", Redactor(), environment={})
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "keyring_none"
    Keyring.is_there = True
    assert secrets.get(SHOP, TOKEN) == CANARY


def test_a_store_that_ended_is_not_asked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its priority raises then, which must not look like a refusal."""

    class Keyring(keyring.backend.KeyringBackend):
        @keyring.compat.properties.classproperty
        def priority(cls) -> float:
            raise RuntimeError("the daemon is not running")

        def get_password(self, service: str, username: str) -> str | None:
            raise AssertionError("asked")

        def set_password(self, service: str, username: str, password: str) -> None: ...

        def delete_password(self, service: str, username: str) -> None: ...

    Keyring.__module__, Keyring.__qualname__ = "keyring.backends.SecretService", "Keyring"
    monkeypatch.setattr(keyring.backend.KeyringBackend, "_classes", {Keyring})
    monkeypatch.setattr(keyring.backend, "get_all_keyring", lambda: [Keyring()])
    secrets = Secrets("uid-1", Redactor(), environment={})
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "keyring_none"
