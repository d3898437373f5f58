"""Secrets from the environment or the keyring, and every way in which a keyring says no."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import keyring.backend
import keyring.compat.properties
import keyring.errors
import pytest

from app.core.errors import SecretUnavailable
from app.core.redact import HIDDEN, Redactor
from app.integrations.base import SecretField
from app.services.secrets import PRACTICE_TOKEN, SERVICE, Secrets, variable_name
from tests.builders import a_connection
from tests.processes import Caller

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


@pytest.fixture
def stuck() -> Iterator[tuple[FakeBackend, threading.Event]]:
    """A store whose prompt nobody answers until the event is set."""
    answered = threading.Event()
    yield a_backend(lambda: [answered.wait(20), None][1]), answered
    answered.set()


def test_secret_that_was_set_is_got_deleted_and_gone() -> None:
    backend = a_backend()
    secrets = some_secrets(backend)
    secrets.set(SHOP, TOKEN, CANARY)
    assert secrets.get(SHOP, TOKEN) == CANARY
    assert backend.kept == {(SERVICE, "uid-1/7/token"): CANARY}
    secrets.delete(SHOP, TOKEN)
    secrets.delete(SHOP, TOKEN)
    error = refusal(lambda: secrets.get(SHOP, TOKEN))
    assert (error.code, error.params) == (
        "secret_missing", {"label": "access token", "connection": "Front desk"},
    )  # fmt: skip


def test_two_data_folders_do_not_share_secrets() -> None:
    backend = a_backend()
    some_secrets(backend).set(SHOP, TOKEN, CANARY)
    other = Secrets("uid-2", Redactor(), backends=lambda: [backend], environment={})
    assert refusal(lambda: other.get(SHOP, TOKEN)).code == "secret_missing"


@pytest.mark.parametrize(
    ("connection", "field", "variable"),
    [
        ("Front desk", "token", VARIABLE),
        ("pos-2 (new)", "api_key", "BACKHAUL_SECRET_POS_2_NEW_API_KEY"),
        ("a.b", "t", "BACKHAUL_SECRET_A_B_T"),
    ],
)
def test_variable_is_named_by_connection_and_field(
    connection: str, field: str, variable: str
) -> None:
    assert variable_name(connection, field) == variable


def test_environment_wins_and_the_keyring_is_not_asked() -> None:
    backend = a_backend(fails(keyring.errors.KeyringLocked("locked")))
    secrets = some_secrets(backend, environment={VARIABLE: CANARY})
    assert secrets.get(SHOP, TOKEN) == CANARY
    assert backend.asked == []


def test_practice_needs_no_secret() -> None:
    practice = a_connection(7, "Front desk", is_practice=True)
    assert some_secrets().get(practice, TOKEN) == PRACTICE_TOKEN


def test_secret_for_the_session_is_kept_in_memory_only() -> None:
    backend = a_backend()
    secrets = some_secrets(backend)
    secrets.keep_for_session(SHOP, "token", CANARY)
    assert secrets.get(SHOP, TOKEN) == CANARY
    assert (backend.kept, backend.asked) == ({}, [])
    assert refusal(lambda: some_secrets(backend).get(SHOP, TOKEN)).code == "secret_missing"


def test_secret_that_is_set_takes_over_from_the_one_for_the_session() -> None:
    secrets = some_secrets(a_backend())
    secrets.keep_for_session(SHOP, "token", "old-CANARY")
    secrets.set(SHOP, TOKEN, CANARY)
    assert secrets.get(SHOP, TOKEN) == CANARY


def test_deleting_forgets_the_one_for_the_session_too() -> None:
    secrets = some_secrets(a_backend())
    secrets.keep_for_session(SHOP, "token", CANARY)
    secrets.delete(SHOP, TOKEN)
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "secret_missing"


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (keyring.errors.KeyringLocked("locked"), "keyring_locked"),
        (keyring.errors.InitError("Failed to unlock the collection!"), "keyring_locked"),
        (keyring.errors.PasswordSetError("Cancelled by user"), "keyring_denied"),
        (keyring.errors.KeyringError("no"), "keyring_denied"),
        (PermissionError("no"), "keyring_denied"),
        (RuntimeError(f"bad {CANARY}"), "keyring_denied"),
        (keyring.errors.NoKeyringError("none"), "keyring_none"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("action", ["get", "set", "delete"])
def test_keyring_that_says_no_is_said_by_its_reason(
    trouble: Exception, code: str, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = some_secrets(a_backend(fails(trouble)))
    values = [CANARY] if action == "set" else []
    with caplog.at_level(logging.DEBUG):
        error = refusal(lambda: getattr(secrets, action)(SHOP, TOKEN, *values))
    assert error.code == code
    assert (code == "keyring_none") == (error.params.get("variable") == VARIABLE)
    assert error.__cause__ is trouble
    assert CANARY not in str(error) + repr(error) + caplog.text


def test_no_keyring_at_all_names_the_variable_to_set() -> None:
    for backends in ([], [named(FakeBackend(), "keyring.backends.fail.Keyring")]):
        error = refusal(lambda backends=backends: some_secrets(*backends).get(SHOP, TOKEN))
        assert (error.code, error.params) == ("keyring_none", {"variable": VARIABLE})
        assert [backend.asked for backend in backends if backend.asked] == []


@pytest.mark.parametrize(
    "name",
    ["keyrings.alt.file.PlaintextKeyring", "keyring.backends.null.Keyring", "somebody.Keyring"],
)
@pytest.mark.parametrize("action", ["get", "set", "delete"])
def test_store_outside_the_list_is_refused_by_name_and_never_asked(name: str, action: str) -> None:
    backend = named(FakeBackend(), name)
    values = [CANARY] if action == "set" else []
    error = refusal(lambda: getattr(some_secrets(backend), action)(SHOP, TOKEN, *values))
    assert error.code == "keyring_plaintext"
    assert error.params == {"backend": name, "variable": VARIABLE}
    assert (backend.asked, backend.kept) == ([], {})


def test_safe_store_is_used_although_a_plain_one_comes_first() -> None:
    plain, safe = named(FakeBackend(), "keyrings.alt.file.PlaintextKeyring"), a_backend()
    some_secrets(plain, safe).set(SHOP, TOKEN, CANARY)
    assert (len(plain.kept), len(safe.kept)) == (0, 1)


@pytest.mark.parametrize("name", ["keyrings.alt.file.PlaintextKeyring", None])
def test_optional_secret_is_empty_where_none_can_be_kept(name: str | None) -> None:
    backends = [named(FakeBackend(), name)] if name else []
    assert some_secrets(*backends).get(SHOP, OPTIONAL) == ""
    assert some_secrets(a_backend()).get(SHOP, OPTIONAL) == ""


def test_optional_secret_that_may_be_there_is_not_taken_for_empty() -> None:
    locked = a_backend(fails(keyring.errors.KeyringLocked("locked")))
    assert refusal(lambda: some_secrets(locked).get(SHOP, OPTIONAL)).code == "keyring_locked"


def test_slow_keyring_is_given_up_without_a_second_prompt(
    stuck: tuple[FakeBackend, threading.Event],
) -> None:
    backend, answered = stuck
    secrets = some_secrets(backend, patience_s=0.05)
    for _ in range(3):
        assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "keyring_slow"
    assert refusal(lambda: secrets.set(SHOP, TOKEN, CANARY)).code == "keyring_slow"
    assert backend.asked == ["get"]
    answered.set()
    backend.kept[SERVICE, "uid-1/7/token"] = CANARY
    patient = Caller(lambda: _until_answered(secrets))
    assert patient.result() == CANARY


def test_an_answer_nobody_waited_for_is_told(
    stuck: tuple[FakeBackend, threading.Event],
) -> None:
    """A person opened the store at its own prompt after we had given up."""
    backend, answered = stuck
    backend.kept[SERVICE, "uid-1/7/token"] = CANARY
    secrets, told = some_secrets(backend, patience_s=0.05), threading.Event()
    secrets.when_answered_late(told.set)
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "keyring_slow"
    assert not told.is_set()
    answered.set()
    assert told.wait(10)


def test_an_answer_in_time_and_a_late_refusal_are_not_told() -> None:
    told: list[bool] = []
    good = some_secrets(a_backend())
    good.when_answered_late(lambda: told.append(True))
    good.set(SHOP, TOKEN, CANARY)
    refused, asked = threading.Event(), threading.Event()

    def answer() -> None:
        asked.set()
        refused.wait(20)
        raise keyring.errors.KeyringLocked("dismissed")

    late = some_secrets(a_backend(answer), patience_s=0.05)
    late.when_answered_late(lambda: told.append(True))
    assert refusal(lambda: late.get(SHOP, TOKEN)).code == "keyring_slow"
    refused.set()
    Caller(lambda: _until_locked(late)).result()
    assert told == []


def _until_locked(secrets: Secrets) -> None:
    while refusal(lambda: secrets.get(SHOP, TOKEN)).code != "keyring_locked":
        pass


def test_keeping_a_secret_waits_longer_for_a_person_than_reading_one() -> None:
    prompt = threading.Event()
    backend = a_backend(lambda: [prompt.wait(20), None][1])
    secrets = some_secrets(backend, patience_s=0.01, prompt_patience_s=20.0)
    keeping = Caller(lambda: secrets.set(SHOP, TOKEN, CANARY))
    while not backend.asked:
        pass
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "keyring_slow"
    prompt.set()
    keeping.result()
    assert backend.kept == {(SERVICE, "uid-1/7/token"): CANARY}


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


def _until_answered(secrets: Secrets) -> str:
    while True:
        with contextlib.suppress(SecretUnavailable):
            return secrets.get(SHOP, TOKEN)


def test_slow_keyring_holds_up_nobody_who_does_not_need_it(
    stuck: tuple[FakeBackend, threading.Event],
) -> None:
    secrets = some_secrets(stuck[0], environment={VARIABLE: CANARY}, patience_s=0.05)
    other = a_connection(8, "Back door")
    assert refusal(lambda: secrets.get(other, TOKEN)).code == "keyring_slow"
    assert secrets.get(SHOP, TOKEN) == CANARY


def test_many_connections_ask_one_after_another() -> None:
    inside, most, lock = [0], [0], threading.Lock()

    def answer() -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with lock:
            inside[0] -= 1

    backend = a_backend(answer)
    for number in range(8):
        backend.kept[SERVICE, f"uid-1/{number}/token"] = f"{CANARY}{number}"
    secrets = some_secrets(backend)
    callers = [
        Caller(lambda n=n: secrets.get(a_connection(n, f"Shop {n}"), TOKEN)) for n in range(8)
    ]
    assert [caller.result() for caller in callers] == [f"{CANARY}{n}" for n in range(8)]
    assert most == [1]


def test_keyring_is_never_asked_on_the_callers_thread() -> None:
    backend = a_backend()
    some_secrets(backend).set(SHOP, TOKEN, CANARY)
    assert threading.get_ident() not in backend.threads


@pytest.mark.parametrize("way", ["keyring", "environment", "session", "set"])
def test_every_secret_that_passes_is_known_to_the_redactor(way: str) -> None:
    redactor, backend = Redactor(), a_backend()
    environment = {VARIABLE: CANARY} if way == "environment" else {}
    secrets = some_secrets(backend, redactor=redactor, environment=environment)
    match way:
        case "set":
            secrets.set(SHOP, TOKEN, CANARY)
        case "session":
            secrets.keep_for_session(SHOP, "token", CANARY)
        case "keyring":
            backend.kept[SERVICE, "uid-1/7/token"] = CANARY
            secrets.get(SHOP, TOKEN)
        case _:
            secrets.get(SHOP, TOKEN)
    assert redactor.clean(f"echo {CANARY}") == f"echo {HIDDEN}"


def test_secret_behind_our_back_removed_is_missing_for_that_connection_only() -> None:
    backend = a_backend()
    secrets, other = some_secrets(backend), a_connection(8, "Back door")
    for connection in (SHOP, other):
        secrets.set(connection, TOKEN, CANARY)
    del backend.kept[SERVICE, "uid-1/7/token"]
    assert refusal(lambda: secrets.get(SHOP, TOKEN)).code == "secret_missing"
    assert secrets.get(other, TOKEN) == CANARY
