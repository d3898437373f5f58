"""Secrets do not leave the program, whether we know them or only their shape."""

import json
import threading
from urllib.parse import quote

import pytest

from app.core.redact import HIDDEN, Redactor

CANARY = 'CANARY-9f+/x "ü'


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.learn([CANARY])
    return redactor


@pytest.mark.parametrize(
    "text",
    [
        f"said {CANARY}!",
        f"{CANARY}{CANARY}",
        f"https://h/?x={quote(CANARY, safe='')}&z=1",
        json.dumps({"echo": CANARY}),
        json.dumps({"echo": CANARY}, ensure_ascii=False),
    ],
)
def test_known_secret_is_hidden_wherever_it_stands(redactor: Redactor, text: str) -> None:
    cleaned = redactor.clean(text)
    assert "CANARY" not in cleaned
    assert HIDDEN in cleaned


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET https://ann:s3cretpw@shop.example/x", "s3cretpw"),
        ("GET https://tok3n@shop.example/x", "tok3n"),
        ("postgresql+x://u:p%40ss@db/backhaul", "p%40ss"),
        ("Authorization: Bearer abc.def-ghi_jkl", "abc.def"),
        ("authorization: basic QWxhZGRpbjpvcGVu", "QWxhZGRpbjpvcGVu"),
        ("?api_key=abcd1234&page=2", "abcd1234"),
        ("?API-Key=abcd1234", "abcd1234"),
        ('{"access_token": "abcd1234", "page": 2}', "abcd1234"),
        ("{'refresh_token': 'abcd1234'}", "abcd1234"),
        ("client_secret=abcd1234;x", "abcd1234"),
        ("password : hunter22", "hunter22"),
        ('{"password": "correct horse battery"}', "horse"),
        ('{"password": "a\\"horse"}', "horse"),
        (r"""{\"secret\": \"correct horse\", \"x\": 1}""", "horse"),
        ("token=a", "=a"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, secret: str) -> None:
    cleaned = Redactor().clean(text)
    assert secret not in cleaned
    assert HIDDEN in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "invoice 316132 tracking 1Z23966E0397467800",
        "GET https://shop.example/orders?page=2",
        "basic needs are met", "the token was refused", "mail ann@example.com",
    ],
)  # fmt: skip
def test_ordinary_text_is_left_alone(redactor: Redactor, text: str) -> None:
    assert redactor.clean(text) == text


@pytest.mark.parametrize(
    "text", ["https://a:b@c/?token=xyz", "Bearer abcdefgh", f"secret: {CANARY}"]
)
def test_cleaning_twice_changes_nothing_more(redactor: Redactor, text: str) -> None:
    assert redactor.clean(redactor.clean(text)) == redactor.clean(text)


def test_rest_of_the_text_stays_readable(redactor: Redactor) -> None:
    assert redactor.clean("https://a:b@h/x?api_key=k123&page=2") == (
        f"https://{HIDDEN}@h/x?api_key={HIDDEN}&page=2"
    )


def test_longer_secret_goes_first_so_that_no_tail_is_left() -> None:
    redactor = Redactor()
    redactor.learn(["abcd"])
    redactor.learn(["abcdefgh"])
    assert redactor.clean("x abcdefgh y") == f"x {HIDDEN} y"


def test_empty_and_tiny_secrets_do_not_blank_everything() -> None:
    redactor = Redactor()
    redactor.learn(["", "a", "abc"])
    assert redactor.clean("abc a") == "abc a"


def test_secrets_learned_by_many_threads_are_all_known() -> None:
    redactor = Redactor()
    secrets = [f"canary-{number:04}" for number in range(200)]
    threads = [
        threading.Thread(target=lambda part=secrets[i::8]: [redactor.learn([s]) for s in part])
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "canary-" not in redactor.clean(" ".join(secrets))
