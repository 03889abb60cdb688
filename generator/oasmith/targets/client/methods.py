"""Names of the methods of a client: where each operation goes and what it is called there.

An operation goes to the namespace of its first tag, or to the client itself where it has none.
Its method is called as its operationId says, without the words the namespace already says:
`inference.put` of the tag `inference` is `put`. Where two operations come to one name, all of them
are named with more of their context (method, whole operationId, path), never with a number; paths
that differ in a slash at the end say so, and those that differ in other punctuation alone end in a
digest.
"""

from __future__ import annotations

import builtins
import keyword
from collections import defaultdict
from collections.abc import Callable, Iterable

from oasmith.ir import types as ir
from oasmith.targets.python.naming import digest, module_name, snake_case

CLIENT_ATTRIBUTES = frozenset(
    {
        "aclose",
        "call",
        "call_raw",
        "call_streamed",
        "close",
        "iterate",
        "stream",
        "with_options",
        "with_raw_response",
        "with_streamed_response",
    }
)
"""What the clients of the runtime offer: no operation and no namespace takes these names."""


def namespace_name(tag: str) -> str:
    """Return the attribute of the client, and the module, that hold the operations of the tag."""
    name = module_name(tag)
    return f"{name}_" if name in CLIENT_ATTRIBUTES else name


def method_names(
    operations: Iterable[ir.Operation], reserved: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Name the methods of one namespace, or of the client where no operation has a tag.

    `reserved` holds further names that are taken. The answer is the name of each operation, by
    `Operation.id`.
    """
    names: dict[str, str] = {}
    taken = set(reserved)
    waiting = list(operations)
    for named in _CONTEXTS:
        groups: defaultdict[str, list[ir.Operation]] = defaultdict(list)
        for operation in waiting:
            groups[_method_name(named(operation))].append(operation)
        waiting = []
        # A name that several want is nobody's, in no context: else order would decide.
        for name, group in groups.items():
            if len(group) == 1 and name not in taken:
                names[group[0].id] = name
            else:
                waiting += group
        taken.update(groups)
    return names


def _method_name(name: str) -> str:
    """Return the name as a method may have it: as an attribute, a builtin hides nothing."""
    name = snake_case(name)
    plain = name.removesuffix("_")
    return plain if hasattr(builtins, plain) and not keyword.iskeyword(plain) else name


# --- names in ever more context ----------------------------------------------------------------


def _short(operation: ir.Operation) -> str:
    """`put_openai` for `inference.put_openai` of the tag `inference`."""
    if not _has_id(operation):
        return _path(operation)
    words = _words(operation.id)
    said = _words(operation.namespace) if operation.namespace else []
    for prefix in (said, _singular(said)):
        if prefix and len(words) > len(prefix) and words[: len(prefix)] == prefix:
            return "_".join(words[len(prefix) :])
    return "_".join(words)


def _with_method(operation: ir.Operation) -> str:
    """`get_status` for a GET whose short name is `status`."""
    short, method = _short(operation), operation.method.lower()
    return short if short.split("_")[0] == method else f"{method}_{short}"


def _whole(operation: ir.Operation) -> str:
    return operation.id if _has_id(operation) else _path(operation)


def _with_path(operation: ir.Operation) -> str:
    """`list_users_groups` for `list` at `/users/{id}/groups`."""
    return "_".join([_short(operation), *_fixed_segments(operation)])


def _path(operation: ir.Operation) -> str:
    """`get_users_by_id` for GET `/users/{id}`."""
    path = operation.routes[-1].path
    words = [operation.method.lower(), *_fixed_segments(operation)]
    if path.endswith("}"):
        words += ["by", path.rpartition("{")[2].removesuffix("}")]
    return "_".join(words)


def _whole_path(operation: ir.Operation) -> str:
    """`get_users_id_groups_name` for GET `/users/{id}/groups/{name}`."""
    return f"{operation.method.lower()}_{operation.routes[-1].path}"


def _whole_path_with_slash(operation: ir.Operation) -> str:
    """`get_users_with_slash` for GET `/users/` beside GET `/users`."""
    ending = "with_slash" if operation.routes[-1].path.endswith("/") else "without_slash"
    return f"{_whole_path(operation)}_{ending}"


def _whole_path_with_digest(operation: ir.Operation) -> str:
    path = _whole_path(operation)
    return f"{path}_{digest(path)}"


_CONTEXTS: tuple[Callable[[ir.Operation], str], ...] = (
    _short,
    _with_method,
    _whole,
    _with_path,
    _path,
    _whole_path,
    _whole_path_with_slash,
    _whole_path_with_digest,
)


def _has_id(operation: ir.Operation) -> bool:
    return not operation.id.startswith(f"{operation.method} /")


def _words(text: str) -> list[str]:
    return snake_case(text).rstrip("_").split("_")


def _singular(words: list[str]) -> list[str]:
    return [*words[:-1], words[-1].removesuffix("s")] if words else []


def _fixed_segments(operation: ir.Operation) -> list[str]:
    path = operation.routes[-1].path
    return [segment for segment in path.split("/") if segment and "{" not in segment]
