"""Who is answered at all: programs of this computer with the key, in well-formed calls."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.endpoint import server as server_module
from app.endpoint.auth import PERIOD_S, WRONG_CALLS
from app.endpoint.server import CONNECTIONS, MAX_BODY
from app.services.letterbox import Letterbox
from tests.endpoint.counter import JSON, KEY, Counter, a_record
from tests.fakes.clock import FakeClock
from tests.processes import Caller, until

RECORD = json.dumps(a_record())


@pytest.mark.parametrize(
    "given",
    [
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {KEY[:-1]}"}, {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": f"Basic {KEY}"}, {"Authorization": KEY},
        {"Authorization": "Bearer é"}, {"X-Api-Key": KEY},
    ],
    ids=str,
)  # fmt: skip
def test_without_the_key_nothing_is_taken(counter: Counter, given: dict[str, str]) -> None:  # F1
    answered = counter.call(body=RECORD, headers={**JSON, **given}, key=None)
    assert (answered.status, answered.content["error"]) == (401, "call_key")
    assert answered.headers["www-authenticate"] == "Bearer"
    assert counter.rows() == []


def test_a_key_of_a_megabyte_is_cut_off(counter: Counter) -> None:
    said = counter.raw(b"POST /intake HTTP/1.1\r\nAuthorization: Bearer " + b"x" * 1_000_000)
    assert said.startswith(b"HTTP/1.0 431 ") or said == b""  # it still sent when that was answered
    assert counter.rows() == []
    assert counter.post(a_record()).status == 202


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_names_of_this_computer_are_answered(counter: Counter, name: str) -> None:
    host = {**JSON, "Host": f"{name}:{counter.port}"}
    assert counter.call(body=RECORD, headers=host).status == 202


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", "evil.test:{port}", "127.0.0.1", "localhost:1", "127.0.0.1:{port}.evil.test",
        "localhost.evil.test:{port}", "0.0.0.0:{port}", "127.0.0.1:{port}, evil.test", "",
    ],
)  # fmt: skip
def test_other_names_are_not(counter: Counter, host: str) -> None:  # F4: DNS rebinding
    named = {**JSON, "Host": host.format(port=counter.port)}
    answered = counter.call(body=RECORD, headers=named)
    assert (answered.status, answered.content["error"]) == (403, "call_host")
    assert counter.rows() == []


def test_a_call_without_a_host_is_refused(counter: Counter) -> None:
    said = counter.raw(b"GET /intake/1 HTTP/1.0\r\n\r\n")
    assert b" 403 Forbidden\r\n" in said


@pytest.mark.parametrize("origin", ["null", "http://evil.test", "http://127.0.0.1:8765", ""])
def test_web_pages_are_refused_with_the_right_key_too(counter: Counter, origin: str) -> None:  # F5
    answered = counter.call(body=RECORD, headers={**JSON, "Origin": origin})
    assert (answered.status, counter.rows()) == (403, [])
    assert not [name for name in answered.headers if name.startswith("access-control")]


def test_a_preflight_gets_no_permission(counter: Counter) -> None:
    asking = {"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"}
    answered = counter.call("OPTIONS", headers=asking, key=None)
    assert answered.status == 403
    assert not [name for name in answered.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(counter: Counter, method: str) -> None:
    answered = counter.call(method, headers={})
    assert (answered.status, answered.headers["allow"]) == (405, "POST")
    assert counter.call("POST", "/intake/1").headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/", "/intakes", "/intake.json", "/../intake", "/admin", "/%2e"])
def test_other_places_do_not_exist(counter: Counter, path: str) -> None:  # F10
    assert counter.call(path=path, body=RECORD).status == 404


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "json"])
def test_only_json_is_read(counter: Counter, kind: str) -> None:
    answered = counter.call(body=RECORD, headers={"Content-Type": kind})
    assert (answered.status, counter.rows()) == (415, [])


def test_json_may_name_its_encoding(counter: Counter) -> None:
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    assert counter.call(body=RECORD, headers=kind).status == 202


def test_answers_name_no_server_and_no_version(counter: Counter) -> None:
    for said in (
        counter.raw(counter.head("Content-Length: 2") + b"{}"),
        counter.raw(b"garbage\r\n\r\n"),
        counter.raw(counter.head("Content-Length: 99999999")),
    ):
        assert said.startswith(b"HTTP/1.")
        lowered = said.lower()
        assert not [
            word for word in (b"waitress", b"python", b"server:", b"via:") if word in lowered
        ]


@pytest.mark.parametrize(
    "call",
    [
        b"\x00" * 100 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST http://evil.test/intake HTTP/1.1\r\nHost: evil.test\r\n\r\n",
        b"POST /intake HTTP/1.1\r\nBad Header\r\n\r\n",
        b"POST /intake HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345",
        b"POST /intake HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /intake HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
        b"POST /intake HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_call_is_refused_in_few_words(counter: Counter, call: bytes) -> None:  # F10
    said = counter.raw(call)
    assert b'"call_broken"' in said
    assert said.split(b" ", 2)[1] in (b"400", b"501")
    assert counter.post(a_record()).status == 202  # and others are served


def test_old_http_and_several_calls_on_one_line(counter: Counter) -> None:
    one = counter.head(method="GET", path="/intake/7").replace(b"Connection: close\r\n", b"")
    said = counter.raw(one + one)
    assert said.count(b" 404 Not Found") == 2
    assert b" 404 " in counter.raw(one.replace(b"HTTP/1.1", b"HTTP/1.0"))


@pytest.mark.parametrize("size", [MAX_BODY + 1, 1_000_000, 3_000_000])
def test_content_that_is_too_large_is_told(counter: Counter, size: int) -> None:
    answered = counter.call(body=b" " * size)
    assert (answered.status, answered.content["error"]) == (413, "call_too_large")
    assert str(MAX_BODY) in answered.content["hint"]


def test_content_as_large_as_allowed_is_read(counter: Counter) -> None:
    assert counter.call(body=RECORD.encode().ljust(MAX_BODY)).status == 202


def test_content_in_pieces_has_the_same_limit(counter: Counter) -> None:
    head = counter.head("Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    said = counter.raw(head + piece * 5 + b"0\r\n\r\n")
    assert b" 413 " in said or said == b""
    body = RECORD.encode()
    whole = head + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    assert b" 202 Accepted" in counter.raw(whole)


@pytest.fixture
def slow_counter(tmp_path: Path) -> Iterator[tuple[Counter, FakeClock]]:
    clock = FakeClock()
    with Counter(tmp_path, clock) as counter:
        yield counter, clock


def test_who_guesses_is_held_up_and_who_knows_is_not(
    slow_counter: tuple[Counter, FakeClock],
) -> None:
    counter, clock = slow_counter
    for _ in range(WRONG_CALLS):
        assert counter.call(key="guess").status == 401
    held = Caller(lambda: counter.call(key="guess"))
    assert clock.until_waiting()
    others = [counter.call(key="guess") for _ in range(3)]  # only one is held at a time
    assert {answer.status for answer in others} == {429}
    assert 1 <= int(others[0].headers["retry-after"]) <= PERIOD_S + 1
    assert counter.post(a_record()).status == 202
    clock.advance(1.0)
    assert held.result().status == 429
    clock.advance(PERIOD_S)
    assert counter.call(key="guess").status == 401


def test_who_is_slow_is_let_go(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "CALL_S", 0.5)
    with socket.create_connection(("127.0.0.1", counter.port), timeout=20) as line:
        line.sendall(b"POST /intake HTTP/1.1\r\n")
        drips = 0
        with contextlib.suppress(OSError):
            while drips < 400:  # a byte now and then, so that it never says nothing
                line.sendall(b"X")
                drips += 1
                line.settimeout(0.05)
                with contextlib.suppress(TimeoutError):
                    if line.recv(100) == b"":
                        break
        assert 0 < drips < 400


def test_idle_connections_do_not_keep_others_out(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "IDLE_S", 0.5)
    with contextlib.ExitStack() as lines:
        for _ in range(CONNECTIONS + 10):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", counter.port)))
            line.sendall(b"POST ")
        assert counter.post(a_record()).status == 202


def test_a_call_under_way_is_answered_at_the_end(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()
    take = Letterbox.take

    def slowly(box: Letterbox, entries: object) -> object:
        entered.set()
        assert go_on.wait(20)
        return take(box, entries)  # type: ignore[arg-type]

    monkeypatch.setattr(Letterbox, "take", slowly)
    call = Caller(lambda: counter.post(a_record()))
    assert entered.wait(20)
    idle = socket.create_connection(("127.0.0.1", counter.port))
    stop = Caller(lambda: counter.server.stop(20))
    assert until(lambda: not _listens(counter.port))
    assert idle.recv(10) == b""  # one that asked for nothing is hung up on
    idle.close()
    go_on.set()
    assert call.result().status == 202
    stop.result()
    assert not counter.server.is_alive()
    assert len(counter.rows()) == 1


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_port_in_use_is_an_error(counter: Counter) -> None:
    with pytest.raises(OSError, match="in use"):
        counter.open()


def test_it_listens_again_at_once(counter: Counter) -> None:
    counter.post(a_record())
    counter.server.stop(3)
    counter.server = counter.open()
    assert counter.post(a_record()).status == 200


def test_nobody_else_on_the_network_is_listened_to(counter: Counter) -> None:  # F3
    found = counter.server._listener.socket.getsockname()
    assert found == ("127.0.0.1", counter.port)
