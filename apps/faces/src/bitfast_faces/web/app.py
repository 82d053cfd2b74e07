"""Brings the server together: routes, the guard before them, the page's files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bitfast_faces.web import (
    files,
    problems,
    routes_events,
    routes_jobs,
    routes_kin,
    routes_people,
    routes_pictures,
    routes_session,
)
from bitfast_faces.web.access import Anyone
from bitfast_faces.web.config import WebConfig
from bitfast_faces.web.guard import API, Guard
from bitfast_faces.web.problems import ProblemBody
from bitfast_faces.web.services import Backends, Services
from bitfast_faces.web.sessions import Sessions
from bitfast_faces.web.tokens import TokenFile

PROBLEM: dict[str, Any] = {"model": ProblemBody, "content": {"application/problem+json": {}}}
ROUTERS = (
    routes_session.router,
    routes_pictures.router,
    routes_people.router,
    routes_kin.router,
    routes_jobs.router,
    routes_events.router,
)


def create_app(
    backends: Backends,
    config: WebConfig,
    tokens: TokenFile,
    sessions: Sessions,
) -> Guard:
    """The ASGI application."""
    api = FastAPI(
        title="bitfast-faces",
        version="1",
        description="Faces: recognition of people who agreed, family resemblance and cameras. docs/api.md tells more.",
        docs_url=None,  # both pages would fetch scripts from elsewhere
        redoc_url=None,
        openapi_url=None,  # served below, behind the guard like everything else
        lifespan=_lifespan,
        responses=dict.fromkeys((401, 403, 404, 413, 422, 429), PROBLEM),
    )
    api.state.services = Services(backends, config)
    api.state.sessions = sessions
    api.state.tokens = tokens
    problems.install(api)
    for router in ROUTERS:
        api.include_router(router, prefix=API)
    api.include_router(_page())
    return Guard(api, config, tokens, sessions, files.sign_in_page())


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    async with api.state.services.running():
        yield


def openapi(api: FastAPI) -> dict[str, object]:
    """OpenAPI 3.1 of the API, with the bearer token that every request needs."""
    document = api.openapi()
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"bearer": []}]
    document["paths"][f"{API}/session"]["post"]["security"] = []
    return document


def _page() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    content = files.load()

    @router.get("/openapi.json")
    async def describe(caller: Anyone, request: Request) -> dict[str, object]:
        return openapi(request.app)

    @router.get("/")
    async def index(caller: Anyone, request: Request) -> Response:
        return content["index.html"].response(request)

    @router.get("/static/{name}")
    async def file(name: str, caller: Anyone, request: Request) -> Response:
        if name not in content:
            raise HTTPException(404, "There is no such file")
        return content[name].response(request)

    return router
