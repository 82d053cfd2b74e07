"""Every picture becomes upright RGB, or a FacesError that says what to do; nothing else escapes."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bitfast_faces.errors import FacesError
from bitfast_faces.images import Limits, load
from faces_pictures import encoded, noise, portrait

SMALL = noise(40, 60)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_a_lossless_picture_is_its_pixels(kind: str) -> None:
    assert np.array_equal(load(encoded(SMALL, kind)).pixels, SMALL)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_lossy_picture_is_near_its_pixels(kind: str) -> None:
    pixels = portrait()
    assert np.abs(load(encoded(pixels, kind, quality=95)).pixels.astype(int) - pixels).mean() < 6


# EXIF 2.32, 4.6.4 A: which turn of NumPy's makes a picture of this orientation upright.
UPRIGHT = {
    1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2), 6: lambda a: np.rot90(a, -1), 7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 1),
}  # fmt: skip


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_every_exif_orientation_becomes_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    loaded = load(encoded(SMALL, "PNG", exif=exif.tobytes())).pixels
    assert np.array_equal(loaded, UPRIGHT[orientation](SMALL))
    assert loaded.flags.c_contiguous


def test_16_bits_become_the_upper_8() -> None:
    wide = np.random.default_rng(2).integers(0, 65536, (20, 30), dtype=np.uint16)
    picture = load(encoded(wide, "PNG"))
    assert np.array_equal(picture.pixels, np.repeat((wide >> 8).astype(np.uint8)[:, :, None], 3, axis=2))
    assert "16 bits" in picture.notes[0]


def test_transparent_parts_become_white() -> None:
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[0, 0] = (10, 20, 30, 255)
    pixels = load(encoded(rgba, "PNG")).pixels
    assert pixels[0, 0].tolist() == [10, 20, 30]
    assert (pixels[1:] == 255).all()


def test_cmyk_is_read_and_said() -> None:
    cmyk = Image.fromarray(portrait()).convert("CMYK")
    file = io.BytesIO()
    cmyk.save(file, "JPEG", quality=95)
    picture = load(file.getvalue())
    assert picture.pixels.shape == (512, 512, 3)
    assert "CMYK" in picture.notes[0]
    assert np.abs(picture.pixels.astype(int) - portrait()).mean() < 25


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_picture_counts(kind: str) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "blue", "lime")]
    file = io.BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], lossless=True)
    picture = load(file.getvalue())
    assert picture.pixels[10, 15].tolist() == [255, 0, 0]
    assert picture.notes == ("the first of several pictures is used",)


def test_heic_is_read_where_its_library_is() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(portrait())).save(file, quality=90)
    assert np.abs(load(file.getvalue()).pixels.astype(int) - portrait()).mean() < 6


def test_a_large_picture_is_shrunk_by_whole_factors_of_means() -> None:
    pixels = noise(60, 90)
    picture = load(encoded(pixels, "PNG"), limits=Limits(longest_side=45))
    blocks = pixels.reshape(30, 2, 45, 2, 3).astype(int).sum(axis=(1, 3))
    assert np.array_equal(picture.pixels, (blocks + 2) // 4)
    assert picture.notes == ("shrunk to 1/2",)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_whatever_the_format_the_same_factor_is_used_and_said(kind: str) -> None:
    """Nine times the limit: a decoder that shrinks by itself would give another size than the whole factor does."""
    pixels = np.kron(noise(45, 60), np.ones((8, 8, 1), np.uint8))
    picture = load(encoded(pixels, kind), limits=Limits(longest_side=54))
    assert picture.pixels.shape == (40, 54, 3)
    assert picture.notes == ("shrunk to 1/9",)


def test_a_transparent_picture_is_shrunk_after_it_became_white() -> None:
    rgba = np.random.default_rng(3).integers(0, 256, (700, 90, 4), dtype=np.uint8)
    layer = Image.fromarray(rgba)
    whole = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB").reduce(3)
    picture = load(encoded(rgba, "PNG"), limits=Limits(longest_side=234))
    assert np.array_equal(picture.pixels, np.asarray(whole))
    assert picture.notes == ("transparent parts became white", "shrunk to 1/3")


def test_16_bits_a_channel_are_said_of_colours_too() -> None:
    header = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    row = b"\0" + struct.pack(">6H", 0x1234, 0xFFFF, 0, 0x80FF, 0x0100, 0xABCD)
    picture = load(png_of(header, row))
    assert picture.pixels.tolist() == [[[0x12, 0xFF, 0], [0x80, 0x01, 0xAB]]]
    assert picture.notes == ("16 bits a channel became 8",)


def test_floating_point_pixels_are_refused_for_what_they_are() -> None:
    with pytest.raises(FacesError, match="floating-point") as raised:
        load(encoded(np.ones((5, 5), np.float32), "TIFF"))
    assert "8 or 16 bits" in raised.value.advice


def png_of(header: bytes, rows: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    return png_of(struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"\0" * 1000)


BAD = {
    "nothing": (b"", "empty"),
    "text": (b"not a picture at all" * 20, "no picture"),
    "a bomb": (png_header(60_000, 60_000), "too large"),
    "a picture over the limit": (png_header(13_000, 11_000), "13,000 × 11,000"),
    "a header without pixels": (png_header(100, 100), "damaged or cut short"),
    "half a JPEG": (encoded(portrait(), "JPEG")[:9000], "damaged or cut short"),
    "half a WebP": (encoded(portrait(), "WEBP")[:4000], "damaged or cut short"),
    "a PDF that claims to be a picture": (b"%PDF-1.4\n" + b"0" * 500, "no picture"),
    "an EPS, which would start another program": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
    "a HEIC brand and no more": (b"\0\0\0\x18ftypheic" + b"\0" * 40, ""),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_read_is_said(what: str) -> None:
    data, words = BAD[what]
    with pytest.raises(FacesError) as raised:
        load(data, name="guest.jpg")
    assert words in raised.value.happened
    assert "guest.jpg" in raised.value.tried
    assert raised.value.advice


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(encoded(SMALL, "PNG"))
    with pytest.raises(FacesError, match="at most 100 are read"):
        load(tmp_path / "large.png", limits=Limits(file_bytes=100))


@pytest.mark.parametrize("path", ["missing.jpg", "."])
def test_a_path_that_is_no_file_is_said(tmp_path: Path, path: str) -> None:
    with pytest.raises(FacesError, match="no such file"):
        load(tmp_path / path)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.integers(0, 10**6), st.binary(min_size=1, max_size=40))
def test_damage_gives_a_picture_or_a_facese_error(kind: str, place: int, damage: bytes) -> None:
    data = bytearray(encoded(SMALL, kind))
    start = place % len(data)
    data[start : start + len(damage)] = damage
    try:
        assert load(bytes(data)).pixels.dtype == np.uint8
    except FacesError as error:
        assert error.advice
