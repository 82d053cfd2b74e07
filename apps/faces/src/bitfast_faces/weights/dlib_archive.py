"""Reads the layers of a network that dlib has serialised: a small, strict reader of the few kinds that are in one.

The format is that of dlib 19 and 20 (`serialize.h`, `dnn/tensor_abstract.h`, `dnn/layers.h`): integers are a byte with
their count of bytes (bit 7: negative) and those bytes, the least significant first; strings have their length before
them; a tensor is the version 2, four sizes and its float32 items, little-endian; a float is a mantissa and an exponent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError

# What one layer's bookkeeping (flags, empty gradients) may take before the next layer's name.
MOST_BETWEEN_LAYERS = 1024


@dataclass(frozen=True)
class Layer:
    """One layer with weights: `kind` is conv, affine, input or fully_connected; `values` its numbers as stored."""

    kind: str
    values: NDArray[np.float32]
    sizes: tuple[int, ...] = ()


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def integer(self) -> int:
        control = self.data[self.at]
        count = control & 15
        if not 1 <= count <= 8 or control & 0x70:
            raise ValueError(f"no integer at byte {self.at}")
        value = int.from_bytes(self.take(1 + count)[1:], "little")
        return -value if control & 0x80 else value

    def take(self, count: int) -> bytes:
        part = self.data[self.at : self.at + count]
        if len(part) < count:
            raise ValueError(f"the file ends at byte {len(self.data)}, inside a layer")
        self.at += count
        return part

    def real(self) -> float:
        """dlib's float: mantissa · 2^exponent."""
        mantissa, exponent = self.integer(), self.integer()
        return float(np.ldexp(np.float64(mantissa), exponent))

    def tensor(self) -> NDArray[np.float32]:
        if self.integer() != 2:
            raise ValueError(f"no tensor of version 2 before byte {self.at}")
        sizes = [self.integer() for _ in range(4)]
        count = sizes[0] * sizes[1] * sizes[2] * sizes[3]
        if min(sizes) < 0 or count * 4 > len(self.data):
            raise ValueError(f"a tensor of impossible sizes {sizes} before byte {self.at}")
        return np.frombuffer(self.take(4 * count), "<f4").astype(np.float32)

    def goto(self, name: bytes) -> None:
        """To behind the string `name`, which must be near."""
        marker = bytes([1, len(name)]) + name
        found = self.data.find(marker, self.at, self.at + MOST_BETWEEN_LAYERS)
        if found < 0:
            raise ValueError(f"no {name.decode()} within {MOST_BETWEEN_LAYERS} bytes after byte {self.at}")
        self.at = found + len(marker)


def _convolution(reader: Reader) -> Layer:
    reader.goto(b"con_4")
    values = reader.tensor()
    filters, rows, columns, *rest = [reader.integer() for _ in range(7)]
    return Layer("conv", values, (filters, rows, columns, *rest))


def _affine(reader: Reader) -> Layer:
    reader.goto(b"affine_")
    return Layer("affine", reader.tensor())


def face_recognition_layers(data: bytes, convolutions: int) -> list[Layer]:
    """The layers with weights of dlib's face recognition network, from the input on.

    First the input's means (red, green, blue), then `convolutions` pairs of a convolution (sizes: filters, rows,
    columns, stride y, stride x, padding y, padding x; values: the filters and one bias each) and its affine layer
    (scales, then offsets), at last the fully connected layer (inputs × outputs). Raises FacesError where the file is
    something else.
    """
    reader = Reader(data)
    try:
        reader.goto(b"loss_metric_2")
        reader.goto(b"input_rgb_image_sized")
        layers = [Layer("input", np.array([reader.real() for _ in range(3)], np.float32))]
        for _ in range(convolutions):
            layers += [_convolution(reader), _affine(reader)]
        reader.goto(b"fc_2")
        outputs, inputs = reader.integer(), reader.integer()
        values = reader.tensor()
        if values.size != inputs * outputs:
            raise ValueError(f"a fully connected layer of {inputs} × {outputs} with {values.size} weights")
        return [*layers, Layer("fully_connected", values, (inputs, outputs))]
    except (ValueError, IndexError) as error:
        raise FacesError(
            "Reading dlib's face recognition network.",
            f"It is not as dlib 19 and 20 write it: {error}.",
            "Delete the file and run `bitfast-faces setup` again.",
        ) from error
