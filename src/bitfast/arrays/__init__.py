"""The array namespace: what `import bitfast as bf` offers beside the ufuncs, as the Python array API standard has it.

`table` says of every name whose it is; the other files have what is neither a ufunc nor NumPy's own.
"""
