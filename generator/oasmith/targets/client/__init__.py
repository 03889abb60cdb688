"""The client: methods, sync and async."""
