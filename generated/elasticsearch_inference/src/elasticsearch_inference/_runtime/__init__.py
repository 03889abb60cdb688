# oasmith copies this file into packages. There it belongs to its user and is not subject to
# oasmith's licence.
"""Runtime support, copied verbatim into every generated package as `_runtime`."""
