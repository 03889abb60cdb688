"""Decisions about the client: methods, arguments, descriptors, the files around them."""
