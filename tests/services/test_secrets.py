"""Secrets: where they are kept, what goes before what, and what is never shown."""

import logging

import keyring.backend
import keyring.compat.properties
import keyring.errors
import pytest

from app.core.redact import HIDDEN, Redactor
from app.services.secrets import PRACTICE_TOKEN, SERVICE, Secrets, variable_name
from tests.builders import a_connection
from tests.services.secret_stores import (
    CANARY,
    OPTIONAL,
    SHOP,
    TOKEN,
    VARIABLE,
    FakeBackend,
    a_backend,
    fails,
    named,
    refusal,
    some_secrets,
)


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
