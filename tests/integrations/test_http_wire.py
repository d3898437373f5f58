"""Names, connections and TLS: until the request is sent nothing can have happened there."""

import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpcore
import pytest

from app.core.clock import SystemClock
from app.core.errors import OutcomeUnknown, RemoteUnavailable, SetupChanged
from app.core.words import Catalogue
from app.integrations.http_wire import Call, Network, Stream
from tests.fakes.clock import FakeClock
from tests.integrations.servers import (
    SHORT_S,
    Connect,
    Peer,
    Script,
    Serve,
    a_certificate,
    a_free_port,
    always,
    an_answer,
    answered_nothing,
    answering,
    failure,
    over_tls,
    read_and_write,
    secure_url,
)

# not reached: nothing was sent, for a write neither


def test_unknown_name(connect: Connect) -> None:
    def resolve(*args: object, **options: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    for error in read_and_write(connect("http://shop.invalid", resolve=resolve)):
        assert isinstance(error, RemoteUnavailable)
        assert (error.code, error.params) == ("dns", {"host": "shop.invalid"})


def test_name_that_no_name_service_takes(connect: Connect) -> None:
    assert failure(lambda: connect(f"http://{'a' * 64}.invalid").read("GET", "/")).code == "dns"


def test_look_up_that_uses_up_the_time(connect: Connect) -> None:
    clock = FakeClock()

    def resolve(*args: object, **options: object) -> Any:
        clock.advance(60)
        return socket.getaddrinfo("127.0.0.1", 9, type=socket.SOCK_STREAM)

    for error in read_and_write(connect("http://shop.invalid", resolve=resolve, clock=clock)):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "connect_timeout"


def test_refused(connect: Connect) -> None:
    port = a_free_port()
    for error in read_and_write(connect(f"http://127.0.0.1:{port}")):
        assert isinstance(error, RemoteUnavailable)
        assert (error.code, error.params) == ("refused", {"host": f"127.0.0.1:{port}"})


def test_second_address_of_a_name_is_tried(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))

    def resolve(*args: object, **options: Any) -> Any:
        ports = (a_free_port(), server.port)
        return [
            entry for port in ports for entry in socket.getaddrinfo("127.0.0.1", port, **options)
        ]

    assert connect("http://shop.invalid", resolve=resolve).read("GET", "/").status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="others refuse where Linux stays silent")
def test_address_that_stays_silent_leaves_time_for_the_next(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    with a_silent_port() as silent:

        def resolve(*args: object, **options: Any) -> Any:
            return [
                entry
                for port in (silent, server.port)
                for entry in socket.getaddrinfo("127.0.0.1", port, **options)
            ]

        client = connect("http://shop.invalid", resolve=resolve, timeout_s=2 * SHORT_S)
        assert client.write("POST", "/", json={}).status == 200
        for error in read_and_write(connect(f"http://127.0.0.1:{silent}", timeout_s=SHORT_S)):
            assert isinstance(error, RemoteUnavailable)
            assert error.code == "connect_timeout"


@pytest.mark.parametrize(
    "leads_to",
    ["169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%lo", "::ffff:169.254.169.254"],
)
def test_name_that_leads_into_the_network_itself(connect: Connect, leads_to: str) -> None:
    client = connect("http://shop.invalid", resolve=resolving_to(leads_to))
    for error in read_and_write(client):
        assert isinstance(error, SetupChanged)
        params = {"host": "shop.invalid", "address": leads_to}
        assert (error.code, error.params) == ("address_refused", params)
        said = Catalogue().say(error.code, error.params)
        assert said.summary.startswith(f"shop.invalid leads to {leads_to}, an address of the netw")
        assert said.hint


def test_address_of_the_network_itself_is_refused_without_a_name(connect: Connect) -> None:
    for error in read_and_write(connect("http://169.254.169.254")):
        assert error.code == "address_refused"


def test_other_addresses_of_such_a_name_are_used(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    resolve = resolving_to("fe80::1", "127.0.0.1", port=server.port)
    assert connect("http://shop.invalid", resolve=resolve).read("GET", "/").status == 200


class NobodyThere(Network):
    """Every address it is led to refuses."""

    def _open(self, sock: socket.socket, address: Any, timeout_s: float) -> Stream:
        sock.close()
        raise ConnectionRefusedError


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.20", "::1"])
def test_addresses_inside_the_shop_are_permitted(leads_to: str) -> None:
    call = Call(SystemClock(), "shop.invalid", "")
    call.begin(10)
    with pytest.raises(RemoteUnavailable, match="refused"):
        NobodyThere(call, resolving_to(leads_to), plain=True).connect_tcp("shop.invalid", 80)


def resolving_to(*addresses: str, port: int = 80) -> Any:
    """A name service that knows one name, with these addresses."""

    def resolve(*args: object, **options: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for text in addresses:
            family = socket.AF_INET6 if ":" in text else socket.AF_INET
            place = (text, port, 0, 0) if ":" in text else (text, port)
            found.append((family, socket.SOCK_STREAM, 0, "", place))
        return found

    return resolve


@contextmanager
def a_silent_port() -> Iterator[int]:
    """A listener whose queue is full: it answers no further call."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])


def test_socket_that_takes_no_byte_has_sent_nothing() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    call = Call(SystemClock(), "shop.example", "")
    call.begin(10)
    stream = Stream(ours, call, counts=True)
    stream.write(b"POST / HTTP/1.1\r\n\r\n")
    assert stream.read(100) == b""
    assert call.ended
    assert not call.sent
    stream.close()


# TLS


def test_named_authority_is_trusted(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    context, ca_file = a_certificate(tmp_path)
    server = serve(over_tls(context, always(an_answer())))
    client = connect(secure_url(server), ca_file=ca_file)
    assert [client.write("POST", "/", json={}).status for _ in range(3)] == [200] * 3
    assert server.connections == 1


def test_kept_tls_connection_the_server_closed_is_not_written_to(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    context, ca_file = a_certificate(tmp_path)
    server = serve(over_tls(context, answering(an_answer())))
    client = connect(secure_url(server), ca_file=ca_file)
    for number in range(1, 4):
        assert client.write("POST", "/", json={}).status == 200
        assert server.until_ended()
        assert len(server.requests) == number


@pytest.mark.parametrize(
    ("name", "expired", "named", "reason"),
    [
        ("127.0.0.1", False, False, "it has signed its certificate itself"),
        ("127.0.0.1", True, True, "its certificate has expired"),
        ("127.0.0.2", False, True, "its certificate is made out to another address"),
        ("shop.example", False, True, "its certificate is made out to another address"),
    ],
)
def test_certificate_that_does_not_hold(
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    name: str,
    expired: bool,
    named: bool,
    reason: str,
) -> None:
    context, ca_file = a_certificate(tmp_path, name, expired=expired)
    server = serve(over_tls(context, always(an_answer())))
    for error in read_and_write(connect(secure_url(server), ca_file=ca_file if named else "")):
        assert isinstance(error, RemoteUnavailable)
        assert (error.code, error.params["reason"]) == ("tls", reason)
    assert server.requests == []


def test_certificate_for_another_name(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    context, ca_file = a_certificate(tmp_path, "shop.example")
    server = serve(over_tls(context, always(an_answer())))

    def resolve(host: str, port: int, **options: Any) -> Any:
        return socket.getaddrinfo("127.0.0.1", server.port, **options)

    good = connect("https://shop.example", ca_file=ca_file, resolve=resolve)
    assert good.read("GET", "/").status == 200
    wrong = connect("https://other.example", ca_file=ca_file, resolve=resolve)
    error = failure(lambda: wrong.read("GET", "/"))
    assert error.params["reason"] == "its certificate is made out to another name"


def test_plain_server_on_a_secure_address(serve: Serve, connect: Connect) -> None:
    def plain(peer: Peer) -> None:
        peer.sock.recv(100)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    error = failure(lambda: connect(secure_url(serve(plain))).write("POST", "/", json={}))
    assert isinstance(error, RemoteUnavailable)
    assert error.params["reason"] == "it does not speak TLS on this port"


def refuse_the_version(peer: Peer) -> None:
    """As a server that only knows older ones: TLS's own alert "protocol version"."""
    peer.sock.recv(65536)
    peer.sock.sendall(bytes([21, 3, 1, 0, 2, 2, 70]))


def test_outdated_tls_is_refused(serve: Serve, connect: Connect) -> None:
    client = connect(secure_url(serve(refuse_the_version)))
    error = failure(lambda: client.write("POST", "/", json={}))
    assert isinstance(error, RemoteUnavailable)
    assert (error.code, error.params["reason"]) == (
        "tls",
        "it speaks no version of TLS that is safe",
    )


def test_server_that_hangs_in_the_handshake(serve: Serve, connect: Connect) -> None:
    client = connect(secure_url(serve(Peer.hang)), timeout_s=SHORT_S)
    for error in read_and_write(client):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "connect_timeout"


def close_after_hello(peer: Peer) -> None:
    peer.sock.recv(65536)


def reset_after_hello(peer: Peer) -> None:
    peer.sock.recv(65536)
    peer.reset()


@pytest.mark.parametrize("script", [close_after_hello, reset_after_hello])
def test_server_that_leaves_in_the_handshake(
    serve: Serve, connect: Connect, script: Script
) -> None:
    for error in read_and_write(connect(secure_url(serve(script)))):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "cut_off"


def test_failed_sending_under_tls_may_have_sent(serve: Serve, tmp_path: Path) -> None:
    context, ca_file = a_certificate(tmp_path)
    server = serve(over_tls(context, Peer.reset))
    call = Call(SystemClock(), "shop.example", "")
    call.begin(10)
    bare = Stream(socket.create_connection(("127.0.0.1", server.port)), call, counts=False)
    stream = bare.start_tls(ssl.create_default_context(cafile=ca_file), "127.0.0.1")
    assert server.until_ended()
    assert not call.sent
    stream.write(b"POST / HTTP/1.1\r\n\r\n")
    with suppress(httpcore.ReadError):
        stream.read(100)
    assert call.sent
    stream.close()


def test_answer_lost_under_tls(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    context, ca_file = a_certificate(tmp_path)
    server = serve(over_tls(context, answered_nothing))
    read, write = read_and_write(connect(secure_url(server), ca_file=ca_file))
    assert read.code == "cut_off"
    assert isinstance(write, OutcomeUnknown)


def test_authority_file_that_is_not_there(connect: Connect, tmp_path: Path) -> None:
    missing, empty = tmp_path / "missing.pem", tmp_path / "empty.pem"
    empty.write_text("")
    for path in (missing, empty):
        client = connect("https://127.0.0.1:9", ca_file=str(path))
        error = failure(lambda client=client: client.write("POST", "/"))  # type: ignore[misc]
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "tls"
