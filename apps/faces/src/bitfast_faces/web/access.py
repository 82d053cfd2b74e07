"""What a route asks of its caller: a scope. The guard has already seen who it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from bitfast_faces.web.problems import Problem
from bitfast_faces.web.services import Services
from bitfast_faces.web.sessions import Principal


def services_of(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def needs(scope: str | None) -> Callable[[Request], Principal]:
    """A dependency that gives the caller, or 403 when the caller's token lacks `scope`; None asks for no scope."""

    def caller(request: Request) -> Principal:
        principal: Principal | None = request.scope.get("principal")
        if principal is None:  # only sign-in gets past the guard without one
            raise Problem(401, f"{request.method} {request.url.path}", "The request has no token.", "Send one.")
        if scope is not None and scope not in principal.scopes:
            raise Problem(
                403,
                f"{request.method} {request.url.path}",
                f"The token {principal.name!r} lacks the scope {scope!r}.",
                f"Make one that has it: bitfast-faces token new NAME --scope {scope}",
            )
        return principal

    caller.__name__ = f"caller_with_{scope or 'any'}"
    return caller


Work = Annotated[Services, Depends(services_of)]
Anyone = Annotated[Principal, Depends(needs(None))]
Analysing = Annotated[Principal, Depends(needs("analyse"))]
Family = Annotated[Principal, Depends(needs("family"))]
Searching = Annotated[Principal, Depends(needs("search"))]
Enrolling = Annotated[Principal, Depends(needs("enrol"))]
Reading = Annotated[Principal, Depends(needs("people"))]
Deleting = Annotated[Principal, Depends(needs("delete"))]
Clustering = Annotated[Principal, Depends(needs("cluster"))]
Auditing = Annotated[Principal, Depends(needs("audit"))]
Watching = Annotated[Principal, Depends(needs("events"))]
