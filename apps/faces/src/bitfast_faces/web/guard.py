"""What stands before every route: host, who asks, size, how often, and the headers of every answer."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from math import ceil

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bitfast_faces.web import bodies, problems
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.rates import Rates
from bitfast_faces.web.sessions import Principal, Sessions
from bitfast_faces.web.tokens import TokenFile

API = "/api/v1"
UPLOADS = f"{API}/pictures"
SIGN_IN = f"{API}/session"
SAFE = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY.format(script="'self'", style="'self'"),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """Lets a request through to `inner` with `scope["principal"]` set, or answers it with a problem.

    Without a token or a session every path gives 401; at `/` that answer is the page which asks for the token.
    """

    def __init__(
        self, inner: ASGIApp, config: WebConfig, tokens: TokenFile, sessions: Sessions, sign_in_page: Response
    ) -> None:
        self._inner = inner
        self._config = config
        self._tokens = tokens
        self._sessions = sessions
        self._sign_in_page = sign_in_page
        self._rates = Rates(config.requests_per_second, config.burst)
        self._strangers = Rates(config.strangers_per_second, config.strangers_burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._config.secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        try:
            answer = self._refusal(scope)
            if answer is None and not _is_upload(scope):  # the route of uploads counts its own
                asked = f"{scope['method']} {scope['path']}"
                body = await bodies.whole(receive, asked, self._limit(scope["path"]), self._config.body_seconds)
                receive = bodies.again(body, receive)
            await (answer or self._inner)(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass  # nobody is there to be answered
        except Problem as problem:
            await problem.response()(scope, receive, send_with_headers)
        except Exception as error:  # the user sees a problem, the log what it was
            answer = problems.of_surprise(error).response()
            if not started:
                await answer(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """None when the request may go on; else an answer, or a Problem raised."""
        headers, path, method = Headers(scope=scope), scope["path"], scope["method"]
        asked = f"{method} {path}"
        if headers.get("host", "") not in self._config.hosts:
            raise Problem(
                421, asked, "The request names a host that this server is not.", "Use the address that `serve` printed."
            )
        principal = self._principal(headers)
        signing_in = path == SIGN_IN and method == "POST"
        if principal is None or signing_in:
            client = (scope.get("client") or ("unknown", 0))[0]
            _slow_down(asked, self._strangers.take(f"stranger:{client}"))
        if principal is None and not signing_in:
            if path == "/" and method in SAFE:
                return self._sign_in_page
            raise Problem(
                401,
                asked,
                "The request has no token, or one that is not valid (any more).",
                "Send `Authorization: Bearer …`; `bitfast-faces token new` makes one.",
                {"WWW-Authenticate": 'Bearer realm="bitfast-faces"'},
            )
        if signing_in or (principal is not None and principal.by_cookie):
            self._same_origin(asked, method, headers)
        if principal is not None:
            _slow_down(asked, self._rates.take(principal.key, self._config.upload_cost if _is_upload(scope) else 1.0))
        upload = _is_upload(scope)
        bodies.check_length(asked, headers, self._config.upload_bytes if upload else self._limit(path), chunked=upload)
        scope["principal"] = principal
        scope["allowed"] = lambda: self._principal(headers) is not None  # for answers that last
        return None

    def _principal(self, headers: Headers) -> Principal | None:
        kind, _, text = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            token = self._tokens.find(text.strip())
            return Principal(f"token:{token.id}", token.name, frozenset(token.scopes)) if token else None
        value = cookie(headers, cookie_name(self._config))
        found = self._sessions.find(value) if value else None
        return found if found and (not found.token or self._tokens.holds(found.token)) else None

    def _same_origin(self, asked: str, method: str, headers: Headers) -> None:
        """A cookie counts only for requests of the page itself.

        SameSite does not tell two ports of one host apart, so Sec-Fetch-Site and Origin are looked at too
        (Fetch Metadata, W3C); a browser that sends neither cannot change anything.
        """
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        foreign = (origin is not None and origin not in self._config.origins) or site in ("cross-site", "same-site")
        silent = origin is None and site is None and method not in SAFE
        if foreign or silent:
            raise Problem(
                403, asked, "The request comes from another page.", "Use the page itself, or a token in Authorization."
            )

    def _limit(self, path: str) -> int:
        """How long the body of a request to this path may be."""
        return self._config.sign_in_bytes if path == SIGN_IN else self._config.body_bytes


def _is_upload(scope: Scope) -> bool:
    return bool(scope["path"] == UPLOADS and scope["method"] == "POST")


def cookie_name(config: WebConfig) -> str:
    """Cookies do not know ports: the name does, so that two servers on one host do not sign each other out."""
    port = min(config.hosts).rpartition(":")[2]
    return f"bitfast-faces-{port}" if port.isdecimal() else "bitfast-faces"


def cookie(headers: Headers, name: str) -> str | None:
    for line in headers.getlist("cookie"):
        try:
            found = SimpleCookie(line).get(name)
        except CookieError:
            continue
        if found is not None:
            return found.value
    return None


def _slow_down(asked: str, wait: float) -> None:
    if wait > 0:
        seconds = ceil(wait)
        raise Problem(
            429,
            asked,
            "There were too many requests.",
            f"Wait {seconds} s, then go on more slowly.",
            {"Retry-After": str(seconds)},
        )
