"""Answers that are too large, packed, or not what they say."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from app.core.errors import (
    OutcomeUnknown,
    RemoteUnavailable,
    TransientError,
)
from tests.integrations.servers import (
    Connect,
    Peer,
    Script,
    Serve,
    always,
    an_answer,
    failure,
    read_and_write,
)


def endless(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.send(b"400\r\n" + b"x" * 1024 + b"\r\n")


def endless_without_frame(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        peer.send(b"x" * 1024)


def announces_200_mb(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\nx")
    peer.hang()


def a_bomb(peer: Peer) -> None:
    peer.request()
    peer.send(an_answer(body=gzip.compress(bytes(50_000_000)), content_encoding="gzip"))


@pytest.mark.parametrize("script", [endless, endless_without_frame, announces_200_mb, a_bomb])
def test_answer_beyond_the_cap(serve: Serve, connect: Connect, script: Script) -> None:
    read, write = read_and_write(connect(serve(script).url, max_bytes=100_000))
    assert isinstance(read, RemoteUnavailable)
    assert read.code == "too_large"
    assert isinstance(write, OutcomeUnknown)
    assert write.code == "answer_lost"


def test_bomb_stops_at_the_cap(serve: Serve, connect: Connect) -> None:
    bomb = always(an_answer(body=gzip.compress(bytes(50_000_000)), content_encoding="gzip"))
    client = connect(serve(bomb).url, max_bytes=1_000_000)
    tracemalloc.start()
    try:
        failure(lambda: client.read("GET", "/"))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_answer_at_the_cap_is_read(serve: Serve, connect: Connect) -> None:
    server = serve(always(an_answer(body=b"x" * 100_000)))
    assert len(connect(server.url, max_bytes=100_000).read("GET", "/").body) == 100_000


def _bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("GZIP", gzip.compress),
     ("deflate", zlib.compress), ("deflate", _bare), ("identity", bytes)],
)  # fmt: skip
def test_packed_answer_is_unpacked(
    serve: Serve, connect: Connect, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    server = serve(always(an_answer(body=pack(b'{"ok":1}'), content_encoding=encoding)))
    assert connect(server.url).read("GET", "/").json() == {"ok": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000 + b"\r\n\r\n",
        an_answer(body=b"no gzip", content_encoding="gzip"),
        an_answer(body=gzip.compress(b"{}")[:-4], content_encoding="gzip"),
        an_answer(content_encoding="br"),
    ],
    ids=["banner", "status", "length", "chunk", "headers", "gzip", "gzip-cut", "br"],
)
def test_answer_that_is_not_what_it_says(serve: Serve, connect: Connect, answer: bytes) -> None:
    def play(peer: Peer) -> None:
        peer.request()
        peer.send(answer)
        peer.hang()

    read, write = read_and_write(connect(serve(play).url))
    assert type(read) is TransientError
    assert read.code == "unreadable"
    assert isinstance(write, OutcomeUnknown)
