"""Proves that TLS checks certificates here: one nobody vouches for is refused, a named one is not.

The two sides talk in memory; nothing is sent anywhere.
"""

import base64
import contextlib
import ssl
import sys
import tempfile
from pathlib import Path

from app.integrations.http_ways import TrustStore

HOST = "self-test.invalid"

# Made for this test alone: whoever has this key can do nothing with it. Good until 2120.
_CERTIFICATE = (
    "MIIBYDCCAQWgAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJCYWNraGF1bCBzZWxmLXRlc3QwIBcN"
    "MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB0xGzAZBgNVBAMMEkJhY2toYXVsIHNlbGYtdGVzdDBZ"
    "MBMGByqGSM49AgEGCCqGSM49AwEHA0IABAETahH2BZP7k2Cx0ofhmGIz8siCfHd842/qlHFxDlhocfShtvK9"
    "sQM2YnnFY5ZG1l6W3PDsspnSutJh1bYGgY2jNDAyMBwGA1UdEQQVMBOCEXNlbGYtdGVzdC5pbnZhbGlkMBIG"
    "A1UdEwEB/wQIMAYBAf8CAQAwCgYIKoZIzj0EAwIDSQAwRgIhAPIlRupYQs4+t7uvo1u7rLsQfrV3PJ1w/sEm"
    "wOJ0Ap4lAiEAp/dDIMLBj4Z+pyTV+0XAVCjY8HInlVl4h+3OP3WkZV8="
)
_KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBfOpogXPThQmYBNQfVwQyElP3+xI5hlaeuQc"
    "UuU1LzKhRANCAAQBE2oR9gWT+5NgsdKH4ZhiM/LIgnx3fONv6pRxcQ5YaHH0obbyvbEDNmJ5xWOWRtZeltzw"
    "7LKZ0rrSYdW2BoGN"
)
_MOST_ROUNDS = 20


def certificates() -> str:
    """What was found, in words.

    Raises: ValueError when nobody is trusted, or everybody; OSError, ssl.SSLError.
    """
    with tempfile.TemporaryDirectory(prefix="backhaul-") as name:
        authority = Path(name) / "authority.pem"
        key = Path(name) / "key.pem"
        authority.write_text(_pem("CERTIFICATE", _CERTIFICATE), "ascii")
        key.write_text(_pem("PRIVATE KEY", _KEY), "ascii")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(authority, key)
        trust = TrustStore()
        if accepts(trust.context(), server, HOST):
            raise ValueError("a certificate that nobody vouches for is trusted")
        if not accepts(trust.context(str(authority)), server, HOST):
            raise ValueError("a certificate is refused although its authority was named")
        if accepts(trust.context(str(authority)), server, f"other-{HOST}"):
            raise ValueError("a certificate made out to another name is trusted")
    return f"{_authorities(trust)}; strangers are refused"


def accepts(context: ssl.SSLContext, server: ssl.SSLContext, host: str) -> bool:
    """Whether a client with this context shakes hands with that server; in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = context.wrap_bio(to_client, to_server, server_hostname=host)
    server_side = server.wrap_bio(to_server, to_client, server_side=True)
    done = False
    for _ in range(_MOST_ROUNDS):
        try:
            client_side.do_handshake()
            done = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLCertVerificationError:
            return False
        if done:
            return True
        with contextlib.suppress(ssl.SSLWantReadError):
            server_side.do_handshake()
    raise ValueError("two sides of TLS did not come to an end")


def _authorities(trust: TrustStore) -> str:
    if sys.platform in ("win32", "darwin"):
        return "the system's store is asked"
    count = int(trust.context().cert_store_stats()["x509_ca"])
    folder = ssl.get_default_verify_paths().capath  # those are read when they are needed
    if folder:
        count = max(count, sum(1 for _ in Path(folder).glob("*.0")))
    if not count:
        raise ValueError("no certificate authority is installed")
    return f"{count} authorities trusted"


def _pem(kind: str, text: str) -> str:
    return f"-----BEGIN {kind}-----\n{_wrapped(text)}-----END {kind}-----\n"


def _wrapped(text: str) -> str:
    return base64.encodebytes(base64.b64decode(text)).decode("ascii")
