"""The one seam to inference: a model is opened from its file and run; nothing else knows what runs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bitfast_faces.errors import FacesError


class Model:
    """An ONNX model, ready to run on `threads` threads."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A thread that spins while it waits takes the core that the rest of the work needs (`bench.faces.speed`).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions have no common class below this one
            raise FacesError(
                f"Opening the network {path}.",
                f"onnxruntime refuses it: {error}",
                "Run `bitfast-faces setup` again; it checks the files and mends what does not fit.",
            ) from error
        self.inputs = tuple(value.name for value in self._session.get_inputs())

    def run(self, inputs: Mapping[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """The model's outputs, in its own order. Raises FacesError where it cannot be run."""
        try:
            return list(self._session.run(None, dict(inputs)))
        except Exception as error:  # as above
            raise FacesError(
                "Running a network.", f"It failed: {error}", "Close other programs and try again."
            ) from error
