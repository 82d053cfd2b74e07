"""What cameras report, live: Server-Sent Events (WHATWG HTML, 9.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from bitfast_faces.cameras.events import Subscription
from bitfast_faces.web.access import Watching, Work
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.services import STREAMS, Services

router = APIRouter(tags=["cameras"])
POLL_SECONDS = 1.0


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(caller: Watching, request: Request, work: Work) -> StreamingResponse:
    """Events as they happen, a JSON object each. A comment line now and then shows that the line is up."""
    if work.backends.bus is None:
        raise Problem(
            404,
            "Following cameras",
            "This server watches none.",
            "Start `bitfast-faces serve` with --cameras FILE.",
        )
    if len(work.streams) >= STREAMS:
        raise Problem(503, "Following cameras", "Too many pages follow already.", "Close one.", {"Retry-After": "10"})
    subscription = work.backends.bus.subscribe()
    return StreamingResponse(_lines(subscription, request, work), media_type="text/event-stream")


async def _lines(subscription: Subscription, request: Request, work: Services) -> AsyncIterator[bytes]:
    """Ends with the request or with the cameras, or when the server does. Says how many events a slow page missed."""
    work.streams.add(id(subscription))
    missed = 0
    try:
        yield b": here\n\n"
        while not subscription.closed and not await request.is_disconnected():
            event = await work.listen(lambda: subscription.get(POLL_SECONDS))
            if subscription.missed > missed:
                missed = subscription.missed
                yield f'data: {{"event":"missed","count":{missed}}}\n\n'.encode()
            yield b": still here\n\n" if event is None else f"data: {event.json()}\n\n".encode()
    finally:
        work.streams.discard(id(subscription))
        subscription.close()
