"""The async half of the runtime, and the source of the sync half.

`.ci/unasync.py` of oasmith makes `sync/` from it; `primitives` is written by hand in both.
"""
