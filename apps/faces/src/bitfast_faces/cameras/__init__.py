"""Cameras: from video to one event per visit, with people who agreed recognised and everybody else only counted."""
