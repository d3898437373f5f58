"""Which calls go through a proxy, and what its refusals become."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import (
    OutcomeUnknown,
    RemoteUnavailable,
)
from app.integrations.http_ways import environment_proxy
from tests.integrations.servers import (
    SHORT_S,
    Connect,
    Peer,
    Script,
    ScriptedServer,
    Serve,
    a_certificate,
    a_free_port,
    always,
    an_answer,
    answered_nothing,
    failure,
    half_open,
    read_and_write,
)

SECRET = "CANARY-7f3a91"


def through(server: ScriptedServer, sign_in: str = "") -> Callable[[str], str]:
    return lambda url: f"http://{sign_in}127.0.0.1:{server.port}"


def test_plain_call_goes_through_the_proxy(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer()))
    client = connect("http://shop.invalid/api", proxies=through(server, "me:pa%40ss@"))
    assert [client.write("POST", "/x", json={}).status for _ in range(2)] == [200, 200]
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST http://shop.invalid/api/x HTTP/1.1\r\n")
    assert b"Host: shop.invalid\r\n" in server.requests[0]
    assert b"Proxy-Authorization: Basic bWU6cGFAc3M=\r\n" in server.requests[0]


def test_secure_call_goes_through_a_tunnel(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    context, ca_file = a_certificate(tmp_path, "shop.invalid")

    def tunnel(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 Connected\r\n\r\n")
        peer.secure(context)
        peer.request()
        peer.send(an_answer())
        peer.request()

    server = serve(tunnel)
    client = connect(
        "https://shop.invalid", ca_file=ca_file, proxies=through(server), headers={"K": SECRET}
    )
    assert client.write("POST", "/x", json={}).status == 200
    lost = failure(lambda: client.write("POST", "/x", json={}))
    assert isinstance(lost, OutcomeUnknown)
    assert server.requests[0].startswith(b"CONNECT shop.invalid:443 HTTP/1.1\r\n")
    assert SECRET.encode() not in server.requests[0]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_wants_a_sign_in_is_named(serve: Serve, connect: Connect, scheme: str) -> None:
    server = serve(always(an_answer("407 Proxy Authentication Required", b"")))
    client = connect(f"{scheme}://shop.invalid", proxies=through(server, f"me:{SECRET}@"))
    for error in read_and_write(client):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "proxy"
        assert error.params == {"host": "shop.invalid", "proxy": f"127.0.0.1:{server.port}"}


@pytest.mark.parametrize("script", [answered_nothing, Peer.reset, half_open])
def test_proxy_that_breaks_off_before_the_tunnel_stands(
    serve: Serve, connect: Connect, script: Script
) -> None:
    client = connect("https://shop.invalid", proxies=through(serve(script)), timeout_s=SHORT_S)
    for error in read_and_write(client):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "proxy"


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:{port}", "socks5://127.0.0.1:{port}", "http://[", "x"]
)
def test_proxy_that_cannot_be_used(connect: Connect, proxy: str) -> None:
    port = a_free_port()
    client = connect("https://shop.invalid", proxies=lambda url: proxy.format(port=port))
    for error in read_and_write(client):
        assert isinstance(error, RemoteUnavailable)
        assert error.code == "proxy"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_never_proxied(serve: Serve, connect: Connect, host: str) -> None:
    server, proxy = serve(always(an_answer())), serve(always(an_answer()))

    def resolve(host: str, port: int, **options: Any) -> Any:
        return socket.getaddrinfo("127.0.0.1", port, **options)

    client = connect(f"http://{host}:{server.port}", proxies=through(proxy), resolve=resolve)
    assert client.read("GET", "/").status == 200
    assert (server.connections, proxy.connections) == (1, 0)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://shop.example/x", "http://proxy.example:3128"),
        ("https://shop.example/x", "http://me:pw@secure.example:3129"),
        ("https://intern.example", None),
        ("https://api.intern.example:8443", None),
        ("https://10.0.0.7", None),
    ],
)
def test_proxy_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    monkeypatch.setenv("https_proxy", "http://me:pw@secure.example:3129")
    monkeypatch.setenv("no_proxy", "intern.example,10.0.0.7")
    assert environment_proxy(url) == proxy
