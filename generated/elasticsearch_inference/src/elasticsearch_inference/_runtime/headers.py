"""The headers of a message: names without regard to case, several values under one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Headers(Mapping[str, str]):
    """The headers of an answer. Values under one name are joined by a comma (RFC 9110, 5.2)."""

    __slots__ = ("_lookup", "_pairs")

    def __init__(self, pairs: Iterable[tuple[str | bytes, str | bytes]] = ()) -> None:
        self._pairs = pairs if isinstance(pairs, list | tuple) else list(pairs)
        self._lookup: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        return self._by_name()[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name())

    def __len__(self) -> int:
        return len(self._by_name())

    def __repr__(self) -> str:
        return f"Headers({self._by_name()!r})"

    def __getstate__(self) -> tuple[tuple[str, str], ...]:
        return self.pairs()

    def __setstate__(self, state: tuple[tuple[str, str], ...]) -> None:
        self._pairs = state
        self._lookup = None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give name and value of every header line, in the order they came."""
        return tuple((_text(name), _text(value)) for name, value in self._pairs)

    def _by_name(self) -> dict[str, str]:
        # Built when first asked for: most answers are read without a look at their headers.
        if self._lookup is None:
            lookup: dict[str, str] = {}
            for raw_name, raw_value in self._pairs:
                name, value = _text(raw_name).lower(), _text(raw_value)
                lookup[name] = f"{lookup[name]}, {value}" if name in lookup else value
            self._lookup = lookup
        return self._lookup


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
