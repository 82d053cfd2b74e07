"""From a picture's bytes to upright RGB pixels: formats, limits, orientation; anything wrong becomes a FacesError.

The bytes are data from strangers: only a few formats are tried, sizes are known before pixels are decoded, and every
decoder's exception becomes words. What the decoders give is the same on every chip where their versions are the same
(docs/bits.md): JPEG's inverse transform and chroma are integers in libjpeg-turbo, WebP and PNG are defined exactly.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from bitfast_faces.errors import FacesError
from bitfast_faces.types import Picture, Pixels

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_BAND = 64  # rows: what is copied stays in the processor's cache
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@dataclass(frozen=True)
class Limits:
    """The largest picture that is decoded, and the longest side that is kept of it; larger ones are shrunk."""

    file_bytes: int = 100_000_000
    pixels: int = 120_000_000
    longest_side: int = 4096


def load(source: Path | bytes, *, name: str = "", limits: Limits = Limits()) -> Picture:
    """The picture in a file or in bytes, upright, RGB, shrunk by a whole factor where a side exceeds the limit.

    Transparent parts become white, of an animation the first picture counts, 16 bits become 8 by leaving out the lower
    8, CMYK becomes RGB without a profile; `notes` say so. Raises FacesError for what is no picture, is cut short, or is
    larger than the limits."""
    label = name or (source.name if isinstance(source, Path) else "the picture")
    tried = f"Reading {label}."
    data = _bytes_of(source, tried, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns; ours decides
            return _decoded(data, label, tried, limits)
    except FacesError:
        raise
    except UnidentifiedImageError as error:
        happened = "It is no picture of a kind that is read here." if data else "The file is empty."
        raise FacesError(tried, happened, "Give a JPEG, PNG, WebP, HEIC, GIF, BMP or TIFF file.") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise FacesError(tried, "Its picture is too large to decode.", "Give a smaller one.") from error
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, ValueError, EOFError, …
        raise FacesError(
            tried, f"Its picture is damaged or cut short ({error}).", "Save or transfer the file again."
        ) from error


def _bytes_of(source: Path | bytes, tried: str, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            if not source.is_file():
                raise FacesError(
                    tried, "There is no such file.", "Check the path; folders are given to commands that take them."
                )
            if source.stat().st_size > limits.file_bytes:
                _too_large(tried, source.stat().st_size, limits)
            data = source.read_bytes()
        except OSError as error:
            raise FacesError(tried, f"It cannot be read: {error.strerror}.", "Check its permissions.") from error
    if len(data) > limits.file_bytes:
        _too_large(tried, len(data), limits)
    return data


def _too_large(tried: str, size: int, limits: Limits) -> None:
    raise FacesError(
        tried, f"It has {size:,} bytes; at most {limits.file_bytes:,} are read.", "Give a smaller picture."
    )


def _decoded(data: bytes, name: str, tried: str, limits: Limits) -> Picture:
    notes: list[str] = []
    with _opened(data, tried) as image:
        width, height = image.size
        if width * height > limits.pixels:
            happened = f"It has {width:,} × {height:,} pixels; at most {limits.pixels:,} are decoded."
            raise FacesError(tried, happened, "Give a smaller picture.")
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":
            notes.append(f"the first of {frames} pictures is used")
        if image.format == "JPEG" and max(image.size) >= 2 * limits.longest_side:
            image.draft("RGB", (limits.longest_side, limits.longest_side))  # decodes at 1/2, 1/4 or 1/8
        image.load()
        ImageOps.exif_transpose(image, in_place=True)  # its other form copies even what is upright
        rgb = _rgb(image, notes)
    factor = -(-max(rgb.size) // limits.longest_side)
    if factor > 1:
        rgb = rgb.reduce(factor)  # the mean of factor × factor pixels, in integers
        notes.append(f"shrunk to 1/{factor}")
    return Picture(_pixels(rgb), hashlib.sha256(data).hexdigest(), name, tuple(notes))


def _opened(data: bytes, tried: str) -> Image.Image:
    formats = list(FORMATS)
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        try:
            import pillow_heif
        except ImportError as error:
            raise FacesError(
                tried, "It is a HEIC picture, and no library for them is here.", "pip install 'bitfast-faces[heic]'"
            ) from error
        pillow_heif.register_heif_opener(thumbnails=False)
        formats = ["HEIF"]
    return Image.open(io.BytesIO(data), formats=formats)


def _rgb(image: Image.Image, notes: list[str]) -> Image.Image:
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I"):
        notes.append("16 bits a pixel became 8")
        wide = np.asarray(image).astype(np.int64)
        if image.mode == "I" and wide.max(initial=0) <= 255:
            return Image.fromarray(wide.astype(np.uint8)).convert("RGB")
        return Image.fromarray((np.clip(wide, 0, 65535) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode == "F":
        raise ValueError("pixels of floating-point numbers, which have no agreed range")
    if image.mode in ("CMYK", "YCCK"):
        notes.append("CMYK became RGB without a profile")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        notes.append("transparent parts became white")
        layer = image.convert("RGBA")
        base = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(base, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _pixels(image: Image.Image) -> Pixels:
    """The picture as an array, (height, width, 3). In bands: NumPy asks Pillow for all bytes at once, which copies them
    once more through many small strings; 27 ms instead of 49 for 12 million pixels."""
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _BAND):
        below = min(height, top + _BAND)
        pixels[top:below] = np.asarray(image.crop((0, top, width, below)))
    return pixels
