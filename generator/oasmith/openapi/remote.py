"""References to the web: fetched from public addresses only, and locked by digest.

A document is not to be trusted with the network of whoever runs oasmith. So every host is resolved
first, each address it has must be a public one, and the connection is made to the very address
that was looked at; the same for each redirect. Proxies are not used.
"""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import socket
import ssl
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, urljoin, urlsplit

from oasmith.openapi.refs import Broken

REDIRECTS = 5
SECONDS = 30.0
"""How long one fetch may take, redirects and all."""

_MEBIBYTE = 1024**2

Resolve = Callable[[str, int], list[str]]
"""Answers the addresses of a host. Raises OSError."""

Connect = Callable[[str, int, float], socket.socket]
"""Opens a connection to an address and a port, in so many seconds at most. Raises OSError."""


class Refused(Exception):
    """What stands at an address is not fetched, or cannot be; the text says why."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """Open a connection."""
    return socket.create_connection((address, port), timeout=timeout)


class Remote:
    """Fetches what references to the web lead to, each address once.

    `locked` are the digests of before; `digests` are those of this run.
    """

    def __init__(
        self,
        locked: Mapping[str, str],
        *,
        size: int,
        resolve: Resolve = resolve,
        connect: Connect = connect,
    ) -> None:
        self.digests: dict[str, str] = {}
        self._locked = locked
        self._size = size
        self._resolve = resolve
        self._connect = connect

    def read(self, url: str) -> bytes | Broken:
        """Return what is at an address, unless it is not what was there before."""
        try:
            data = self._fetch(url)
        except Refused as refused:
            return Broken(code="remote-unreadable", message=f"cannot read {url}: {refused}")
        digest = hashlib.sha256(data.removeprefix(BOM_UTF8)).hexdigest()
        before = self._locked.get(url)
        if before is not None and before != digest:
            return Broken(
                code="remote-changed",
                message=f"{url} is not what it was: its SHA-256 is {digest}, locked is {before}",
                hint="look at it; to accept it, delete its line from oasmith.lock",
            )
        self.digests[url] = digest
        return data

    def _fetch(self, url: str) -> bytes:
        """Follow redirects to a body. Raises `Refused`."""
        end = time.monotonic() + SECONDS
        was_secure = False
        for _ in range(REDIRECTS + 1):
            parts = _checked(url)
            if was_secure and parts.scheme == "http":
                raise Refused(f"it leads from https to {url}")
            was_secure = parts.scheme == "https"
            try:
                found = self._get(parts, end)
            except (OSError, http.client.HTTPException, UnicodeError) as error:
                raise Refused(str(error) or type(error).__name__) from None
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise Refused(f"there are more than {REDIRECTS} redirects")

    def _get(self, parts: SplitResult, end: float) -> bytes | str:
        """Return a body, or where a redirect leads. Raises `Refused`, OSError, HTTPException."""
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = self._resolve(host, port)
        for address in addresses:
            if not is_public(address):
                raise Refused(f"{host} is {address}, which is not a public address")
        if not addresses:
            raise Refused(f"{host} has no address")
        connection = http.client.HTTPConnection(host, port, timeout=_left(end))
        sock = self._connect(addresses[0], port, _left(end))
        try:
            if parts.scheme == "https":
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            connection.sock = sock
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            standard = parts.port is None or parts.port == (443 if parts.scheme == "https" else 80)
            name = f"[{host}]" if ":" in host else host
            headers = {
                "Host": name if standard else f"{name}:{port}",
                "Accept": "application/json, application/yaml, */*;q=0.5",
                "Accept-Encoding": "identity",
                "User-Agent": "oasmith",
            }
            connection.request("GET", path, headers=headers)
            sock.settimeout(_left(end))
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                target = response.getheader("Location")
                if target is None:
                    raise Refused("a redirect does not say where to")
                return target
            if response.status != 200:
                raise Refused(f"the server answers {response.status}")
            return self._body(response, sock, end)
        finally:
            connection.close()
            sock.close()

    def _body(self, response: http.client.HTTPResponse, sock: socket.socket, end: float) -> bytes:
        data = bytearray()
        while True:
            if sock.fileno() >= 0:  # closed once the whole answer has been received
                sock.settimeout(_left(end))
            chunk = response.read1(65536)
            if not chunk:
                if response.length:
                    raise Refused("the answer ends before its end")
                return bytes(data)
            data += chunk
            if len(data) > self._size:
                raise Refused(f"it is larger than {self._size // _MEBIBYTE} MiB")


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the internet at large, not of some network or machine.

    An address of IPv6 that carries one of IPv4 is judged by that, too.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip.ipv4_mapped
        if carried is not None:
            return is_public(str(carried))
        tunnel = [ip.sixtofour, *(ip.teredo or ())]
        if not all(is_public(str(end)) for end in tunnel if end is not None):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _left(end: float) -> float:
    """Return the seconds that are left. Raises `Refused`."""
    left = end - time.monotonic()
    if left <= 0:
        raise Refused(f"it takes longer than {SECONDS:.0f} seconds")
    return left


def _checked(url: str) -> SplitResult:
    """Take an address apart. Raises `Refused`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(str(error)) from None
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{url} is neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise Refused("there is a user or password in the address")
    if not parts.hostname or port == 0:
        raise Refused("there is no host in the address")
    if not url.isascii() or any(char <= " " for char in url):
        raise Refused("the address has characters that must be escaped")
    return parts
