"""Emitters: pure functions from a planned package to files."""
