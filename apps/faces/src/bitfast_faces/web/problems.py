"""Errors as RFC 9457 problem details: what was tried, what happened, what to do next, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from bitfast_faces.errors import FacesError

log = logging.getLogger("bitfast_faces.web")


class Problem(Exception):
    """A refusal with its HTTP status; `headers` go with the answer (Retry-After, WWW-Authenticate)."""

    def __init__(
        self, status: int, tried: str, happened: str, advice: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(happened)
        self.status = status
        self.tried = tried
        self.happened = happened
        self.advice = advice
        self.headers = dict(headers or {})

    def body(self) -> ProblemBody:
        return ProblemBody(
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=f"{self.happened} {self.advice}".strip(),
            tried=self.tried,
            happened=self.happened,
            advice=self.advice,
        )

    def response(self) -> JSONResponse:
        return JSONResponse(self.body().model_dump(), self.status, self.headers, media_type="application/problem+json")


class ProblemBody(BaseModel):
    """The members of a problem: RFC 9457's, and the three parts of every error of this program."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    tried: str
    happened: str
    advice: str


SURPRISE = Problem(
    500,
    "Answering the request",
    "The server met an error that it did not foresee.",
    "Try again; if it stays, `bitfast-faces serve --debug` shows where it comes from.",
)


def of_faces_error(error: FacesError) -> Problem:
    """What the user can mend is 422: the request was understood, its content will not do (RFC 9110, 15.5.21)."""
    return Problem(422, error.tried, error.happened, error.advice)


def of_validation(request: Request, error: RequestValidationError) -> Problem:
    """Names the fields and what is wrong with them; what was sent is not repeated, as it may be about a person."""
    wrong = [f"{'.'.join(str(part) for part in each['loc'][1:]) or 'body'}: {each['msg']}" for each in error.errors()]
    return Problem(422, _asked(request), "; ".join(wrong[:8]) + ".", "See /openapi.json for what this request takes.")


def of_http(request: Request, error: HTTPException) -> Problem:
    happened = f"{error.detail}." if error.detail else f"{HTTPStatus(error.status_code).phrase}."
    return Problem(error.status_code, _asked(request), happened, "See /openapi.json for what there is.", error.headers)


def of_surprise(error: BaseException) -> Problem:
    """Tells the log what it was, and the user that it was."""
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return SURPRISE


def install(api: FastAPI) -> None:
    """Every error that a route raises becomes a problem."""

    async def problem(request: Request, error: Exception) -> JSONResponse:
        match error:
            case Problem():
                return error.response()
            case FacesError():
                return of_faces_error(error).response()
            case RequestValidationError():
                return of_validation(request, error).response()
            case HTTPException():
                return of_http(request, error).response()
            case _:
                return SURPRISE.response()

    # Exception's handler answers in ServerErrorMiddleware, which raises the error again: the guard logs it.
    for kind in (Problem, FacesError, RequestValidationError, HTTPException, Exception):
        api.add_exception_handler(kind, problem)


def _asked(request: Request) -> str:
    return f"{request.method} {request.url.path}"
