"""What cameras report, live: Server-Sent Events (WHATWG HTML, 9.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bitfast_faces.cameras.events import EventBus
from bitfast_faces.web.access import Watching, Work
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.services import Services
from bitfast_faces.web.sessions import Principal

router = APIRouter(tags=["cameras"])
POLL_SECONDS = 1.0


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(caller: Watching, request: Request, work: Work) -> StreamingResponse:
    """Events as they happen, a JSON object each. A comment line now and then shows that the line is up.

    It ends when the token or the session does."""
    if work.backends.bus is None:
        raise Problem(
            404,
            "Following cameras",
            "This server watches none.",
            "Start `bitfast-faces serve` with --cameras FILE.",
        )
    return _Following(work.backends.bus, work, caller, request)


class _Following(StreamingResponse):
    """Subscribes when the answer begins, so that nothing is left of one whose reader had gone before."""

    def __init__(self, bus: EventBus, work: Services, caller: Principal, request: Request) -> None:
        super().__init__(self._lines(), media_type="text/event-stream")
        self._bus, self._work, self._caller, self._request = bus, work, caller, request
        self._allowed: Callable[[], bool] = request.scope["allowed"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._work.streams.place(self._caller.key):
            await super().__call__(scope, receive, send)

    async def _lines(self) -> AsyncIterator[bytes]:
        """Ends with the request, the cameras, or the caller's right; says how many events a slow page missed."""
        subscription = self._bus.subscribe()
        missed = 0
        try:
            yield b": here\n\n"
            while not subscription.closed and not await self._request.is_disconnected():
                event = await self._work.listen(lambda: subscription.get(POLL_SECONDS))
                if not self._allowed():
                    return
                if subscription.missed > missed:
                    missed = subscription.missed
                    yield f'data: {{"event":"missed","count":{missed}}}\n\n'.encode()
                yield b": still here\n\n" if event is None else f"data: {event.json()}\n\n".encode()
        finally:
            subscription.close()
