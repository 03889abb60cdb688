"""Make the sync half of the runtime from the async half: .ci/unasync.py [--check]

Reads generator/oasmith/runtime/aio and writes generator/oasmith/runtime/sync. `--check` writes
nothing and fails if a file there is not what it would write.
"""

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
RUNTIME = REPO / "generator" / "oasmith" / "runtime"
RUFF = (sys.executable, "-m", "ruff")

BY_HAND = frozenset({"__init__", "primitives", "network"})
"""Modules that are written twice, and those that only the sync half needs."""

NAMES = {
    "AsyncClient": "SyncClient",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aclose_iterator": "close_iterator",
    "aiter": "iter",
    "anext": "next",
    "default_async_transport": "default_transport",
}
"""Names that change, besides `AsyncX`, which becomes `X`."""

UNWRAPPED = {"Awaitable": 0, "Coroutine": 2}
"""Types of which only the result is left, with the number of the arguments before it."""

PHRASES = {
    "The base of generated async clients. One belongs to one event loop (of asyncio).": (
        "The base of generated clients. Can be used from several threads."
    ),
    "The tokens of an async client. They belong to its event loop.": (
        "The tokens of a client. Can be used from several threads."
    ),
    "async with await ": "with ",
    "async with": "with",
    "await ": "",
}
"""Words of docstrings and comments."""


def unasync(source: str) -> str:
    """Return the sync form of a module; it is not formatted yet."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    written: list[str] = []
    end = 0
    for start, stop, text in _edits(source):
        first = starts[start[0] - 1] + start[1]
        written += source[end:first], text
        end = starts[stop[0] - 1] + stop[1]
    return "".join([*written, source[end:]])


Position = tuple[int, int]


def _edits(source: str) -> Iterator[tuple[Position, Position, str]]:
    """Yield what is replaced, in order: from where, to where, by what."""
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    dropped: set[int] = set()
    for index, token in enumerate(tokens):
        if index in dropped:
            yield token.start, token.end, ""
        elif token.type in (tokenize.STRING, tokenize.COMMENT):
            yield token.start, token.end, _sync_prose(token.string)
        elif token.type != tokenize.NAME:
            continue
        elif token.string in ("async", "await"):
            yield token.start, tokens[index + 1].start, ""
        elif token.string in UNWRAPPED and tokens[index + 1].string == "[":
            dropped |= _wrapping(tokens, index)
            yield token.start, token.end, ""
        else:
            yield token.start, token.end, _sync_name(token.string)


def _wrapping(tokens: list[tokenize.TokenInfo], index: int) -> set[int]:
    """Return the tokens around the last argument of the generic type at `index`."""
    skipped, depth, at = UNWRAPPED[tokens[index].string], 0, index + 1
    wrapping = {at}
    while True:
        at += 1
        string = tokens[at].string
        if depth == 0 and string == "]":
            return wrapping | {at}
        if skipped:
            wrapping.add(at)
            skipped -= depth == 0 and string == ","
        depth += (string in ("[", "(")) - (string in ("]", ")"))


def _sync_name(name: str) -> str:
    return NAMES.get(name) or re.sub(r"^(_?)Async(?=[A-Z])", r"\1", name)


def _sync_prose(text: str) -> str:
    for phrase, replacement in PHRASES.items():
        text = text.replace(phrase, replacement)
    return re.sub(r"\w+", lambda word: _sync_name(word[0]), text)


def made(name: str) -> str:
    """Return what a module of the sync half has to hold."""
    source = (RUNTIME / "aio" / f"{name}.py").read_text(encoding="utf-8")
    licence, docstring = source.split('"""', 1)
    note = f"# Made from `aio/{name}.py` by oasmith's `.ci/unasync.py`: edit that file.\n"
    text = unasync(f'{licence}{note}"""{docstring}')
    # What is imported and its order, loops that only yield, what fits into a line.
    fixes = ("check", "--quiet", "--fix-only", "--unsafe-fixes", "--select", "I,F401,UP028")
    for command in (fixes, ("format",)):
        target = RUNTIME / "sync" / f"{name}.py"
        done = subprocess.run(
            [*RUFF, *command, "--stdin-filename", target, "-"],
            cwd=REPO,
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        text = done.stdout
    return text


def main() -> None:
    check = sys.argv[1:] == ["--check"]
    names = {file.stem for file in (RUNTIME / "aio").glob("*.py")} - BY_HAND
    texts = {RUNTIME / "sync" / f"{name}.py": made(name) for name in sorted(names)}
    present = {file for file in (RUNTIME / "sync").glob("*.py") if file.stem not in BY_HAND}
    wrong = [
        file
        for file in sorted(texts.keys() | present)
        if file not in present or file.read_text(encoding="utf-8") != texts.get(file)
    ]
    if check and wrong:
        paths = ", ".join(str(file.relative_to(REPO)) for file in wrong)
        sys.exit(f"{paths}: not what `make sync` makes from runtime/aio")
    for file in wrong:
        if file in texts:
            file.write_text(texts[file], encoding="utf-8")
        else:
            file.unlink()


if __name__ == "__main__":
    main()
