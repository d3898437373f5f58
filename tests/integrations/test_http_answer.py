"""What an answer says, and which error a status becomes where nobody knows better."""

import json
from typing import Any

import pytest

from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    PermissionMissing,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)
from app.core.redact import Redactor
from app.core.words import Catalogue
from app.integrations.http_answer import Answer, json_or_raise, raise_for_status, retry_after_s

HOST = "shop.example"
NOW_MS = 1_790_000_000_000  # Mon, 21 Sep 2026 14:13:20 GMT
PAGE = b"<!DOCTYPE html><html><title>Sign in</title></html>"


def an_answer(status: int = 200, body: bytes = b'{"a":1}', **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body, HOST, NOW_MS)


def error_of(answer: Answer, *, write: bool, **more: Any) -> BackhaulError:
    with pytest.raises(BackhaulError) as caught:
        raise_for_status(answer, write=write, **more)
    assert "?" not in Catalogue().say(caught.value.code, caught.value.params).summary
    return caught.value


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_good_status_raises_nothing(status: int) -> None:
    raise_for_status(an_answer(status), write=True)


TABLE = [
    # status, of a read, of a write, code
    (400, Rejected, Rejected, "rejected"),
    (401, CredentialsRejected, CredentialsRejected, "credentials_rejected"),
    (403, PermissionMissing, PermissionMissing, "permission_missing"),
    (404, NotFound, NotFound, "not_found"),
    (405, Rejected, Rejected, "rejected"),
    (409, Rejected, Rejected, "rejected"),
    (422, Rejected, Rejected, "rejected"),
    (425, TransientError, TransientError, "server_error"),
    (429, Throttled, Throttled, "rate_limited"),
    (500, TransientError, TransientError, "server_error"),
    (501, TransientError, TransientError, "server_error"),
    (503, RemoteUnavailable, RemoteUnavailable, "service_unavailable"),
    (301, SetupChanged, SetupChanged, "moved"),
    (304, SetupChanged, SetupChanged, "moved"),
    (307, SetupChanged, SetupChanged, "moved"),
]


@pytest.mark.parametrize(("status", "read", "write", "code"), TABLE)
def test_status_by_default(
    status: int, read: type[BackhaulError], write: type[BackhaulError], code: str
) -> None:
    for is_write, kind in ((False, read), (True, write)):
        error = error_of(an_answer(status), write=is_write, order="113-1")
        assert (type(error), error.code) == (kind, code)
        assert error.params["host"] == HOST


@pytest.mark.parametrize(
    ("status", "code"),
    [(502, "service_unavailable"), (504, "service_unavailable"), (408, "server_error")],
)
def test_one_in_between_gave_up(status: int, code: str) -> None:
    read = error_of(an_answer(status), write=False)
    assert (read.code, isinstance(read, OutcomeUnknown)) == (code, False)
    write = error_of(an_answer(status), write=True)
    assert (type(write), write.code) == (OutcomeUnknown, "answer_lost")


def test_unfinished_answer_is_unreadable() -> None:
    assert error_of(an_answer(101), write=False).code == "unreadable"
    assert isinstance(error_of(an_answer(101), write=True), OutcomeUnknown)


@pytest.mark.parametrize("write", [True, False])
def test_maintenance_page(write: bool) -> None:
    error = error_of(an_answer(503, PAGE, retry_after="120"), write=write)
    assert isinstance(error, RemoteUnavailable)
    assert (error.code, error.retry_after_s) == ("maintenance", 120)


def test_throttled_keeps_operation_and_wait() -> None:
    error = error_of(an_answer(429, retry_after="7"), write=True, operation="write")
    assert isinstance(error, Throttled)
    assert (error.operation, error.retry_after_s) == ("write", 7)


def test_unknown_order_is_named() -> None:
    assert error_of(an_answer(404), write=False, order="113-1").params["order"] == "113-1"


def test_refusal_says_what_the_remote_said_on_one_line() -> None:
    error = error_of(an_answer(400, b'{\n "message":  "No such carrier"\n}'), write=True)
    assert error.params["message"] == '{ "message": "No such carrier" }'
    assert error.excerpt == error.params["message"]


@pytest.mark.parametrize("body", [PAGE, b""])
def test_refusal_without_a_sentence_names_the_status(body: bytes) -> None:
    assert error_of(an_answer(400, body), write=True).params["message"] == "error 400"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://new.example/api?api_key=secret", "https://new.example"),
        ("http://me:secret@new.example:8080/", "http://new.example:8080"),
        ("//new.example/x", "new.example"),
        ("/login?next=secret", HOST),
        ("https://[broken/secret", ""),
        ("https://new.example:port/secret", ""),
        ("", HOST),
    ],
)
def test_redirect_shows_only_where_it_leads(location: str, target: str) -> None:
    with pytest.raises(SetupChanged) as caught:
        raise_for_status(an_answer(302, b"", location=location), write=True)
    assert caught.value.params == {"host": HOST, "target": target}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("315360000", 315360000.0),
        ("9" * 400, None),
        ("1.5", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 21 Sep 2026 14:15:20 GMT", 120.0),
        ("Mon, 21 Sep 2026 14:15:20 -0000", 120.0),
        ("Mon, 21 Sep 2026 16:15:20 +0200", 120.0),
        ("Mon, 21 Sep 2026 10:00:00 GMT", 0.0),
        ("Mon, 21 Sep 99999 14:15:20 GMT", None),
        ("Mon, 99 Sep 2026 14:15:20 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after_s(an_answer(429, retry_after=text), NOW_MS) == seconds


def test_retry_after_is_measured_by_the_clock_that_wrote_it() -> None:
    late = {"date": "Mon, 21 Sep 2026 15:13:20 GMT", "retry_after": "Mon, 21 Sep 2026 15:13:50 GMT"}
    assert retry_after_s(an_answer(503, **late), NOW_MS) == 30


def test_no_retry_after() -> None:
    assert retry_after_s(an_answer(429), NOW_MS) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":1e999}', b'{"a":-1e999}',
     b"\xff{}", b"[" * 200_000, b"1" * 10_000, PAGE, b"{} {}"],
)  # fmt: skip
def test_what_is_not_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is the contract
        an_answer(body=body).json()


@pytest.mark.parametrize("value", [{"n": 10**18, "f": 1.5, "t": "é🎁\u202e"}, [], "x", None])
def test_what_is_json(value: object) -> None:
    assert an_answer(body=json.dumps(value).encode()).json() == value
    assert an_answer(body=json.dumps(value, ensure_ascii=False).encode("utf-8-sig")).json() == value


def test_page_in_place_of_json() -> None:
    for answer in (an_answer(body=PAGE), an_answer(body=b"...", content_type="text/HTML")):
        with pytest.raises(TransientError) as read:
            json_or_raise(answer, write=False)
        assert (type(read.value), read.value.code) == (TransientError, "not_the_api")
        with pytest.raises(OutcomeUnknown) as write:
            json_or_raise(answer, write=True)
        assert write.value.code == "unreadable"


@pytest.mark.parametrize("body", [b"", b"{", b"<?xml version='1.0'?><orders/>"])
def test_something_else_in_place_of_json(body: bytes) -> None:
    with pytest.raises(TransientError) as read:
        json_or_raise(an_answer(body=body), write=False)
    assert (type(read.value), read.value.code) == (TransientError, "unreadable")


def test_json_is_handed_on() -> None:
    assert json_or_raise(an_answer(), write=True) == {"a": 1}


def test_excerpt_is_one_line_of_200() -> None:
    assert an_answer(body=b"a\r\n\tb  c" + b"\xff").excerpt() == "a b c\ufffd"
    assert an_answer(body=b"x" * 1000).excerpt() == "x" * 200


@pytest.mark.parametrize("lead", [0, 190, 16_000, 16_380])
def test_excerpt_never_shows_part_of_a_secret(lead: int) -> None:
    redactor = Redactor()
    redactor.learn(["CANARY-7f3a91"])
    body = b" " * lead + b"x CANARY-7f3a91 " + b"y" * 50_000
    answer = Answer(400, {}, body, HOST, NOW_MS, redactor.clean)
    assert "CAN" not in answer.excerpt()
    with pytest.raises(Rejected) as caught:
        raise_for_status(answer, write=True)
    assert "CAN" not in f"{caught.value} {caught.value.excerpt}"
    assert "CAN" not in repr(answer)
