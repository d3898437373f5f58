"""The sockets under `http.py`: every wait ends with the call, and what has left is known."""

import select
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from app.core.clock import Clock
from app.core.errors import RemoteUnavailable, SetupChanged
from app.integrations.addresses import is_refused
from app.integrations.http_ways import TrustStore, tls_reason

Resolve = Callable[..., list[tuple[Any, ...]]]
"""`socket.getaddrinfo`, or what a test puts in its place."""

KEEP_ALIVE_S = 4.0
"""Idle time after which a connection is not used again: Apache and Node close theirs at 5 s,
and a write that meets the closing must be read back."""


class Call:
    """The call under way, as its sockets see it."""

    __slots__ = ("_clock", "_ends", "ended", "host", "proxy", "sent")

    def __init__(self, clock: Clock, host: str, proxy: str) -> None:
        self._clock = clock
        self._ends = 0.0
        self.host = host
        self.proxy = proxy
        self.sent = False  # a byte of the request may have left
        self.ended = False  # the other side has closed

    def begin(self, timeout_s: float) -> None:
        """Start the one deadline everything below keeps to."""
        self._ends = self._clock.monotonic() + timeout_s
        self.sent = self.ended = False

    def remaining_s(self) -> float:
        """Seconds, more than 0.

        Raises: TimeoutError when nothing remains.
        """
        left = self._ends - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def unreachable(self, code: str) -> RemoteUnavailable:
        """Not connected. Where a proxy applies, it is the one that was not reached."""
        if self.proxy:
            return RemoteUnavailable("proxy", host=self.host, proxy=self.proxy)
        return RemoteUnavailable(code, host=self.host)


class Stream(httpcore.NetworkStream):
    """A connected socket. `counts`: the request itself goes here, not just what prepares it.

    What is written waits for the next read, so that head and body leave as one piece.
    """

    def __init__(self, sock: socket.socket, call: Call, *, counts: bool) -> None:
        self._sock = sock
        self._call = call
        self._counts = counts
        self._unsent: list[bytes] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what waits, then take up to `max_bytes`; empty at the end of the stream."""
        try:
            if self._unsent:
                self._flush()
            self._sock.settimeout(self._call.remaining_s())
            data = self._sock.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError from error
        if not data:
            self._call.ended = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep it for the next read."""
        self._unsent.append(buffer)

    def _flush(self) -> None:
        call, view = self._call, memoryview(b"".join(self._unsent))
        self._unsent.clear()
        # When TLS fails it may have sent part of what it was given; a bare socket has not.
        unsure = self._counts and isinstance(self._sock, ssl.SSLSocket)
        try:
            while view:
                self._sock.settimeout(call.remaining_s())
                call.sent = call.sent or unsure
                view = view[self._sock.send(view) :]
                call.sent = call.sent or self._counts
        except TimeoutError:
            raise
        except OSError:
            # Not the end: a server may refuse early and close, its answer is there to be read.
            return

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Raises: RemoteUnavailable; httpcore.ProxyError for a tunnel inside a proxy's TLS."""
        if isinstance(self._sock, ssl.SSLSocket):
            raise httpcore.ProxyError("no tunnel through a proxy that itself wants TLS")
        host = self._call.host
        try:
            wrapped = self._wrap(ssl_context, server_hostname)
        except TimeoutError as error:
            raise RemoteUnavailable("connect_timeout", host=host) from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise RemoteUnavailable("cut_off", host=host) from error
        except ssl.SSLError as error:
            raise RemoteUnavailable("tls", host=host, reason=tls_reason(error)) from error
        except OSError as error:
            raise RemoteUnavailable("cut_off", host=host) from error
        return Stream(wrapped, self._call, counts=True)

    def _wrap(self, context: ssl.SSLContext, name: str | None) -> ssl.SSLSocket:
        sock: socket.socket = self._sock
        try:
            # Wrapping a socket whose peer has gone would leave out the handshake.
            sock.getpeername()
            sock.settimeout(self._call.remaining_s())
            wrapped = context.wrap_socket(sock, server_hostname=name, do_handshake_on_connect=False)
            sock = wrapped
            wrapped.do_handshake()
        except BaseException:
            sock.close()
            raise
        return wrapped

    def close(self) -> None:
        """Give up the socket."""
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        """Only what httpcore asks for: an idle connection that is readable was closed."""
        return self._is_readable() if info == "is_readable" else None

    def _is_readable(self) -> bool:
        if self._sock.fileno() < 0:
            return True
        if not hasattr(select, "poll"):  # Windows; elsewhere select takes low numbers only
            return bool(select.select([self._sock], [], [], 0)[0])
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        return bool(poll.poll(0))


class Network(httpcore.NetworkBackend):
    """Opens the sockets of one client. `plain`: the request goes over them without TLS."""

    def __init__(self, call: Call, resolve: Resolve, *, plain: bool) -> None:
        self._call = call
        self._resolve = resolve
        self._plain = plain

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the addresses of a name in turn, each for its share of what remains.

        The look-up of the name keeps its own time: the system offers no way to end it.
        Raises: RemoteUnavailable; SetupChanged when the name leads only to addresses of the
        network itself.
        """
        try:
            found = self._resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self._call.unreachable("dns") from error
        if not self._call.proxy:  # the address of a proxy comes from this computer's settings
            found = self._permitted(found)
        trouble: OSError = OSError("the name has no address")
        for number, (family, kind, protocol, _, address) in enumerate(found):
            try:
                share = self._call.remaining_s() / (len(found) - number)
                return self._open(socket.socket(family, kind, protocol), address, share)
            except OSError as error:
                trouble = error
        late = isinstance(trouble, TimeoutError)
        raise self._call.unreachable("connect_timeout" if late else "refused") from trouble

    def _permitted(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Without link-local, metadata and the like: a name must not open a way to those.

        Checked on the very addresses that are then connected to, so that a second look-up
        cannot bring in another.
        """
        permitted = [entry for entry in found if not is_refused(str(entry[4][0]))]
        if found and not permitted:
            address = str(found[0][4][0])
            raise SetupChanged("address_refused", host=self._call.host, address=address)
        return permitted

    def _open(self, sock: socket.socket, address: Any, timeout_s: float) -> Stream:
        try:
            sock.settimeout(timeout_s)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            sock.close()
            raise
        return Stream(sock, self._call, counts=self._plain)


class Route:
    """Where the calls of a client go, and through which proxy."""

    def __init__(
        self,
        url: httpx.URL,
        proxy: str | None,
        network: Network,
        trust: TrustStore,
        ca_file: str,
    ) -> None:
        self.url = url
        self._proxy = proxy
        self._network = network
        self._trust = trust
        self._ca_file = ca_file

    def connection(self) -> httpcore.ConnectionInterface:
        """A new connection, opened by its first request.

        Raises: OSError when the file of the authority cannot be read, httpcore.ProxyError.
        """
        url = self.url
        context = self._trust.context(self._ca_file) if url.scheme == "https" else None
        pool = self._through_proxy(self._proxy, context) if self._proxy else self._direct(context)
        return pool.create_connection(address(url, b"/").origin)

    def _direct(self, context: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            context, keepalive_expiry=KEEP_ALIVE_S, network_backend=self._network
        )

    def _through_proxy(self, proxy: str, context: ssl.SSLContext | None) -> httpcore.HTTPProxy:
        try:
            url = httpx.URL(proxy)
        except httpx.InvalidURL as error:
            raise httpcore.ProxyError("its address cannot be read") from error
        if url.scheme not in ("http", "https") or not url.host:
            raise httpcore.ProxyError("not a proxy for HTTP")
        sign_in = (url.username.encode(), url.password.encode()) if url.userinfo else None
        return httpcore.HTTPProxy(
            address(url, b"/"),
            sign_in,
            ssl_context=context,
            proxy_ssl_context=self._trust.context() if url.scheme == "https" else None,
            keepalive_expiry=KEEP_ALIVE_S,
            network_backend=self._network,
        )


def parse_base(text: str) -> httpx.URL:
    """The address a client is made for.

    Raises: ValueError.
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError("not an address") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("an address starts with http:// or https:// and a host")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("an address ends with its path and holds no sign-in")
    return url


def label(url: httpx.URL) -> str:
    """Host and port for people; the port only where it is not the usual one."""
    return f"{url.host}:{url.port}" if url.port else url.host


def proxy_label(proxy: str | None) -> str:
    """Host and port of a proxy, never the sign-in its address may hold; empty without one."""
    return (proxy or "").rpartition("@")[2].rpartition("://")[2].rstrip("/")


def address(url: httpx.URL, target: bytes) -> httpcore.URL:
    """The same address as httpcore wants it, with path and query."""
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=target)
