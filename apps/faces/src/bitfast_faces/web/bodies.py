"""Request bodies: counted while they come in, whatever their headers say, and given up when too long or too slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from bitfast_faces.web.problems import Problem

LEAST_BYTES_PER_SECOND = 32 << 10


def check_length(asked: str, headers: Headers, limit: int, chunked: bool) -> None:
    """Refuses, before a byte is read, what says that it is too long, and what says its length twice or not at all.

    A body with both Content-Length and Transfer-Encoding is framed by the latter (RFC 9112, 6.3), which makes the
    length that was checked another one's: refused. `chunked` says whether a body may come without its length.
    """
    length, coding = headers.getlist("content-length"), "transfer-encoding" in headers
    if len(length) > 1 or (length and coding):
        raise Problem(
            400,
            asked,
            "The request says in two ways how long it is.",
            "Send Content-Length or Transfer-Encoding, not both.",
            {"Connection": "close"},
        )
    if length and (not length[0].isdecimal() or len(length[0]) > 18 or int(length[0]) > limit):
        raise too_large(asked, limit)
    if coding and not chunked:
        raise Problem(
            411, asked, "The request does not say how long it is.", "Send Content-Length.", {"Connection": "close"}
        )


async def whole(
    receive: Receive, asked: str, limit: int, seconds: float, count: Callable[[int], None] = lambda size: None
) -> bytes:
    """The body, at most `limit` bytes. `count` is told of every part's size and may refuse it.

    It may take `seconds`, and more only while LEAST_BYTES_PER_SECOND come in. ClientDisconnect when nobody is there.
    """
    parts: list[bytes] = []
    size = 0
    begin = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(seconds) as clock:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                size += len(part)
                if size > limit:
                    raise too_large(asked, limit)
                count(len(part))
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
                clock.reschedule(begin + seconds + size / LEAST_BYTES_PER_SECOND)
    except TimeoutError:
        raise Problem(
            408,
            asked,
            "It took too long to arrive.",
            "Send it again over a faster line.",
            {"Connection": "close"},
        ) from None


def again(body: bytes, receive: Receive) -> Receive:
    """What gives `body` once more, and then what comes after it: that the client has gone."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def too_large(asked: str, limit: int) -> Problem:
    return Problem(
        413,
        asked,
        f"The request is longer than {limit} bytes.",
        "Send less at once; --upload-megabytes of `serve` bounds pictures.",
        {"Connection": "close"},
    )
