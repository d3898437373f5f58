"""Calls over real sockets on loopback: what goes out, what comes back, what may get lost."""

import json
import logging
import time

import pytest

from app.core.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    RemoteUnavailable,
)
from tests.integrations.servers import (
    SHORT_S,
    Connect,
    Peer,
    Script,
    Serve,
    always,
    an_answer,
    answered_nothing,
    answering,
    failure,
    half_open,
    read_and_write,
)

SECRET = "CANARY-7f3a91"


# a good call


def test_answer_holds_status_headers_body_and_host(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer("418 Teapot", b'{"a":"\xc3\xa9"}', X_Thing="b", Date="today")))
    answer = connect(server.url).read("GET", "/orders")
    assert (answer.status, answer.json(), answer.text) == (418, {"a": "é"}, '{"a":"é"}')
    assert answer.headers["x-thing"] == "b"
    assert answer.host == f"127.0.0.1:{server.port}"


def test_repeated_header_is_joined(serve: Serve, connect: Connect) -> None:
    server = serve(always(b"HTTP/1.1 204 No Content\r\nLink: <a>\r\nlink: <b>\r\n\r\n"))
    assert connect(server.url).read("GET", "/").headers["link"] == "<a>, <b>"


def test_request_on_the_wire(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    client = connect(
        server.url + "/api/v1/", headers={"Authorization": "Bearer x", "accept": "a/b"}
    )
    client.write("POST", "/orders/A 1/ship", json={"n": "é"}, headers={"X-Request-Id": "7"})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /api/v1/orders/A%201/ship HTTP/1.1"
    assert set(lines[1:]) == {
        f"Host: 127.0.0.1:{server.port}".encode(),
        b"User-Agent: Backhaul",
        b"Accept-Encoding: identity",
        b"Authorization: Bearer x",
        b"accept: a/b",
        b"X-Request-Id: 7",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
    }
    assert json.loads(body) == {"n": "é"}


def test_header_of_one_call_replaces_the_client_s(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    client = connect(server.url, headers={"X-Api-Key": "old"})
    client.read("GET", "/", headers={"x-api-key": "new"})
    client.read("GET", "/")
    assert b"old" not in server.requests[0]
    assert b"x-api-key: new" in server.requests[0]
    assert b"X-Api-Key: old" in server.requests[1]


@pytest.mark.parametrize(
    ("base", "path", "target"),
    [
        ("", "", b"/"),
        ("", "orders", b"/orders"),
        ("/api", "", b"/api"),
        ("/api/", "/orders", b"/api/orders"),
        ("", "/orders/a%2Fb", b"/orders/a%2Fb"),
        ("", "/orders/1?admin=1#x", b"/orders/1%3Fadmin=1%23x"),
        ("", "/orders/1\r\nHost: evil", b"/orders/1%0D%0AHost:%20evil"),
    ],
)
def test_path_is_made_safe(
    serve: Serve, connect: Connect, base: str, path: str, target: bytes
) -> None:
    server = serve(always(an_answer()))
    connect(server.url + base).read("GET", path)
    assert server.requests[0].split(b" ")[1] == target


def test_parameters_go_into_the_query(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    connect(server.url).read("GET", "/orders", params={"since": "2026-01-01T00:00+01:00", "n": 2})
    assert server.requests[0].startswith(
        b"GET /orders?since=2026-01-01T00%3A00%2B01%3A00&n=2 HTTP/1.1\r\n"
    )


def test_empty_write_says_that_it_is_empty(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    connect(server.url).write("DELETE", "/orders/1")
    assert b"Content-Length: 0" in server.requests[0]


@pytest.mark.parametrize(
    "url",
    ["shop.example", "ftp://shop.example", "http://", "https://user:pw@shop.example",
     "https://shop.example/?a=b", "https://shop.example/#x", "http://[::1"],
)  # fmt: skip
def test_other_addresses_are_refused(connect: Connect, url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        connect(url)


def test_kept_connection_is_used_again(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    client = connect(server.url)
    for _ in range(5):
        client.write("POST", "/orders", content=b"x")
    assert (server.connections, len(server.requests)) == (1, 5)


def test_connection_the_server_closed_meanwhile_is_not_written_to(
    serve: Serve, connect: Connect
) -> None:
    server = serve(answering(an_answer()))
    client = connect(server.url)
    for number in range(1, 6):
        assert client.write("POST", "/orders", json={"n": number}).status == 200
        assert server.until_ended()
        assert (server.connections, len(server.requests)) == (number, number)


def test_connection_left_idle_too_long_is_not_used_again(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.http_wire.KEEP_ALIVE_S", 0.0)
    server = serve(always(an_answer()))
    client = connect(server.url)
    client.read("GET", "/")
    client.read("GET", "/")
    assert server.connections == 2


def test_early_refusal_of_a_large_write_is_read(serve: Serve, connect: Connect) -> None:
    def refuse(peer: Peer) -> None:
        peer.sock.recv(1024)
        peer.send(an_answer("413 Content Too Large", b"{}", connection="close"))
        peer.hang()

    client = connect(serve(refuse).url)
    assert client.write("POST", "/orders", content=b"x" * 100_000).status == 413


# sent, and then


def reset_after_request(peer: Peer) -> None:
    peer.request()
    peer.reset()


def cut_short(peer: Peer) -> None:
    peer.request()
    peer.send(an_answer(content_length="100"))


def cut_in_the_headers(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Ty")


@pytest.mark.parametrize(
    "script", [answered_nothing, reset_after_request, cut_short, cut_in_the_headers]
)
def test_answer_cut_off(serve: Serve, connect: Connect, script: Script) -> None:
    server = serve(script)
    read, write = read_and_write(connect(server.url))
    assert isinstance(read, RemoteUnavailable)
    assert read.code == "cut_off"
    assert isinstance(write, OutcomeUnknown)
    assert (write.code, write.params) == ("answer_lost", {"host": f"127.0.0.1:{server.port}"})
    assert len(server.requests) == 2  # nothing is repeated


def slow_headers(peer: Peer) -> None:
    peer.request()
    peer.drip(an_answer(x="y" * 10_000))


def slow_body(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    peer.drip(b"x" * 10_000)


def slow_chunks(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    peer.drip(b"1\r\nx\r\n" * 10_000)


def patient_for_ever(peer: Peer) -> None:
    peer.request()
    while True:
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize(
    "script", [half_open, slow_headers, slow_body, slow_chunks, patient_for_ever]
)
def test_whole_call_ends_at_its_deadline(serve: Serve, connect: Connect, script: Script) -> None:
    client = connect(serve(script).url, timeout_s=SHORT_S)
    started = time.monotonic()
    read, write = read_and_write(client)
    assert 2 * SHORT_S <= time.monotonic() - started < 2 * SHORT_S + 5
    assert isinstance(read, RemoteUnavailable)
    assert (read.code, read.params["seconds"]) == ("timeout", "0.2")
    assert isinstance(write, OutcomeUnknown)


def test_server_that_takes_the_request_slowly(serve: Serve, connect: Connect) -> None:
    def sips(peer: Peer) -> None:
        while peer.sock.recv(1) and not peer.over.wait(0.02):
            pass

    client = connect(serve(sips).url, timeout_s=1.0)
    body = b"x" * 20_000_000  # more than the buffers in between take
    started = time.monotonic()
    error = failure(lambda: client.write("POST", "/", content=body))
    assert time.monotonic() - started < 6
    assert isinstance(error, OutcomeUnknown)


def test_redirect_is_not_followed(serve: Serve, connect: Connect) -> None:
    other = serve(always(an_answer()))
    server = serve(always(an_answer("307 Temporary Redirect", location=other.url + "/orders")))
    client = connect(server.url, headers={"X-Api-Key": SECRET})
    assert client.write("POST", "/orders", json={}).status == 307
    assert client.read("GET", "/orders").status == 307
    assert other.connections == 0


# secrets


def test_secrets_are_in_no_log_and_no_error(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("httpcore").setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    server = serve(answering(an_answer(), an_answer(body=SECRET.encode()), b"garbage\r\n\r\n"))
    client = connect(server.url, headers={"Authorization": f"Bearer {SECRET}"})
    answers = [client.read("GET", "/x", params={"api_key": SECRET}) for _ in range(2)]
    error = failure(lambda: client.write("POST", f"/{SECRET}", json={"token": SECRET}))
    told = f"{caplog.text} {answers!r} {error!r} {error} {error.params} {error.excerpt}"
    assert SECRET not in told


def test_secret_with_a_line_break_is_a_wrong_secret(connect: Connect) -> None:
    with pytest.raises(CredentialsRejected) as caught:
        connect("http://shop.invalid", headers={"X-Api-Key": f"{SECRET}\n"})
    assert SECRET not in repr(caught.value.params)
    assert caught.value.__context__ is None


def test_excerpt_of_an_answer_is_cleaned(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer("400 Bad", f'{{"bad":\n"{SECRET}"}}'.encode())))
    client = connect(server.url, clean=lambda text: text.replace(SECRET, "[hidden]"))
    assert client.read("GET", "/").excerpt() == '{"bad": "[hidden]"}'
