"""The docs as Markdown pages."""
