"""Decisions about the docs: pages, notation, sentences, samples."""
