"""Coverage-guided fuzzing of the parser of event streams: `make fuzz-atheris`.

Wherever the bytes are cut, the same events come out.
"""

import sys

import atheris  # type: ignore[import-untyped]  # in an environment of its own

with atheris.instrument_imports():
    from oasmith.runtime.sse import EventParser


def examine(data: bytes) -> None:
    """Compare the events of the bytes as a whole, one by one, and cut at the first byte's place."""
    whole = EventParser().feed(data)
    parser = EventParser()
    assert [event for at in range(len(data)) for event in parser.feed(data[at : at + 1])] == whole
    if data:
        cut = data[0] % len(data)
        parser = EventParser()
        assert [*parser.feed(data[:cut]), *parser.feed(data[cut:])] == whole


if __name__ == "__main__":
    atheris.Setup(sys.argv, examine)
    atheris.Fuzz()
