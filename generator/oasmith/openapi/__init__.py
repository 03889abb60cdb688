"""The document: what only this layer knows about OpenAPI."""
