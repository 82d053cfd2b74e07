"""The weights: which they are, how they are fetched and checked, and dlib's made into ONNX."""
