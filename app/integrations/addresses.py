"""Which addresses a connection may be given: http and https, never the network's own services."""

import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data"})
_METADATA_ADDRESSES = frozenset({"100.100.100.200", "fd00:ec2::254"})
_ADDRESS_REFUSED = (
    "addresses of this kind belong to the network itself, no shop server has one; "
    "give the name or address of the server"
)


def parse_base_url(text: str) -> str:
    """The address without a slash at its end; http or https, nothing else in it.

    Host names are not looked up here; where one leads is checked when it is connected to.
    Raises: ValueError.
    """
    url = text.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or ""), parts.port
    except ValueError:
        raise ValueError("give an address like https://printsmith.example:8443") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("give an address that begins with https:// or http://")
    _refuse_extras(url, parts)
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".")
    if host in _METADATA_NAMES or is_refused(host):
        raise ValueError(_ADDRESS_REFUSED)
    return url


def server_key(base_url: str) -> str:
    """Host and port: what two connections to one server have in common."""
    parts = urlsplit(base_url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _refuse_extras(url: str, parts: SplitResult) -> None:
    if "@" in parts.netloc:
        raise ValueError("leave out the part before @; the token is asked for separately")
    if parts.query or parts.fragment or re.search(r"[\s\\]", url):
        raise ValueError("give the address without spaces, ? or #")


def is_refused(host: str) -> bool:
    """True for link-local, metadata, unspecified and multicast addresses, however written."""
    address = _address_of(host)
    if address is None:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    special = address.is_link_local or address.is_unspecified or address.is_multicast
    return special or str(address) in _METADATA_ADDRESSES


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address a host is, if it is one; "2852039166" and "0xa9fea9fe" are, too."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fx.]+", host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
