"""What a camera needs and does not get for now: told when it begins and when it is over, asked for again after a pause.

People are counted meanwhile, which needs neither a store nor a disk.
"""

from __future__ import annotations

from bitfast_faces.cameras.events import Event
from bitfast_faces.errors import FacesError

PAUSE = 10_000  # ms; a store that another program writes to may take half a minute to say that it is busy

WORDS = {
    "store": ("People are counted and not recognised for now.", "People are recognised again."),
    "pictures": ("No pictures are kept for now.", "Pictures are kept again."),
}


class Troubles:
    """The troubles of one camera, by what fails: `store` or `pictures`."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._since: dict[str, int] = {}
        self._untold: list[Event] = []

    def may(self, part: str, at: int) -> bool:
        """Whether it is time to ask for it: it works, or has not been asked for a while."""
        return part not in self._since or at - self._since[part] >= PAUSE

    def failed(self, part: str, error: FacesError, at: int) -> None:
        """Takes note of a failure; the first one is told."""
        if part not in self._since:
            words = f"{WORDS[part][0]} {error.happened} {error.advice}"
            self._untold.append(Event(kind="trouble", at=at, camera=self._camera, message=words))
        self._since[part] = at

    def works(self, part: str, at: int) -> None:
        """Takes note of a success; the first one after a failure is told."""
        if self._since.pop(part, None) is not None:
            self._untold.append(Event(kind="restored", at=at, camera=self._camera, message=WORDS[part][1]))

    def told(self) -> list[Event]:
        """The events since the last call."""
        events, self._untold = self._untold, []
        return events
