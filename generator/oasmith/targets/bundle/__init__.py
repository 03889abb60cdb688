"""The document in one file."""
