"""Password stores in memory, and what asks them."""

import threading
from collections.abc import Callable
from typing import Any

import keyring.backend
import keyring.compat.properties
import keyring.errors
import pytest

from app.core.errors import SecretUnavailable
from app.core.redact import Redactor
from app.integrations.base import SecretField
from app.services.secrets import Secrets
from tests.builders import a_connection

CANARY = "CANARY-0f9a7c"
TOKEN = SecretField("token", "access token", "")
OPTIONAL = SecretField("proxy", "proxy password", "", optional=True)
SHOP = a_connection(7, "Front desk")
VARIABLE = "BACKHAUL_SECRET_FRONT_DESK_TOKEN"


class FakeBackend:
    """A password store in memory, which does what its `answer` does when it is asked."""

    def __init__(self, answer: Callable[[], None] = lambda: None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self._answer = answer

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.threads.add(threading.get_ident())
        self._answer()

    def get_password(self, service: str, username: str) -> str | None:
        self._ask("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask("set")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._ask("delete")
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


def named(backend: FakeBackend, name: str) -> FakeBackend:
    """The same store under the name of a known or unknown kind."""
    module, _, kind = name.rpartition(".")
    backend.__class__ = type(kind, (FakeBackend,), {"__module__": module, "__qualname__": kind})
    return backend


def a_backend(answer: Callable[[], None] = lambda: None) -> FakeBackend:
    return named(FakeBackend(answer), "keyring.backends.SecretService.Keyring")


def fails(error: Exception) -> Callable[[], None]:
    def answer() -> None:
        raise error

    return answer


def some_secrets(*backends: FakeBackend, redactor: Redactor | None = None, **more: Any) -> Secrets:
    more = {"environment": {}, "patience_s": 10.0, **more}
    more.setdefault("prompt_patience_s", more["patience_s"])
    return Secrets("uid-1", redactor or Redactor(), backends=lambda: [*backends], **more)


def refusal(action: Callable[[], object]) -> SecretUnavailable:
    with pytest.raises(SecretUnavailable) as caught:
        action()
    return caught.value
