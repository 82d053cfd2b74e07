"""Retention while a watch runs: who agreed no more is deleted, and so are pictures, at the start and every hour."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bitfast_faces.cameras.pictures import Pictures
from bitfast_faces.cameras.recognise import StoreRecogniser
from bitfast_faces.errors import FacesError

HOUR = 3600.0  # seconds


class Upkeep:
    """Looks after the store and the pictures' folder until it is closed. What does not work is said and tried again."""

    def __init__(
        self,
        recogniser: StoreRecogniser,
        pictures: Pictures | None,
        say: Callable[[str], None] = lambda words: None,
        every: float = HOUR,
    ) -> None:
        self._recogniser, self._pictures, self._say, self._every = recogniser, pictures, say, every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="upkeep")
        self.once()
        self._thread.start()

    def once(self) -> None:
        """Deletes what is to be deleted now."""
        self._try("People deleted, as their last consent has ended", self._recogniser.expire)
        pictures = self._pictures
        if pictures is not None:
            self._try(
                "Pictures deleted, as the consent to them is over",
                lambda: pictures.sweep(self._recogniser.pictured()),
            )

    def close(self) -> None:
        """Ends it; returns when it has ended."""
        self._stopping.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._stopping.wait(self._every):
            self.once()

    def _try(self, words: str, work: Callable[[], int]) -> None:
        try:
            count = work()
        except FacesError as error:
            self._say(f"{error.tried} {error.happened} {error.advice}")
        else:
            if count:
                self._say(f"{words}: {count}.")
