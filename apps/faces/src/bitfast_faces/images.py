"""From a picture's bytes to upright RGB pixels: formats, limits, orientation; anything wrong becomes a FacesError.

The bytes are data from strangers: only a few formats are tried, sizes are known before pixels are decoded, and every
decoder's exception becomes words. What the decoders give is the same on every chip where their versions are the same
(docs/bits.md): JPEG's inverse transform and chroma are integers in libjpeg-turbo, WebP and PNG are defined exactly.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from bitfast_faces.errors import FacesError
from bitfast_faces.types import Picture, Pixels

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
# What such files are called, in folders.
SUFFIXES = frozenset(".jpg .jpeg .png .webp .heic .heif .gif .bmp .tif .tiff".split())
_BAND = 64  # rows: what is copied stays in the processor's cache
_WIDE = ("I;16", "I;16B", "I;16L", "I;16N", "I")  # Pillow's modes of one channel with 16 bits and more
_PNG_DEPTH = 24  # where a PNG says how many bits a channel has
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@dataclass(frozen=True)
class Limits:
    """The largest picture that is decoded, and the longest side that is kept of it; larger ones are shrunk."""

    file_bytes: int = 100_000_000
    pixels: int = 89_000_000
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
        return _decoded(data, label, tried, limits)
    except FacesError:
        raise
    except UnidentifiedImageError as error:
        happened = "It is no picture of a kind that is read here." if data else "The file is empty."
        raise FacesError(tried, happened, "Give a JPEG, PNG, WebP, HEIC, GIF, BMP or TIFF file.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
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
        if image.mode == "F":
            happened = "Its pixels are floating-point numbers, which have no agreed range."
            raise FacesError(tried, happened, "Save it with 8 or 16 bits a pixel.")
        if getattr(image, "is_animated", False) and image.format != "MPO":
            notes.append("the first of several pictures is used")
        if image.format == "PNG" and data[_PNG_DEPTH] == 16:
            notes.append("16 bits a channel became 8")
        image.load()
        ImageOps.exif_transpose(image, in_place=True)  # its other form copies even what is upright
        factor = -(-max(image.size) // limits.longest_side)
        pixels = _pixels(image, factor)
        notes += _converted(image)
    if factor > 1:
        notes.append(f"shrunk to 1/{factor}")
    return Picture(pixels, hashlib.sha256(data).hexdigest(), name, tuple(notes))


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


def _pixels(image: Image.Image, factor: int) -> Pixels:
    """The picture as an array, (height, width, 3), its sides divided by `factor`, rounded up.

    In bands: what is transparent or wide is converted without a second picture of that kind in memory, and NumPy, which
    asks Pillow for all bytes at once, copies little."""
    width, height = image.size
    pixels = np.empty((-(-height // factor), -(-width // factor), 3), np.uint8)
    band = _BAND * factor
    for top in range(0, height, band):
        part = _rgb(image.crop((0, top, width, min(height, top + band))))
        if factor > 1:
            part = part.reduce(factor)  # the mean of factor × factor pixels, in integers
        pixels[top // factor : top // factor + part.height] = np.asarray(part)
    return pixels


def _converted(image: Image.Image) -> list[str]:
    """What `_rgb` loses of such a picture, for its notes."""
    if image.mode in _WIDE and image.format != "PNG":
        return ["16 bits a pixel became 8"]
    if image.mode == "CMYK":
        return ["CMYK became RGB without a profile"]
    return ["transparent parts became white"] if _is_transparent(image) else []


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in _WIDE:
        wide = np.asarray(image).astype(np.int64)
        return Image.fromarray((np.clip(wide, 0, 65535) >> 8).astype(np.uint8)).convert("RGB")
    if _is_transparent(image):
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")
