"""Servers on loopback that follow a script to the byte, for tests of what goes wrong on a wire."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.errors import BackhaulError
from app.core.words import Catalogue
from app.integrations.http import Answer, HttpClient


class Gone(Exception):
    """The client has closed, or the test is over."""


class Peer:
    """One accepted connection, as a script sees it."""

    def __init__(self, sock: socket.socket, server: "ScriptedServer") -> None:
        self.sock = sock
        self.over = server.over
        self._server = server
        self._read = b""

    def request(self) -> bytes:
        """Read one request, head and body, and note it."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, rest = self._read.partition(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        self._read = rest
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        self._server.requests.append(head + b"\r\n\r\n" + body)
        return self._server.requests[-1]

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise Gone
        self._read += data

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def drip(self, data: bytes, every_s: float = 0.02) -> None:
        """One byte at a time until the client has had enough."""
        for byte in data:
            self.send(bytes([byte]))
            if self.over.wait(every_s):
                raise Gone

    def hang(self) -> None:
        """Say nothing until the client goes or the test ends."""
        while self.sock.recv(65536):
            pass

    def reset(self) -> None:
        """Close so that the client sees a reset instead of an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def secure(self, context: ssl.SSLContext) -> None:
        """Go on under TLS."""
        self.sock = self._server.track(context.wrap_socket(self.sock, server_side=True))


Script = Callable[[Peer], None]
Serve = Callable[..., "ScriptedServer"]
Connect = Callable[..., HttpClient]
SHORT_S = 0.2
"""A deadline that a test waits for."""


class ScriptedServer:
    """Plays one script per accepted connection; the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.over = threading.Event()
        self._ended = threading.Semaphore(0)
        self._scripts = scripts
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._start(self._accept)

    def until_ended(self) -> bool:
        """Until one more script has run to its end and its connection is closed."""
        return self._ended.acquire(timeout=10)

    def track(self, sock: socket.socket) -> socket.socket:
        self._open.append(sock)
        return sock

    def stop(self) -> None:
        self.over.set()
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.track(sock)
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            self._start(lambda script=script, sock=sock: self._play(script, sock))  # type: ignore[misc]

    def _play(self, script: Script, sock: socket.socket) -> None:
        peer = Peer(sock, self)
        with contextlib.suppress(OSError, Gone):
            script(peer)
        peer.sock.close()
        sock.close()
        self._ended.release()


@contextlib.contextmanager
def serving(*scripts: Script) -> Iterator[ScriptedServer]:
    """A server for the time of a `with` block."""
    server = ScriptedServer(*scripts)
    try:
        yield server
    finally:
        server.stop()


def answering(*answers: bytes) -> Script:
    """One request, one answer, in turn; then the connection is closed."""

    def play(peer: Peer) -> None:
        for answer in answers:
            peer.request()
            peer.send(answer)

    return play


def always(answer: bytes) -> Script:
    """The same answer to every request on a kept connection."""

    def play(peer: Peer) -> None:
        while True:
            peer.request()
            peer.send(answer)

    return play


def an_answer(status: str = "200 OK", body: bytes = b'{"ok":true}', **headers: str) -> bytes:
    """A whole answer; `retry_after="3"` becomes the header Retry-After."""
    named = {"content_type": "application/json", "content_length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def answered_nothing(peer: Peer) -> None:
    peer.request()


def half_open(peer: Peer) -> None:
    peer.request()
    peer.hang()


def over_tls(context: ssl.SSLContext, script: Script) -> Script:
    def play(peer: Peer) -> None:
        peer.secure(context)
        script(peer)

    return play


def secure_url(server: ScriptedServer) -> str:
    return f"https://127.0.0.1:{server.port}"


def a_certificate(
    folder: Path, name: str = "127.0.0.1", *, expired: bool = False
) -> tuple[ssl.SSLContext, str]:
    """A server context with a self-signed certificate for `name`, and the file to trust it by."""
    skip = "cryptography is not installed here to make a certificate with"
    x509 = pytest.importorskip("cryptography.x509", reason=skip)
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - may be absent
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - may be absent

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=-1 if expired else 1)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(until - dt.timedelta(days=3))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )
    shown, whole = folder / "certificate.pem", folder / "certificate-and-key.pem"
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    shown.write_bytes(pem)
    whole.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    return context, str(shown)


def failure(action: Callable[[], Answer]) -> BackhaulError:
    """The error of a call that must fail, and must have words."""
    with pytest.raises(BackhaulError) as caught:
        action()
    said = Catalogue().say(caught.value.code, caught.value.params)
    assert "?" not in said.summary
    return caught.value


def read_and_write(client: HttpClient) -> tuple[BackhaulError, BackhaulError]:
    """What a read and a write of the same misfortune become."""
    return (
        failure(lambda: client.read("GET", "/orders")),
        failure(lambda: client.write("POST", "/orders", json={"a": 1})),
    )


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
