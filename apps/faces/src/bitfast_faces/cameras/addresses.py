"""Where events may go: an address that can be used, and, where they name people, one that nobody else can read.

Names of recognised people, places and times, and a broker's password, travel by TLS; readable only to this very
machine, or where `plain = true` says that the way is protected otherwise.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bitfast_faces.errors import FacesError

_PATH = "/%:@!$&'()*+,;=~-._"  # RFC 3986, 3.3; what is percent-encoded already stays so
_QUERY = _PATH + "?"


@dataclass(frozen=True)
class Address:
    """A checked address; `path` is percent-encoded and holds the query."""

    host: str
    port: int
    path: str
    secure: bool


def checked(
    url: str, schemes: tuple[str, str], ports: tuple[int, int], tried: str, *, confidential: bool, plain: bool
) -> Address:
    """The address of a url. `schemes` and `ports` are the readable one and that with TLS. Raises FacesError."""
    readable, protected = schemes
    advice = f'Write url = "{protected}://HOST".'
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError as error:  # brackets, a port above 65535, a label longer than 63
        raise FacesError(tried, f"Its url cannot be read: {error}.", advice) from None
    if parts.scheme not in schemes or not host or any(not sign.isprintable() or sign == " " for sign in host):
        raise FacesError(tried, f"Its url is no {readable}:// or {protected}:// address.", advice)
    if parts.username or parts.password:
        happened = "Its url holds a user or password."
        raise FacesError(tried, happened, "Secrets are named by environment variables; take them out of the url.")
    secure = parts.scheme == protected
    if confidential and not (secure or plain or _here(host)):
        happened = f"Events that name people, or a password, would be readable on the way to {host}."
        raise FacesError(tried, happened, f"Use {protected}://, or plain = true where the network is protected itself.")
    path = quote(parts.path or "/", safe=_PATH) + (f"?{quote(parts.query, safe=_QUERY)}" if parts.query else "")
    return Address(host, port or ports[secure], path, secure)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
