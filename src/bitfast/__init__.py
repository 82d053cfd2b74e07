"""bitfast: the same answers on every chip."""

__version__ = "0.1.0"
