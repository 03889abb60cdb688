"""The files that make the output a package."""
