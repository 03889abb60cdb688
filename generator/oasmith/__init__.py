"""oasmith turns an OpenAPI document into a Python package and reference docs."""

__version__ = "0.1.0"
