"""A watch with all that belongs to it: store, sinks, pictures; opened in order, closed in order whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from bitfast_faces.cameras.config import Config
from bitfast_faces.cameras.events import EventBus
from bitfast_faces.cameras.pictures import Pictures
from bitfast_faces.cameras.recognise import StoreRecogniser
from bitfast_faces.cameras.scene import Engine
from bitfast_faces.cameras.sinks import Carrier, Lines, Sink
from bitfast_faces.cameras.upkeep import Upkeep
from bitfast_faces.cameras.watch import Watch
from bitfast_faces.errors import FacesError
from bitfast_faces.store.base import Store


@contextmanager
def watching(
    config: Config,
    engine: Engine,
    bus: EventBus,
    open_store: Callable[[], Store] | None = None,
    *,
    pictures: Path | None = None,
    lines: Lines | None = None,
    begin: datetime | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Iterator[Watch]:
    """Watches while the block runs; afterwards every camera has ended and what is queued has been sent or counted.

    With a purpose in the configuration a store is needed, and without one no store is opened. `say` takes words for
    people. Raises FacesError.
    """
    if config.purpose and open_store is None:
        raise FacesError(
            "Setting up recognition.",
            f"There is a purpose ({config.purpose}) and no store of people who agreed to it.",
            "Name the store by --store, or leave out the purpose: then people are counted.",
        )
    if pictures is not None and not config.purpose:
        raise FacesError(
            "Setting up pictures.",
            "Pictures are kept of recognised people only, and without a purpose nobody is recognised.",
            "Give --purpose and --store, or leave out --pictures.",
        )
    with ExitStack() as stack:
        recogniser = None
        if config.purpose and open_store is not None:
            recogniser = StoreRecogniser(open_store, config.purpose, engine.space, config.threshold)
            stack.callback(recogniser.close)
        keep = Pictures(pictures) if pictures else None
        if recogniser is not None:
            stack.callback(Upkeep(recogniser, keep, say).close)
        for sink, queue in _sinks(config, lines):
            stack.callback(Carrier(bus, sink, queue, say).close)
        stack.callback(bus.close)
        watch = Watch(config, engine, bus, recogniser, keep, begin)
        watch.start()
        stack.callback(watch.stop)
        yield watch


def _sinks(config: Config, lines: Lines | None) -> Iterator[tuple[Sink, int]]:
    if lines is not None:
        yield lines, 100_000
    if config.webhook is not None:
        from bitfast_faces.cameras.webhook import WebhookSink

        yield WebhookSink(config.webhook, bool(config.purpose)), config.webhook.queue
    if config.mqtt is not None:
        from bitfast_faces.cameras.mqtt import MqttSink  # its library is an extra

        yield MqttSink(config.mqtt, bool(config.purpose)), config.mqtt.queue
