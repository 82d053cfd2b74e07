"""Long proofs of the elementary functions: `make exhaustive FUNCTION=exp`."""
