"""Faces, with the same answers on every chip: find, compare, search, and see whom a child resembles."""
