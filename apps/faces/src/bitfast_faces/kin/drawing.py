"""The shareable picture of a result: faces side by side, likeness with its uncertainty, and that it is no kinship.

Made from thumbnails, names and figures alone, and saved without metadata: nothing tells where a photo lay or was taken.
Everything is laid out in whole pixels at twice the size and then halved by means of 2 × 2 pixels, in integers.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bitfast_faces import native
from bitfast_faces.errors import FacesError
from bitfast_faces.kin.guess import Guess
from bitfast_faces.kin.records import Photo, Relative, Resemblance, percent, span
from bitfast_faces.types import UNITS_PER_PIXEL, Box

WIDTH = 1080
MARGIN = 48
FACE = 132
ROW = 172
MOST_ROWS = 10
MOST_GUESSES = 40
SCALE = 2
PAPER, INK, QUIET, LINE = (250, 249, 247), (33, 37, 41), (96, 103, 112), (222, 222, 218)
BAR, TRACK = (42, 138, 148), (235, 234, 230)
# Fonts of systems with letters that Pillow's own lacks, by how many scripts they have.
_FONTS = ("NotoSansCJK-Regular.ttc", "Arial Unicode.ttf", "DejaVuSans.ttf", "arial.ttf", "NotoSans-Regular.ttf")
_FOLDERS = {
    "linux": ("/usr/share/fonts", "~/.local/share/fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}


@dataclass(frozen=True)
class Drawn:
    """A PNG file's bytes, and what could not be drawn as it is written."""

    png: bytes
    notes: tuple[str, ...] = ()


def draw(resemblance: Resemblance, font: Path | None = None) -> Drawn:
    """The result as a PNG, 1080 pixels wide. `font` is a file for names that Pillow's built-in font cannot write.

    The same result and font give the same pixels. FacesError where the font cannot be read.
    """
    rows = resemblance.relatives[:MOST_ROWS]
    names = [resemblance.child.name, *(text for row in rows for text in (row.person.name, row.person.role))]
    letters, notes = _letters(names, font)
    if len(resemblance.relatives) > len(rows):
        notes.append(f"The picture shows the first {MOST_ROWS} of {len(resemblance.relatives)} relatives.")
    statement = letters.wrapped(resemblance.statement, 22, WIDTH - 2 * MARGIN)
    meaning = letters.wrapped(f"{resemblance.meaning} It is the dark line.", 18, WIDTH - 2 * MARGIN)
    sheet = _Sheet(letters, 262 + ROW * len(rows) + 32 + 26 * len(meaning) + 32 * len(statement) + MARGIN)
    _head(sheet, resemblance)
    for place, row in enumerate(rows):
        _row(sheet, resemblance, row, 262 + ROW * place)
    bottom = 262 + ROW * len(rows)
    sheet.line(bottom)
    for number, line in enumerate(meaning):
        sheet.text(MARGIN, bottom + 16 + 26 * number, line, 18, QUIET)
    for number, line in enumerate(statement):
        sheet.text(MARGIN, bottom + 32 + 26 * len(meaning) + 32 * number, line, 22, INK)
    return Drawn(sheet.png(), tuple(notes))


def draw_guesses(guesses: Sequence[Guess], font: Path | None = None) -> Drawn:
    """The guessed people as a PNG: the numbers that questions about them have, names, and up to six faces each."""
    shown = guesses[:MOST_GUESSES]
    letters, notes = _letters([guess.name for guess in shown], font)
    if len(guesses) > len(shown):
        notes.append(f"The picture shows the first {MOST_GUESSES} of {len(guesses)} guesses.")
    sheet = _Sheet(letters, 2 * MARGIN + ROW * len(shown))
    for place, guess in enumerate(shown):
        top = MARGIN + ROW * place
        sheet.line(top)
        sheet.text(MARGIN, top + 40, f"{place + 1}", 40, QUIET)
        sheet.text(MARGIN, top + 96, letters.shortened(guess.name, 20, 124), 20, INK)
        for number, photo in enumerate(guess.photos[:6]):
            sheet.face(MARGIN + 132 + number * (FACE + 10), top + 20, photo)
    return Drawn(sheet.png(), tuple(notes))


class _Letters:
    """One font for the whole picture, and the nearest text that it can write."""

    def __init__(self, load: _Loader) -> None:
        self._load = load
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            self._sizes[size] = self._load.at(size)
        return self._sizes[size]

    def has(self, letter: str) -> bool:
        font = self.font(32)
        return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))

    def writable(self, text: str) -> str:
        """The text, without accents where the font lacks them, and with ? for letters that it lacks altogether."""
        out = []
        for letter in unicodedata.normalize("NFC", text):
            plain = unicodedata.normalize("NFD", letter)[0]
            out.append(letter if self.has(letter) else plain if self.has(plain) else "?")
        return "".join(out)

    def width(self, text: str, size: int) -> int:
        return round(self.font(size * SCALE).getlength(text)) // SCALE

    def shortened(self, text: str, size: int, width: int) -> str:
        text = self.writable(text)
        if self.width(text, size) <= width:
            return text
        while text and self.width(text + "...", size) > width:
            text = text[:-1]
        return text.rstrip() + "..."

    def wrapped(self, text: str, size: int, width: int) -> list[str]:
        lines = [""]
        for word in self.writable(text).split():
            longer = f"{lines[-1]} {word}".strip()
            if self.width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


@dataclass(frozen=True)
class _Loader:
    """Opens Pillow's built-in font, or a file's, with its own simple layout: no system library has a say."""

    path: Path | None

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        if self.path is not None:
            return ImageFont.truetype(str(self.path), size, layout_engine=ImageFont.Layout.BASIC)
        built_in = ImageFont.load_default(size)
        assert isinstance(built_in, ImageFont.FreeTypeFont)  # Pillow's wheels have FreeType; a plain font has no sizes
        return built_in.font_variant(layout_engine=ImageFont.Layout.BASIC)


def _letters(texts: Iterable[str], path: Path | None) -> tuple[_Letters, list[str]]:
    needed = {letter for text in texts for letter in unicodedata.normalize("NFC", text)}
    if path is not None:
        try:
            letters = _Letters(_Loader(path))
            letters.font(32)
        except OSError as error:
            advice = "Give a TrueType or OpenType file, or none."
            raise FacesError(f"Opening the font {path}.", str(error), advice) from error
        return letters, _missing(letters, needed)
    letters = _Letters(_Loader(None))
    missing = _missing(letters, needed)
    if missing:
        for candidate in _system_fonts():
            other = _Letters(_Loader(candidate))
            if all(other.has(letter) for letter in needed):
                return other, []
    return letters, missing


def _missing(letters: _Letters, needed: Iterable[str]) -> list[str]:
    lacking = "".join(sorted(letter for letter in needed if not letters.has(letter)))
    return [f"The font cannot write {lacking}; give one that can with --font."] if lacking else []


def _system_fonts() -> list[Path]:
    folders = [Path(folder).expanduser() for folder in _FOLDERS.get(sys.platform, ())]
    files = {file.name: file for folder in folders if folder.is_dir() for file in sorted(folder.rglob("*.tt[fc]"))}
    return [files[name] for name in _FONTS if name in files]


class _Sheet:
    """A page in pixels of the finished picture; what is drawn on it is twice as large until it is saved."""

    def __init__(self, letters: _Letters, height: int) -> None:
        self.letters = letters
        self._image = Image.new("RGB", (WIDTH * SCALE, height * SCALE), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(self, x: int, y: int, text: str, size: int, colour: tuple[int, int, int]) -> None:
        font = self.letters.font(size * SCALE)
        self._draw.text((x * SCALE, y * SCALE), self.letters.writable(text), colour, font)

    def line(self, y: int) -> None:
        self._draw.rectangle((MARGIN * SCALE, y * SCALE, (WIDTH - MARGIN) * SCALE - 1, y * SCALE + 1), LINE)

    def bar(self, left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]) -> None:
        if right <= left:
            return
        edges = (left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1)
        self._draw.rounded_rectangle(edges, min(right - left, bottom - top) * SCALE // 2, colour)

    def face(self, x: int, y: int, photo: Photo, side: int = FACE) -> None:
        pixels = photo.thumbnail
        if pixels is None:
            pixels = np.full((side, side, 3), 226, np.uint8)
        size = side * SCALE
        whole = Box(0, 0, pixels.shape[1] * UNITS_PER_PIXEL, pixels.shape[0] * UNITS_PER_PIXEL)
        image = Image.fromarray(native.resize(np.ascontiguousarray(pixels), whole, size, size))
        corners = Image.new("L", (size, size), 0)
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, size - 1, size - 1), 14 * SCALE, 255)
        self._image.paste(image, (x * SCALE, y * SCALE), corners)

    def png(self) -> bytes:
        file = io.BytesIO()
        self._image.reduce(SCALE).save(file, "PNG", optimize=False, compress_level=6)
        return file.getvalue()


def _head(sheet: _Sheet, resemblance: Resemblance) -> None:
    child = resemblance.child
    around = sheet.letters.width("Whom does  resemble?", 46)
    title = sheet.letters.shortened(child.name, 46, WIDTH - 2 * MARGIN - around)
    sheet.text(MARGIN, 40, f"Whom does {title} resemble?", 46, INK)
    for place, photo in enumerate(child.photos[:7]):
        sheet.face(MARGIN + place * (FACE + 12), 108, photo)


def _row(sheet: _Sheet, resemblance: Resemblance, row: Relative, top: int) -> None:
    sheet.line(top)
    best = row.pairs[0]
    sheet.text(MARGIN, top + 60, f"{row.rank}", 40, QUIET)
    x = MARGIN + 64
    sheet.face(x, top + 20, resemblance.child.photos[best.child])
    sheet.face(x + FACE + 10, top + 20, row.person.photos[best.relative])
    x += 2 * FACE + 46
    width = WIDTH - MARGIN - x
    name = sheet.letters.shortened(row.person.name, 32, width - 150)
    sheet.text(x, top + 22, name, 32, INK)
    figure = f"{percent(row.likeness.permille)} %"
    sheet.text(WIDTH - MARGIN - sheet.letters.width(figure, 34), top + 20, figure, 34, INK)
    sheet.text(x, top + 62, sheet.letters.shortened(_below(row), 20, width), 20, QUIET)
    left, right, y = x, WIDTH - MARGIN, top + 112
    at = [
        left + (right - left) * value // 1000 for value in (row.likeness.low, row.likeness.permille, row.likeness.high)
    ]
    sheet.bar(left, y, right, y + 16, TRACK)
    sheet.bar(left, y, at[1], y + 16, BAR)
    sheet.bar(at[0] - 1, y + 6, at[2] + 1, y + 10, INK)
    middle = (left + right) // 2
    sheet.bar(middle - 1, y - 6, middle + 1, y + 22, QUIET)


def _below(row: Relative) -> str:
    photos = "1 photo" if len(row.person.photos) == 1 else f"{len(row.person.photos)} photos"
    parts = [row.person.role, span(row.likeness), photos, "" if row.clear else "about equal with the next"]
    return ", ".join(part for part in parts if part)
