"""The sync half of the runtime.

`.ci/unasync.py` of oasmith makes it from `aio/`; `primitives` and `network` are written by hand.
"""
