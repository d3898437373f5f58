"""Every fault on command, observed from a bare socket."""

import http.client
import json
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.practice.faults import KINDS, Faults, UnknownFaultError
from app.practice.printsmith import PracticePrintSmith
from tests.bridge import INVOICE, NUMBER, REQUEST_ID
from tests.openapi import violations
from tests.practice.conftest import Caller

NOTHING_APPLIED = ("", 0)
APPLIED = (NUMBER, 1)


def held(shop: PracticePrintSmith) -> tuple[str, int]:
    """What the notes hold, and how many writes were kept."""
    return shop.notes(INVOICE), len(shop.writes)


def answer_on(line: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """One whole answer."""
    response = http.client.HTTPResponse(line)
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return response.status, headers, response.read()


def answer_to_write(caller: Caller) -> tuple[int, dict[str, str], bytes]:
    with closing(caller.send()) as line:
        return answer_on(line)


# No answer


@pytest.mark.parametrize(("kind", "left"), [("reset", NOTHING_APPLIED), ("lost_reply", APPLIED)])
def test_the_connection_is_reset_without_a_byte(
    shop: PracticePrintSmith, caller: Caller, kind: str, left: tuple[str, int]
) -> None:
    shop.fault(kind)
    with closing(caller.send()) as line, pytest.raises(ConnectionResetError):
        line.recv(1)
    assert held(shop) == left
    assert [(seen.status, seen.fault) for seen in shop.requests] == [(0, kind)]
    assert answer_to_write(caller)[0] == 200


def test_hang_answers_nothing_until_the_server_stops(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.fault("hang")
    with closing(caller.send()) as line:
        until(lambda: len(shop.requests) == 1)
        line.setblocking(False)
        with pytest.raises(BlockingIOError):
            line.recv(1)
        line.settimeout(10)
        assert held(shop) == NOTHING_APPLIED
        shop.stop()
        assert line.recv(1) == b""


def until(happened: Callable[[], bool]) -> None:
    """Look again and again; the time limit of the test ends it."""
    while not happened():
        time.monotonic()


# Slow answers, endless ones


def test_slow_answers_after_its_seconds(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("slow", seconds=0.05)
    began = time.monotonic()
    assert answer_to_write(caller)[0] == 200
    assert time.monotonic() - began >= 0.05
    assert held(shop) == APPLIED


def test_drip_answers_byte_by_byte(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("drip", seconds=30)
    shop.fault("drip", seconds=0)
    with closing(caller.send()) as line:
        assert line.recv(1000) == b"H"
        assert held(shop) == APPLIED
        assert shop.requests[0].status == 200
    status, _, body = answer_to_write(caller)
    assert (status, json.loads(body)["notes"]) == (200, NUMBER)


def test_endless_body_goes_on_and_on(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("endless")
    with closing(caller.send()) as line:
        size = 0
        while size < 3_000_000:
            size += len(line.recv(1_000_000))
    until(lambda: len(shop.requests) == 1)
    assert held(shop) == NOTHING_APPLIED
    assert answer_to_write(caller)[0] == 200


def test_gzip_bomb_unpacks_to_200_mb(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("gzip_bomb")
    status, headers, body = answer_to_write(caller)
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert len(body) == int(headers["content-length"]) < 2_000_000
    size, unpacker, packed = 0, zlib.decompressobj(wbits=31), body
    while packed:
        size += len(unpacker.decompress(packed, 5_000_000))
        packed = unpacker.unconsumed_tail
    assert (size, unpacker.eof) == (200_000_000, True)
    assert held(shop) == NOTHING_APPLIED


# Other answers


@pytest.mark.parametrize(
    ("kind", "status", "left"),
    [
        ("bad_gateway", 502, APPLIED),
        ("maintenance", 503, NOTHING_APPLIED),
        ("login_page", 200, NOTHING_APPLIED),
    ],
)
def test_web_pages_instead_of_data(
    shop: PracticePrintSmith, caller: Caller, kind: str, status: int, left: tuple[str, int]
) -> None:
    shop.fault(kind)
    found, headers, body = answer_to_write(caller)
    assert (found, headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert body.startswith(b"<!DOCTYPE html>")
    assert held(shop) == left


def test_status_after_does_it_and_says_it_failed(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("status_after", code=500)
    assert answer_to_write(caller)[0] == 500
    assert held(shop) == APPLIED


def test_twice_does_it_twice(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("twice")
    status, _, _ = answer_to_write(caller)
    assert len(shop.writes) == (2 if status == 200 else 1)
    assert NUMBER in shop.notes(INVOICE)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("server_error", 500, "internal_error"),
        ("throttle", 429, "too_many_requests"),
        ("unauthorized", 401, "unauthorized"),
        ("forbidden", 403, "no_permission"),
    ],
)
def test_refusals_of_the_contract(
    shop: PracticePrintSmith, caller: Caller, kind: str, status: int, code: str
) -> None:
    shop.fault(kind, times=3)
    for answer in (caller.probe(), caller.read(), caller.write()):
        assert answer.said == (status, code)
    assert held(shop) == NOTHING_APPLIED


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({}, "2"),
        ({"retry_after": 90}, "90"),
        ({"retry_after": "Mon, 05 Jan 2026 10:02:00 GMT"}, "Mon, 05 Jan 2026 10:02:00 GMT"),
    ],
)
def test_throttle_says_how_long(
    shop: PracticePrintSmith, caller: Caller, options: dict[str, Any], header: str
) -> None:
    shop.fault("throttle", **options)
    assert answer_to_write(caller)[1]["retry-after"] == header


def test_any_status_with_any_body_and_headers(shop: PracticePrintSmith, caller: Caller) -> None:
    """Also the rows of the error table that the shop itself never answers."""
    for status, code in ((423, "locked"), (410, "deleted"), (503, "unavailable"), (504, "odd")):
        body = {"code": code, "message": "As commanded"}
        assert violations({"$ref": "#/components/schemas/Error"}, body) == []
        shop.fault("status", code=status, body=body, headers={"Retry-After": 7})
        found, headers, text = answer_to_write(caller)
        assert (found, headers["retry-after"], json.loads(text)) == (status, "7", body)
    shop.fault("status")
    assert answer_to_write(caller)[0] == 500
    assert held(shop) == NOTHING_APPLIED


def test_an_answer_that_lacks_the_number(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("status", code=200, body=caller.charge())
    answer = caller.write()
    assert (answer.status, answer.body["notes"]) == (200, "")


@pytest.mark.parametrize(
    ("options", "target"),
    [({}, "http://127.0.0.1:9/login"), ({"to": "https://evil.invalid/"}, "https://evil.invalid/")],
)
def test_redirect(
    shop: PracticePrintSmith, caller: Caller, options: dict[str, str], target: str
) -> None:
    shop.fault("redirect", **options)
    status, headers, body = answer_to_write(caller)
    assert (status, headers["location"], body) == (302, target, b"")
    assert held(shop) == NOTHING_APPLIED


def test_garbage_is_applied_and_cannot_be_read(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("garbage")
    status, headers, body = answer_to_write(caller)
    assert (status, headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="Unterminated string"):
        json.loads(body)
    assert held(shop) == APPLIED


def test_not_stored_shows_the_number_and_keeps_nothing(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    before = caller.document()
    shop.fault("not_stored")
    assert caller.write(price="1.00").body["notes"] == NUMBER
    assert held(shop) == NOTHING_APPLIED
    assert caller.document() == before


@pytest.mark.parametrize("in_path", [False, True])
def test_edited_meanwhile_makes_the_revision_an_old_one(
    shop: PracticePrintSmith, caller: Caller, in_path: bool
) -> None:
    if in_path:
        token = caller.headers.pop("Authorization").removeprefix("Bearer ")
        caller.prefix = f"/{token}"
    shop.fault("edited_meanwhile", method="PUT")
    read = caller.read().body["revision"]
    assert caller.write(if_revision=read).said == (409, "revision_changed")
    assert held(shop) == NOTHING_APPLIED
    assert caller.read().body["revision"] != read
    assert caller.write().status == 200


def test_every_kind_is_tried_here() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []


# Which requests


def test_times_skip_and_order(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("status", times=2, skip=1, code=418)
    shop.fault("status", code=404)
    said = [answer_to_write(caller)[0] for _ in range(5)]
    assert said == [404, 418, 418, 200, 200]
    assert [seen.fault for seen in shop.requests] == ["status", "status", "status", "", ""]
    assert {seen.request_id for seen in shop.requests} == {REQUEST_ID}


def test_until_cleared(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("server_error", times=None)
    assert [answer_to_write(caller)[0] for _ in range(3)] == [500] * 3
    shop.clear_faults()
    assert answer_to_write(caller)[0] == 200


def test_only_some_methods_and_paths(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.fault("server_error", times=None, method="put", path=f"/invoices/{INVOICE}(/|$)")
    shop.add_invoice("316 133")
    assert [caller.probe().status, caller.read().status] == [200, 200]
    assert [caller.write().status, caller.write("316 133").status] == [500, 200]
    shop.clear_faults()
    shop.fault("server_error", path="^/invoices/316 133$")
    assert [caller.read().status, caller.read("316 133").status] == [200, 500]


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("flood", {}, f"there is no fault “flood”; there are: {', '.join(KINDS)}"),
        ("slow", {"second": 1}, "a fault has no option “second”; there are: times, skip, method"),
        ("slow", {"seconds": "soon"}, "the option “seconds” of a fault cannot be “soon”"),
        ("slow", {"times": 0}, "the option “times” of a fault cannot be “0”"),
        ("slow", {"skip": -1}, "the option “skip” of a fault cannot be “-1”"),
        ("slow", {"path": "("}, "the option “path” of a fault cannot be “(”"),
        ("status", {"code": "odd"}, "the option “code” of a fault cannot be “odd”"),
        ("status", {"headers": 7}, "the option “headers” of a fault cannot be “7”"),
    ],
)
def test_what_does_not_exist_is_said_in_a_sentence(
    kind: str, options: dict[str, Any], said: str
) -> None:
    faults = Faults()
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared
        faults.add(kind, **options)
    assert str(caught.value).startswith(said)
    assert isinstance(caught.value, UnknownFaultError) == (kind == "flood")
    assert faults.snapshot() == []
