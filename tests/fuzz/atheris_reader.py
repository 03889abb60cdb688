"""Coverage-guided fuzzing of the reader: `make fuzz-atheris`. Not run by continuous integration.

Whatever the bytes are, the reader gives a value or says, with a place, what is wrong with them.
"""

import sys

import atheris  # type: ignore[import-untyped]  # in an environment of its own

with atheris.instrument_imports():
    from pathlib import Path

    from oasmith.diagnostics import Diagnostics
    from oasmith.openapi.decoding import decode
    from oasmith.openapi.reading import Limits, read_bytes
    from oasmith.source import Source

_LIMITS = Limits(size=1 << 20, nodes=100_000)


def examine(data: bytes) -> None:
    """Read the bytes by the rules of JSON and by those of YAML."""
    for name in ("x.json", "x.yaml"):
        diagnostics = Diagnostics(verbose=True)
        source = read_bytes(f"https://x.example/{name}", data, diagnostics, _LIMITS)
        said = diagnostics.render()
        assert source is not None or diagnostics.failed
        assert all(char.isprintable() or char == "\n" for char in said)
        for found in diagnostics:
            assert found.location is not None
    text = decode(Source(Path("x"), ""), data, Diagnostics())
    assert text is None or "\0" not in text


if __name__ == "__main__":
    atheris.Setup(sys.argv, examine)
    atheris.Fuzz()
