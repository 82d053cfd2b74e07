"""Faces: accuracy, kinship, speed and bits, each measured by a module that prints what it found."""
