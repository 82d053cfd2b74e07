"""What both chips are given: pictures in many formats, keypoints, answers of networks and templates, in one folder.

Made once, on one machine; random numbers and floating point that went into them are no part of what is compared.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from bitfast_faces.matching import UNIT

PEOPLE, PICTURES_EACH = 40, 6
# As the detector finds them in the portrait: right eye, left eye, nose, mouth, right ear, left ear, in 1/64 pixel.
KEYPOINTS = ((13151, 6459), (15855, 6701), (14365, 8346), (14263, 9530), (11599, 6814), (17239, 7280))


def lay_out(folder: Path) -> None:
    """Fills a new folder: pictures/*, keypoints.json, answers.npz and templates.npy."""
    (folder / "pictures").mkdir(parents=True)
    _pictures(folder / "pictures")
    faces = [[[x * scale // 4 + dx, y * scale // 4 + dy] for x, y in KEYPOINTS]
             for scale in (1, 2, 4, 7) for dx, dy in ((0, 0), (37, -5), (-9000, 3000))]  # fmt: skip
    # And turned by a right angle, and upside down.
    faces += [[[y, 32768 - x] for x, y in KEYPOINTS], [[32768 - x, 32768 - y] for x, y in KEYPOINTS]]
    (folder / "keypoints.json").write_text(json.dumps(faces))
    generator = np.random.default_rng(5)
    logits = (generator.standard_normal((4, 896)) * 6).astype(np.float32)
    places = (generator.standard_normal((4, 896, 16)) * 30).astype(np.float32)
    descriptors = (generator.standard_normal((64, 128)) * 0.12).astype(np.float32)
    np.savez(folder / "answers.npz", logits=logits, places=places, descriptors=descriptors)
    np.save(folder / "templates.npy", templates(generator))


def templates(generator: np.random.Generator) -> NDArray[np.int16]:
    """PEOPLE · PICTURES_EACH templates, a person's one after another; neighbours are alike."""
    people = generator.standard_normal((PEOPLE, 128))
    people[1:] += people[:-1] * 0.8
    each = np.repeat(people, PICTURES_EACH, axis=0)
    each += generator.standard_normal(each.shape) * 0.35
    units = each / np.linalg.norm(each, axis=1, keepdims=True)
    return np.asarray(np.rint(units * UNIT), np.int16)


def _pictures(folder: Path) -> None:
    portrait = Image.fromarray(data.astronaut())  # type: ignore[no-untyped-call]
    wide = portrait.resize((1280, 960), Image.Resampling.LANCZOS).crop((0, 100, 1280, 820))
    odd = portrait.crop((30, 11, 451, 388))
    turned = Image.Exif()
    turned[0x0112] = 6  # to be shown turned to the right
    portrait.save(folder / "jpeg-420.jpg", quality=90, subsampling="4:2:0")
    portrait.save(folder / "jpeg-422.jpg", quality=75, subsampling="4:2:2")
    portrait.save(folder / "jpeg-444.jpg", quality=95, subsampling="4:4:4")
    odd.save(folder / "jpeg-odd-sizes.jpg", quality=85)
    odd.save(folder / "jpeg-progressive.jpg", quality=85, progressive=True)
    wide.save(folder / "jpeg-turned.jpg", quality=80, exif=turned)
    portrait.convert("L").save(folder / "jpeg-gray.jpg", quality=90)
    portrait.convert("CMYK").save(folder / "jpeg-cmyk.jpg", quality=90)
    odd.save(folder / "png.png")
    odd.convert("P").save(folder / "png-palette.png")
    Image.fromarray(np.asarray(odd.convert("L")).astype(np.uint16) * 257).save(folder / "png-16-bits.png")
    clear = odd.copy()
    clear.putalpha(Image.fromarray(np.asarray(odd)[:, :, 1]))
    clear.save(folder / "png-transparent.png")
    odd.save(folder / "webp-lossy.webp", quality=80)
    odd.save(folder / "webp-lossless.webp", lossless=True)
    odd.save(folder / "tiff-lzw.tif", compression="tiff_lzw")
    odd.convert("P").save(folder / "gif.gif")
