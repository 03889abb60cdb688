"""Jinja environments, what they print, and the inspection of modules."""
