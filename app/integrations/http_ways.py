"""The way out of this machine: which proxy applies, whom TLS trusts, why TLS failed."""

import ssl
import sys
import threading
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import truststore

# Where Linux distributions keep the certificates, for a Python that was built elsewhere.
_CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)

_CERTIFICATE_REASONS = {  # OpenSSL's verify codes
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "it has signed its certificate itself",
    19: "its certificate comes from an authority this computer does not trust",
    20: "its certificate comes from an authority this computer does not trust",
    21: "its certificate comes from an authority this computer does not trust",
    23: "its certificate was revoked",
    62: "its certificate is made out to another name",
    64: "its certificate is made out to another address",
}
_TLS_REASONS = {
    "WRONG_VERSION_NUMBER": "it does not speak TLS on this port",
    "HTTP_REQUEST": "it does not speak TLS on this port",
    "UNSUPPORTED_PROTOCOL": "it only speaks an outdated version of TLS",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it speaks no version of TLS that is safe",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it shares no safe way of encryption with us",
}


def is_loopback(host: str) -> bool:
    """True for this computer itself: such calls never leave through a proxy."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def environment_proxy(url: str) -> str | None:
    """The proxy the environment (or the system's settings) names for this address.

    `no_proxy` is honoured. May ask the name service on Windows.
    """
    parts = urlsplit(url)
    found = getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def tls_reason(error: ssl.SSLError) -> str:
    """Why TLS failed, to be read after "No safe connection to …:"."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code = getattr(error, "verify_code", 0)
        text = getattr(error, "verify_message", "") or str(error)
        return _CERTIFICATE_REASONS.get(code, text)
    reason = error.reason or "the handshake failed"
    return _TLS_REASONS.get(reason, reason.replace("_", " ").lower())


class TrustStore:
    """Makes TLS contexts: whom the system trusts, or the one authority a connection names."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[str, int], ssl.SSLContext] = {}

    def context(self, ca_file: str = "") -> ssl.SSLContext:
        """A context that checks certificate and host name; made once where it can be shared.

        truststore holds one lock per context through the whole handshake, so that a server
        that hangs there would stop every other connection: each client gets its own.
        Raises: OSError when `ca_file` cannot be read or holds no certificate.
        """
        if not ca_file and sys.platform in ("win32", "darwin"):
            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        key = (ca_file, Path(ca_file).stat().st_mtime_ns if ca_file else 0)
        with self._lock:
            if key not in self._made:
                self._made[key] = _named_context(ca_file) if ca_file else _system_context()
            return self._made[key]


def _named_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    # The file may hold the server's own certificate instead of an authority's.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return _lenient(context)


def _system_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or (paths.capath and any(Path(paths.capath).glob("*.0")))):
        found = next((name for name in _CA_FILES if Path(name).is_file()), certifi.where())
        context.load_verify_locations(found)
    return _lenient(context)


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    # Python 3.13 asks for extensions that the authorities of many companies do not write.
    context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
    return context
