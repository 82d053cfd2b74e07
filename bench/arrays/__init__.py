"""The speed of sums and products of arrays, beside NumPy and the libraries that it uses."""
