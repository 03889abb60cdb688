"""Runtime support, copied verbatim into every generated package as `_runtime`."""
