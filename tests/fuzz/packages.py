"""What every package must be, whatever the document said: judged without running it.

The rules speak of the syntax tree: which modules are imported, what is called, which statements
stand where. They are stated here anew, not taken from the generator, which might be wrong itself.
"""

from __future__ import annotations

import ast
import re
import tomllib
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import CodeType
from typing import Final

from markdown_it import MarkdownIt

RUNTIME: Final = Path(__file__).resolve().parents[2] / "generator" / "oasmith" / "runtime"

_IMPORTED: Final = frozenset(
    {
        *("__future__", "collections.abc", "datetime", "decimal", "functools", "pydantic"),
        *("pytest", "types", "typing", "typing_extensions", "uuid"),
    }
)
_ANNOTATING: Final = frozenset(
    ("bool", "bytes", "dict", "float", "int", "list", "object", "str", "tuple")
)
_AT_TOP: Final = (ast.AnnAssign, ast.Assign, ast.ClassDef, ast.Expr, ast.ImportFrom, ast.If)
_IN_CLASS: Final = (ast.AnnAssign, ast.Assign, ast.Expr, ast.FunctionDef, ast.AsyncFunctionDef)
_EXECUTING: Final = frozenset(
    {
        *("__builtins__", "__import__", "breakpoint", "compile", "delattr", "eval", "exec", "exit"),
        *("getattr", "globals", "input", "locals", "memoryview", "open", "print", "quit"),
        *("setattr", "vars"),
    }
)
_CALLED: Final = frozenset(("classmethod", "isinstance", "len", "property", "super", "tuple"))
_DUNDERS: Final = frozenset(("__init__", "__new__"))
_PATH: Final = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")
_DEVICES: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_HTML: Final = re.compile(r"(?<!\\)<[A-Za-z/!?]")
_NOT_ASCII: Final = re.compile(r"\w*[^\x00-\x7f]+\w*")
_TEXT: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*''', re.DOTALL
)
"""Strings and comments."""
_OURS: Final = re.compile(
    r'</?(?:a|br|code|details|summary)(?: (?:id|markdown)="[\w.~-]+")* ?/?>', re.ASCII
)
"""HTML without any power, whoever wrote it."""
_LINK: Final = re.compile(r"(?<!\\)\]\(\s*<?([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CODE: Final = re.compile(
    r"^(?P<fence>`{3,}).*?^(?P=fence)`*$|(?P<tick>`+).+?(?P=tick)", re.MULTILINE | re.DOTALL
)
LONGEST_PATH: Final = 200


class Violation(AssertionError):
    """The generator broke a promise."""


def judge(files: Mapping[str, str]) -> dict[str, CodeType]:
    """Return the modules of a package, compiled. Raises `Violation`."""
    _judge_paths(files)
    compiled: dict[str, CodeType] = {}
    for path, text in files.items():
        kind = PurePosixPath(path).suffix
        if kind == ".py":
            compiled[path] = _compiled(path, text, "/_runtime/" in path)
        elif kind == ".md":
            _judge_page(path, text)
        elif kind == ".toml":
            tomllib.loads(text)
    for path in compiled:
        for wanted in _relative_imports(path, files[path]):
            if f"{wanted}.py" not in files and f"{wanted}/__init__.py" not in files:
                raise Violation(f"{path} imports {wanted}, which is not there")
    return compiled


def _judge_paths(files: Mapping[str, str]) -> None:
    folded = {path.casefold() for path in files}
    if len(folded) != len(files):
        raise Violation(f"paths that differ by case: {sorted(files)}")
    for path in files:
        parts = path.split("/")
        if not _PATH.fullmatch(path) or {"", ".", ".."} & set(parts) or len(path) > LONGEST_PATH:
            raise Violation(f"a path that is none: {path!r}")
        if any(_DEVICES.match(part) or part.endswith(".") for part in parts):
            raise Violation(f"a path that Windows keeps for itself: {path!r}")


def _judge_page(path: str, text: str) -> None:
    if found := _CONTROL.search(text):
        raise Violation(f"{path} has a control character {found[0]!a}")
    prose = _OURS.sub("", _CODE.sub("", text))
    if _HTML.search(prose):
        for html in _html(text):
            raise Violation(f"{path} has HTML: {html[:200]!r}")
    for found in _LINK.finditer(prose):
        if found[1].lower() not in ("http", "https", "mailto"):
            raise Violation(f"{path} has a link to {found[1]!r}")


def _html(text: str) -> Iterator[str]:
    """Give the HTML that a reader of Markdown finds, which takes longer."""
    for block in MarkdownIt("commonmark").enable("table").parse(text):
        for token in (block, *(block.children or ())):
            if token.type in ("html_inline", "html_block"):
                left = _OURS.sub("", token.content)
                if "<" in left:
                    yield left


def _compiled(path: str, text: str, verbatim: bool) -> CodeType:
    if verbatim:
        return _runtime_module(path.partition("/_runtime/")[2], text)
    if not text.isascii():
        # Names of other scripts, in the form that Python compares them in; and docstrings.
        if found := _CONTROL.search(text):
            raise Violation(f"{path} has {found[0]!a}")
        for word in _NOT_ASCII.findall(_TEXT.sub("", text)):
            if not word.isidentifier() or unicodedata.normalize("NFKC", word) != word:
                raise Violation(f"{path} has {word!a}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            tree = ast.parse(text)
            code = compile(tree, path, "exec", dont_inherit=True)
        except (SyntaxError, SyntaxWarning, ValueError) as error:
            raise Violation(f"{path} does not compile: {error}") from error
    for problem in problems(tree):
        raise Violation(f"{path}: {problem}")
    return code


@lru_cache(maxsize=100)
def _runtime_module(name: str, text: str) -> CodeType:
    if text != (RUNTIME / name).read_text(encoding="utf-8"):
        raise Violation(f"{name} of the runtime was changed")
    return compile(text, name, "exec", dont_inherit=True)


def problems(tree: ast.Module) -> Iterator[str]:
    """Say what a generated module has that none should."""
    origin = dict(_bound(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                if [each.name for each in node.names] not in (["pytest"], ["functools"]):
                    yield f"imports {ast.unparse(node)}"
            case ast.ImportFrom(level=0):
                names = {each.name for each in node.names}
                if node.module not in _IMPORTED and not (
                    node.module == "builtins" and names <= _ANNOTATING
                ):
                    yield f"imports {ast.unparse(node)}"
            case ast.Call():
                if not _may_be_called(node.func, origin):
                    yield f"calls {ast.unparse(node.func)[:200]}"
            case ast.Name(id=name, ctx=ast.Load()):
                if name in _EXECUTING and name not in origin:
                    yield f"uses {name}"
            case ast.Attribute(attr=name):
                if name.startswith("__") and name not in _DUNDERS:
                    yield f"reaches for {name}"
            case (
                ast.Global()
                | ast.Nonlocal()
                | ast.Delete()
                | ast.Yield()
                | ast.NamedExpr()
                | ast.JoinedStr()
                | ast.ListComp()
                | ast.GeneratorExp()
                | ast.While()
                | ast.With()
            ):
                yield f"has a {type(node).__name__}"
            case _:
                pass
    for statement in tree.body:
        yield from _misplaced(statement, (*_AT_TOP, ast.FunctionDef, ast.Try, ast.Import))
        if isinstance(statement, ast.ClassDef):
            for inner in statement.body:
                yield from _misplaced(inner, (*_IN_CLASS, ast.Pass))
        if isinstance(statement, ast.If) and ast.unparse(statement.test) != "TYPE_CHECKING":
            yield f"decides at import: {ast.unparse(statement.test)[:200]}"


def _misplaced(statement: ast.stmt, allowed: tuple[type[ast.stmt], ...]) -> Iterator[str]:
    if not isinstance(statement, allowed):
        yield f"has a statement {type(statement).__name__}"
    if isinstance(statement, ast.Expr) and not (
        isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    ):
        yield f"evaluates {ast.unparse(statement)[:200]}"


def _bound(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the names that the module binds, and what each is."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom() | ast.Import():
                for each in node.names:
                    yield each.asname or each.name, each.name
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, node.name
            case ast.arg(arg=name):
                yield name, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name, name
            case _:
                pass


def _may_be_called(function: ast.expr, origin: Mapping[str, str]) -> bool:
    match function:
        case ast.Name(id=name):
            return name in origin or name in _CALLED
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
        case ast.Attribute(value=inner):
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            return isinstance(inner, ast.Name) and inner.id in origin
        case _:
            return False


@lru_cache(maxsize=400)
def _relative_imports(path: str, text: str) -> tuple[str, ...]:
    found = []
    folder = path.split("/")[:-1]
    for match in re.finditer(r"^\s*from (\.+)([\w.]*) import", text, re.MULTILINE):
        base = folder[: len(folder) - len(match[1]) + 1]
        if match[2]:
            found.append("/".join([*base, *match[2].split(".")]))
    return tuple(found)
