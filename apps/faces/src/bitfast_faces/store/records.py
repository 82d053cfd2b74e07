"""The plain forms of what is sealed: consents and templates as bytes, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.store.base import Consent
from bitfast_faces.types import DIMENSIONS, Templates

_TEMPLATE_BYTES = 2 * DIMENSIONS


def consent_bytes(consent: Consent) -> bytes:
    """A consent as JSON."""
    return json.dumps(asdict(consent), default=date.isoformat, ensure_ascii=False).encode()


def consent_of(plain: bytes) -> Consent:
    """The consent that `consent_bytes` wrote."""
    fields = json.loads(plain)
    fields.update({name: date.fromisoformat(fields[name]) for name in ("granted", "expires")})
    return Consent(**fields)


def template_bytes(template: NDArray[np.int16], source: str) -> bytes:
    """A template (128,), little-endian, and after it where it came from."""
    return template.astype("<i2").tobytes() + source.encode()


def source_of(plain: bytes) -> str:
    """Where the template that `template_bytes` wrote came from."""
    return plain[_TEMPLATE_BYTES:].decode()


def templates_of(plain: Sequence[bytes]) -> Templates:
    """The templates (n, 128) that `template_bytes` wrote."""
    held = b"".join(one[:_TEMPLATE_BYTES] for one in plain)
    return np.frombuffer(held, "<i2").astype(np.int16).reshape(len(plain), DIMENSIONS)
