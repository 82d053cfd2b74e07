"""The page's files: read once from the package, known by name; no request's path ever becomes a file's."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from bitfast_faces.web.guard import HEADERS, POLICY

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
SIGN_IN = "signin.html"


@dataclass(frozen=True)
class File:
    content: bytes
    type: str
    tag: str

    def response(self, request: Request) -> Response:
        """The file, or 304; `no-cache` lets a browser keep it if it asks each time whether it changed."""
        headers = {"etag": self.tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(self.content, headers=headers, media_type=self.type)


def load() -> Mapping[str, File]:
    """The files of web/static by name, but for the sign-in page."""
    found = {}
    for entry in files("bitfast_faces.web").joinpath("static").iterdir():
        suffix = entry.name[entry.name.rfind(".") :]
        if suffix in TYPES and entry.name != SIGN_IN:
            content = entry.read_bytes()
            found[entry.name] = File(content, TYPES[suffix], f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    return found


def sign_in_page() -> Response:
    """The page that asks for a token, answered with 401: all of it in one, as nothing else is given before."""
    text = files("bitfast_faces.web").joinpath("static", SIGN_IN).read_text(encoding="utf-8")
    policy = POLICY.format(script=_hash(text, "script"), style=_hash(text, "style"))
    headers = {"content-security-policy": policy, "cache-control": HEADERS["cache-control"]}
    return Response(text, 401, headers, media_type=TYPES[".html"])


def _hash(text: str, element: str) -> str:
    """The CSP source of the page's only inline element of that kind (CSP 3, 2.3.1)."""
    found = re.search(f"<{element}>(.*?)</{element}>", text, re.DOTALL)
    if found is None:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()}'"
