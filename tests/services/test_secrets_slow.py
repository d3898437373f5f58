"""A password store that is slow, waits for a person, or is asked by many."""

import contextlib
import threading

import keyring.backend
import keyring.compat.properties
import keyring.errors

from app.core.errors import SecretUnavailable
from app.services.secrets import SERVICE, Secrets
from tests.builders import a_connection
from tests.processes import Caller
from tests.services.secret_stores import (
    CANARY,
    SHOP,
    TOKEN,
    VARIABLE,
    FakeBackend,
    a_backend,
    refusal,
    some_secrets,
)


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
