"""Decisions about the Python to be written, taken once and globally."""
