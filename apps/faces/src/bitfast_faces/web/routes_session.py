"""Signing a browser in: a one-time code or a token becomes a cookie that no script can read, no other site send."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bitfast_faces.web.access import Anyone, Work
from bitfast_faces.web.guard import SIGN_IN, cookie, cookie_name
from bitfast_faces.web.problems import Problem
from bitfast_faces.web.schemas import SessionOut, SignIn
from bitfast_faces.web.sessions import Sessions
from bitfast_faces.web.tokens import SCOPES, TokenFile

router = APIRouter(tags=["session"])


@router.post("/session", status_code=204)
async def sign_in(asked: SignIn, request: Request, response: Response, work: Work) -> None:
    """Opens a browser's session, by the code of the link that `serve` printed (once), or by a token."""
    sessions: Sessions = request.app.state.sessions
    tokens: TokenFile = request.app.state.tokens
    if asked.code is not None and sessions.redeem(asked.code):
        value = sessions.open("browser", frozenset(SCOPES))
    elif asked.token is not None and (token := tokens.find(asked.token)) is not None:
        value = sessions.open(token.name, frozenset(token.scopes), token.id)
    else:
        raise Problem(
            401,
            f"POST {SIGN_IN}",
            "The link was used already or is too old, or the token is not valid (any more).",
            "Press Enter where `bitfast-faces serve` runs for another link, or make a token: bitfast-faces token new.",
        )
    response.set_cookie(
        cookie_name(work.config), value, httponly=True, samesite="strict", secure=work.config.secure, path="/"
    )


@router.get("/session")
async def session(caller: Anyone, work: Work) -> SessionOut:
    """What you may do here, and what there is."""
    backends = work.backends
    return SessionOut(
        name=caller.name,
        scopes=sorted(caller.scopes),
        store=backends.open_store is not None,
        cameras=backends.bus is not None,
        folders=sorted(backends.folders) if backends.cluster is not None else [],
        space=backends.engine.space,
        threshold=work.config.threshold,
        upload_bytes=work.config.upload_bytes,
        keep_seconds=work.config.keep_seconds,
    )


@router.delete("/session", status_code=204)
async def sign_out(caller: Anyone, request: Request, response: Response, work: Work) -> None:
    """Forgets your pictures, and ends the browser's session if this is one."""
    work.shelf.forget(caller.key)
    value = cookie(request.headers, cookie_name(work.config))
    if value is not None:
        request.app.state.sessions.close(value)
    response.delete_cookie(cookie_name(work.config), path="/")
