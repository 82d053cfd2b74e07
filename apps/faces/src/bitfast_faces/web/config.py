"""What `serve` was told: where it listens and how much it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from bitfast_faces.matching import THRESHOLD


@dataclass(frozen=True)
class WebConfig:
    """Limits of the server. Bytes, seconds, and requests per second and asker."""

    origins: frozenset[str] = field(default_factory=lambda: frozenset({"http://127.0.0.1:8600"}))
    upload_bytes: int = 32 << 20
    body_bytes: int = 256 << 10
    sign_in_bytes: int = 4 << 10
    body_seconds: float = 10.0
    requests_per_second: float = 20.0
    burst: float = 600.0
    upload_cost: float = 5.0
    strangers_per_second: float = 1.0
    strangers_burst: float = 20.0
    pictures: int = 400
    picture_bytes: int = 256 << 20
    keep_seconds: float = 1800.0
    threads: int = 1
    threshold: int = THRESHOLD

    @property
    def hosts(self) -> frozenset[str]:
        """What a request's Host may be: any other name means that a foreign page's name was pointed here."""
        return frozenset(origin.split("://", 1)[1] for origin in self.origins)

    @property
    def secure(self) -> bool:
        return all(origin.startswith("https://") for origin in self.origins)
