"""Every call over real sockets is heard once, as what it was for the API."""

import errno
import socket
from contextlib import suppress

import pytest

from app.core.clock import SystemClock
from app.core.errors import BackhaulError
from app.core.health import Api, Result, Way
from app.integrations.calls import Calls, Heard
from app.integrations.http import Answer, HttpClient, HttpFactory
from tests.integrations.servers import (
    SHORT_S,
    Peer,
    Script,
    Serve,
    always,
    an_answer,
    answered_nothing,
    half_open,
)

HTML = b"<!DOCTYPE html><html><body>Back soon</body></html>"
PAGE = {"content_type": "text/html"}


class Ears:
    """Clients whose calls are heard."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.calls = Calls(Api.ORDERS, self.heard.append)

    def client(self, url: str, **more: object) -> HttpClient:
        factory = HttpFactory(
            clock=SystemClock(),
            proxies=lambda _: None,
            resolve=more.pop("resolve", lookup),  # type: ignore[arg-type]
        )
        return factory.heard_by(self.calls).client(url, timeout_s=SHORT_S, **more)  # type: ignore[arg-type]

    def read(self, client: HttpClient) -> Heard:
        """One read; what was heard of it."""
        return self._one(lambda: client.read("GET", "/"), client)

    def write(self, client: HttpClient) -> Heard:
        """One write; what was heard of it."""
        return self._one(lambda: client.write("POST", "/", json={}), client)

    def _one(self, call: object, client: HttpClient) -> Heard:
        assert callable(call)
        before = len(self.heard)
        with suppress(BackhaulError):
            call()
        client.close()
        assert len(self.heard) == before + 1
        return self.heard[-1]


lookup = socket.getaddrinfo


@pytest.fixture
def ears() -> Ears:
    return Ears()


def cut(peer: Peer) -> None:
    peer.request()
    peer.reset()


ANSWERS = [
    (an_answer(), Result.OK, ""),
    (an_answer("204 No Content", b""), Result.OK, ""),
    (an_answer(body=b'"a bare string"'), Result.OK, ""),
    (an_answer(body=b" \n[]"), Result.OK, ""),
    (an_answer("400 Bad Request"), Result.REFUSED, ""),
    (an_answer("404 Not Found"), Result.REFUSED, ""),
    (an_answer("409 Conflict"), Result.REFUSED, ""),
    (an_answer("423 Locked"), Result.REFUSED, ""),
    (an_answer("429 Too Many Requests"), Result.REFUSED, ""),
    (an_answer("401 Unauthorized"), Result.FAILED, "credentials_rejected"),
    (an_answer("403 Forbidden"), Result.FAILED, "permission_missing"),
    (an_answer("408 Request Timeout"), Result.FAILED, "server_error"),
    (an_answer("500 Oh"), Result.FAILED, "server_error"),
    (an_answer("502 Bad Gateway"), Result.FAILED, "service_unavailable"),
    (an_answer("503 Away"), Result.FAILED, "service_unavailable"),
    (an_answer("503 Away", HTML, **PAGE), Result.FAILED, "maintenance"),
    (an_answer("302 Found", location="https://elsewhere.test/"), Result.FAILED, "moved"),
    (an_answer(body=HTML, **PAGE), Result.FAILED, "not_the_api"),
    (an_answer(body=HTML), Result.FAILED, "unreadable"),
    (an_answer(body=b""), Result.FAILED, "unreadable"),
    (b"what is this?\r\n\r\n", Result.FAILED, "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "result", "code"), ANSWERS)
def test_what_an_answer_is_for_the_api(
    serve: Serve, ears: Ears, answer: bytes, result: Result, code: str
) -> None:
    heard = ears.read(ears.client(serve(always(answer)).url))
    assert (heard.api, heard.way, heard.result, heard.code) == (
        Api.ORDERS, Way.READ, result, code
    )  # fmt: skip


@pytest.mark.parametrize(
    ("script", "code"), [(half_open, "answer_lost"), (cut, "answer_lost"),
                         (answered_nothing, "answer_lost")]
)  # fmt: skip
def test_a_lost_answer_is_an_error_of_the_api(
    serve: Serve, ears: Ears, script: Script, code: str
) -> None:
    heard = ears.write(ears.client(serve(script).url))
    assert (heard.way, heard.result, heard.code) == (Way.WRITE, Result.FAILED, code)


def test_the_time_of_a_call_is_its_whole_time(serve: Serve, ears: Ears) -> None:
    late = ears.read(ears.client(serve(half_open).url))
    assert 0.9 * SHORT_S * 1000 <= late.took_ms < 10_000
    assert late.code == "timeout"


def test_a_machine_that_refuses_was_reached_a_name_that_is_unknown_was_not(ears: Ears) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    refused = ears.read(ears.client(url))
    assert (refused.result, refused.code) == (Result.FAILED, "refused")

    def unknown(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    lost = ears.read(ears.client("http://shop.test", resolve=unknown))
    assert (lost.result, lost.code) == (Result.NETWORK, "dns")


def test_a_pulled_cable_is_not_held_against_the_server(
    ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(self: socket.socket, address: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", no_way)
    heard = ears.read(ears.client("http://127.0.0.1:9"))
    assert (heard.result, heard.code) == (Result.NETWORK, "refused")


def test_an_adapter_knows_what_is_about_one_record(serve: Serve, ears: Ears) -> None:
    def is_limit(answer: Answer) -> bool:
        return b"no_free_session" in answer.body

    busy = an_answer("503 Busy", b'{"code":"no_free_session"}')
    assert ears.read(ears.client(serve(always(busy)).url, is_refusal=is_limit)).result is (
        Result.REFUSED
    )


def test_a_call_is_for_what_the_adapter_says(serve: Serve, ears: Ears) -> None:
    client = ears.client(serve(always(an_answer())).url)
    with ears.calls.of(Api.SIGN_IN):
        client.read("GET", "/")
        with ears.calls.of(None):
            client.read("GET", "/")
    client.read("GET", "/")
    client.close()
    assert [one.api for one in ears.heard] == [Api.SIGN_IN, Api.ORDERS]


def test_calls_that_nobody_hears_stay_unheard(serve: Serve) -> None:
    heard: list[Heard] = []
    calls = Calls(None, heard.append)
    factory = HttpFactory(clock=SystemClock(), proxies=lambda _: None).heard_by(calls)
    client = factory.client(serve(always(an_answer())).url)
    with calls.of(Api.ORDERS):
        client.read("GET", "/")
    client.close()
    assert heard == []
