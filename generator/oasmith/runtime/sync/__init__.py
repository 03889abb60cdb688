# oasmith copies this file into packages. There it belongs to its user and is not subject to
# oasmith's licence.
"""The sync half of the runtime.

`.ci/unasync.py` of oasmith makes it from `aio/`; `primitives` and `network` are written by hand.
"""
