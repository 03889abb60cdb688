"""Rules of OpenAPI and HTTP that generated packages and the generator share.

In: plain values, and what checks them. Out: text, verdicts, messages.
Only the standard library is imported here, and nothing when a package is imported or a client made.
"""
