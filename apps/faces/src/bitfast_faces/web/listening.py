"""Where `serve` listens, what browsers call it, and which folders it may sort: the words of its options, checked."""

from __future__ import annotations

import ipaddress
import re
import socket
from pathlib import Path

from bitfast_faces.errors import FacesError


def origins(host: str, port: int, names: list[str], secure: bool) -> list[str]:
    """What browsers may call this server: its own addresses, and the names that were given."""
    scheme, standard = ("https", 443) if secure else ("http", 80)
    loopback = ["127.0.0.1", "localhost", "[::1]"]
    plain = f"[{host}]" if ":" in host else host
    hosts = [*(loopback if is_local(host) else []), *([] if plain in ("0.0.0.0", "[::]") else [plain]), *names]
    if not hosts:
        raise FacesError(
            f"Listening at {host}.", "No name says what browsers call this server.", "Add --name faces.example.org."
        )
    return [f"{scheme}://{each}" if port == standard else f"{scheme}://{each}:{port}" for each in dict.fromkeys(hosts)]


def behind_proxy(given: list[str]) -> list[str]:
    """What browsers call the proxy before this server. FacesError for what is no address of a site with TLS."""
    for each in given:
        if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]{1,5})?", each):
            raise FacesError(
                f"Reading --origin {each}.",
                "It is not the address of a site with TLS.",
                "Such as https://faces.example.org: lower case, without a path.",
            )
    return [each.removesuffix(":443") for each in given]


def folders(given: list[str]) -> dict[str, Path]:
    """NAME=PATH as a mapping. FacesError for what is no folder."""
    found: dict[str, Path] = {}
    for each in given:
        name, separator, path = each.partition("=")
        if not separator or not name.strip() or not Path(path).is_dir():
            raise FacesError(
                f"Reading --folder {each}.", "It is not NAME=PATH of a folder.", "Such as photos=/home/me/photos."
            )
        found[name.strip()] = Path(path).resolve()
    return found


def is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tls(host: str, certificate: Path | None, key: Path | None) -> bool:
    """Whether TLS is on; FacesError for another machine's eyes without it, as faces and tokens would be readable."""
    if (certificate is None) != (key is None):
        raise FacesError("Starting with TLS.", "Only one of --tls-cert and --tls-key was given.", "Give both.")
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise FacesError("Starting with TLS.", f"{path} is not there.", "Check the path.")
    if certificate is None and not is_local(host):
        raise FacesError(
            f"Listening at {host}.",
            "Other machines could reach it, and faces and tokens would travel readable.",
            "Give --tls-cert and --tls-key, or listen at 127.0.0.1 behind a proxy that has them, with --origin.",
        )
    return certificate is not None


def listen(host: str, port: int) -> socket.socket:
    """The socket, bound before anything is printed, so that a port in use is a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise FacesError(
            f"Listening at {host}, port {port}.", f"{error.strerror}.", "Give another --port, or stop what uses it."
        ) from None
    return listener
