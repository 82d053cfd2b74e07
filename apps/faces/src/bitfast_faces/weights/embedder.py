"""dlib's face recognition network as ONNX: the same weights, each affine layer folded into its convolution.

The network (dlib's example `dnn_face_recognition_ex.cpp`): a 7×7 convolution, a maximum of 3×3, and 14 residual blocks
of two 3×3 convolutions with 32, 64, 128 and 256 filters; a block that shrinks adds the mean of 2×2 to its result, and
where shapes differ, missing rows, columns and channels count as 0; at last the mean of each channel and a product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bitfast_faces.weights.dlib_archive import Layer, face_recognition_layers

# Blocks from the input on: how many filters, and whether the block shrinks.
BLOCKS = (
    [(32, False)] * 3
    + [(64, True), (64, False), (64, False), (64, False)]
    + [(128, True), (128, False), (128, False)]
    + [(256, True), (256, False), (256, False)]
    + [(256, True)]
)
SIDE = 150
OPSET = 13


class _Graph:
    """Collects nodes and constants; `here` names what the last node gave."""

    def __init__(self, start: str) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.here = start

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, name: str, *inputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name, **attributes))
        self.here = name
        return name


def _folded(convolution: Layer, affine: Layer, channels: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Filters and biases with the affine layer's scales and offsets in them, computed in float64 and rounded once."""
    filters, rows, columns = convolution.sizes[:3]
    weights, biases = np.split(convolution.values.astype(np.float64), [-filters])
    scales, offsets = np.split(affine.values.astype(np.float64), 2)
    kernel = weights.reshape(filters, channels, rows, columns) * scales[:, None, None, None]
    product = biases * scales
    return kernel.astype(np.float32), (product + offsets).astype(np.float32)


def _side_after(side: int, convolution: Layer) -> int:
    size, stride, padding = convolution.sizes[1], convolution.sizes[3], convolution.sizes[5]
    return (side + 2 * padding - size) // stride + 1


def onnx_of(data: bytes) -> onnx.ModelProto:
    """The network in dlib's file as an ONNX model: "chips" (n, 3, 150, 150) float32, RGB from 0 to 255 → "descriptors"
    (n, 128), whose lengths are about 1.4. Raises FacesError where the file is something else."""
    layers = face_recognition_layers(data, convolutions=1 + 2 * len(BLOCKS))
    pairs = list(zip(layers[1:-1:2], layers[2:-1:2], strict=True))
    graph = _Graph("chips")
    means = graph.constant("means", layers[0].values.reshape(1, 3, 1, 1))
    graph.node("Sub", "centred", graph.here, means)
    graph.node("Mul", "scaled", graph.here, graph.constant("scale", np.array(1 / 256, np.float32)))
    side, channels = SIDE, 3

    def convolution(name: str, relu: bool) -> None:
        nonlocal side, channels
        layer, affine = pairs.pop(0)
        kernel, bias = _folded(layer, affine, channels)
        stride, padding = layer.sizes[3], layer.sizes[5]
        constants = [graph.constant(f"{name}.weights", kernel), graph.constant(f"{name}.biases", bias)]
        graph.node("Conv", name, graph.here, *constants, strides=[stride, stride], pads=[padding] * 4)
        if relu:
            graph.node("Relu", f"{name}.relu", graph.here)
        side, channels = _side_after(side, layer), layer.sizes[0]

    convolution("first", relu=True)
    graph.node("MaxPool", "pool", graph.here, kernel_shape=[3, 3], strides=[2, 2])
    side = (side - 3) // 2 + 1
    for number, (_filters, shrinks) in enumerate(BLOCKS):
        name, before, side_before, channels_before = f"block{number}", graph.here, side, channels
        convolution(f"{name}.a", relu=True)
        convolution(f"{name}.b", relu=False)
        after, shortcut, side_shortcut = graph.here, before, side_before
        if shrinks:
            shortcut = graph.node("AveragePool", f"{name}.mean", before, kernel_shape=[2, 2], strides=[2, 2])
            side_shortcut = (side_before - 2) // 2 + 1
        largest = max(side, side_shortcut)
        after = _padded(graph, f"{name}.b.padded", after, 0, largest - side)
        shortcut = _padded(graph, f"{name}.shortcut", shortcut, channels - channels_before, largest - side_shortcut)
        graph.node("Add", f"{name}.sum", after, shortcut)
        graph.node("Relu", name, graph.here)
        side = largest
    graph.node("GlobalAveragePool", "means_of_channels", graph.here)
    graph.node("Flatten", "flat", graph.here)
    inputs, outputs = layers[-1].sizes
    last = graph.constant("last", layers[-1].values.reshape(inputs, outputs))
    graph.node("MatMul", "descriptors", graph.here, last)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "dlib_face_recognition_resnet_model_v1",
            [helper.make_tensor_value_info("chips", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
            [helper.make_tensor_value_info("descriptors", TensorProto.FLOAT, ["n", outputs])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="bitfast-faces",
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _padded(graph: _Graph, name: str, value: str, channels: int, pixels: int) -> str:
    """`value` with so many channels, rows and columns of 0 more, behind those that it has."""
    if channels == pixels == 0:
        return value
    pads = np.array([0, 0, 0, 0, 0, channels, pixels, pixels], np.int64)
    return graph.node("Pad", name, value, graph.constant(f"{name}.pads", pads))
