"""The HTTP server under the application: uvicorn, with what it may read and how it ends."""

from __future__ import annotations

from pathlib import Path

import uvicorn
from starlette.types import ASGIApp


def server(
    app: ASGIApp, certificate: Path | None = None, key: Path | None = None, proxied: bool = False
) -> uvicorn.Server:
    """A server for `app`. Only behind a proxy, X-Forwarded-For says who asks; else anybody could say anything."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=proxied,
            forwarded_allow_ips="127.0.0.1,::1",
            ssl_certfile=certificate,
            ssl_keyfile=key,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=15,
            limit_concurrency=200,
            h11_max_incomplete_event_size=32 << 10,
        )
    )
