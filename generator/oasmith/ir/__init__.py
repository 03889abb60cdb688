"""The intermediate model: what an API is, free of OpenAPI and of Python."""
