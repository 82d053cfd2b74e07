"""Posts events to an address, signed, and tries again while that can help.

The body is the event's JSON. `Bitfast-Time` holds the Unix time of the attempt, `Bitfast-Delivery` a number that stays
the same when an event is sent again, and `Bitfast-Signature` is `sha256=` and the HMAC-SHA-256 (RFC 2104), in hex, of
time, ".", delivery, "." and body under the shared secret: receivers check it, refuse old times and drop repetitions.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
import secrets
import ssl
import threading
import time

from bitfast_faces.cameras.addresses import checked
from bitfast_faces.cameras.config import Webhook
from bitfast_faces.cameras.events import Event
from bitfast_faces.errors import FacesError

FIRST_PAUSE, LONGEST_PAUSE, TIMEOUT = 0.5, 30.0, 10.0  # seconds


def signature(secret: bytes, at: str, delivery: str, body: bytes) -> str:
    """The value of `Bitfast-Signature`."""
    message = b".".join((at.encode(), delivery.encode(), body))
    return "sha256=" + hmac.new(secret, message, hashlib.sha256).hexdigest()


class WebhookSink:
    """A webhook. `naming` is whether events name people. Raises FacesError for an address or secret of no use."""

    def __init__(self, webhook: Webhook, naming: bool = True) -> None:
        tried = "Setting up the webhook."
        self._to = checked(webhook.url, ("http", "https"), (80, 443), tried, confidential=naming, plain=webhook.plain)
        secret = os.environ.get(webhook.secret_env, "")
        if len(secret) < 16:
            happened = f"The secret in the environment variable {webhook.secret_env} is not set or is short."
            raise FacesError(
                tried, happened, "Set it to 16 characters or more; the receiver checks signatures with it."
            )
        self.name = f"the webhook at {self._to.host}"
        self._secret, self._tries = secret.encode(), webhook.tries
        self._run, self._number = secrets.token_hex(8), 0

    def deliver(self, event: Event, stopping: threading.Event) -> bool:
        """Posts it until the receiver answers 2xx, says that it never will (4xx but 408 and 429), or tries are over."""
        self._number += 1
        delivery = f"{self._run}-{self._number}"
        body = event.json().encode()
        wait = FIRST_PAUSE
        for attempt in range(1, self._tries + 1):
            status = self._post(body, delivery)
            if status is not None and 200 <= status < 300:
                return True
            if status is not None and 300 <= status < 500 and status not in (408, 429):
                return False  # redirections are not followed: the event was meant for this address
            if attempt == self._tries or stopping.wait(wait):
                return False
            wait = min(2 * wait, LONGEST_PAUSE)
        return False

    def close(self) -> None:
        pass

    def _post(self, body: bytes, delivery: str) -> int | None:
        at = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Bitfast-Time": at,
            "Bitfast-Delivery": delivery,
            "Bitfast-Signature": signature(self._secret, at, delivery, body),
        }
        connection = self._connection()
        try:
            connection.request("POST", self._to.path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._to.host, self._to.port
        if self._to.secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT)
