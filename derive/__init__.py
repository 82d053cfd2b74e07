"""Derives every coefficient, table and bound of the kernels; `python -m derive` writes all native/**/*_data.h."""
