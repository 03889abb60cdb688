"""Rules: what a schema says of its members beyond their types.

JSON Schema says it with applicators that hold no types of their own: `oneOf` or `anyOf` of
`required`, `not`, `if`/`then`/`else`, `dependentRequired`, `dependentSchemas`. Two extensions say
what it cannot: `x-at-most` compares two members, `x-parameters` speaks of the parameters of the
call whose body a schema describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Protocol

from oasmith.frozen import frozen
from oasmith.ir.build.words import doc_of
from oasmith.ir.types import NO_DOC, LiteralValue, Nothing, Rule, Statement, Use
from oasmith.openapi import Node
from oasmith.runtime.semantics.rules import (
    AtMost,
    Condition,
    Excludes,
    Given,
    Has,
    Inside,
    Is,
    Narrows,
    Not,
    ParameterNarrowing,
    RequiresAll,
    RequiresOneOf,
    RequiresWith,
    When,
)

WORDS = frozenset(("title", "description", "$comment", "examples", "externalDocs", "deprecated"))
"""Members of a schema that ask for nothing."""

EXTENSIONS = frozenset(("x-parameters", "x-at-most"))
"""Extensions that ask for something."""

_RULE_KEYS = frozenset(
    (
        "required",
        "properties",
        "not",
        "if",
        "then",
        "else",
        "oneOf",
        "anyOf",
        "allOf",
        "dependentRequired",
        "dependentSchemas",
    )
)


class Unclear(Exception):
    """A schema that no rule of the model can say. `at` is the part that is to blame."""

    def __init__(self, node: Node, why: str) -> None:
        super().__init__(why)
        self.node = node
        self.why = why


def keys_of(node: Node) -> frozenset[str]:
    """Return the members of a schema that ask for something."""
    value = node.value
    if not isinstance(value, dict):
        return frozenset()
    return frozenset(key for key in value if key not in WORDS and not key.startswith("x-"))


def _keys_of_object(node: Node) -> frozenset[str]:
    """Return the members that ask for something, but for `type: object`."""
    keys = keys_of(node)
    is_object = isinstance(node.value, dict) and node.value.get("type") == "object"
    return keys - {"type"} if is_object else keys


def only_rules(node: Node) -> bool:
    """Say whether a schema holds conditions on members alone and describes none of them."""
    if not isinstance(node.value, dict):
        return False
    keys = _keys_of_object(node)
    if not keys:
        return not EXTENSIONS.isdisjoint(node.value)
    if not keys <= _RULE_KEYS:
        return False
    for word in ("oneOf", "anyOf", "allOf"):
        if word in keys and not all(only_rules(branch) for branch in node[word]):
            return False
    if "properties" in keys:
        return all(member.value is False for _, member in node["properties"].items())
    return True


def is_choice_of_required(node: Node, word: str) -> bool:
    """Say whether a `oneOf` or `anyOf` chooses between members to be given, not between types."""
    return all(_group(branch) is not None or _refuses_all(branch) for branch in node[word])


class Members(Protocol):
    """The members of the object that rules are about."""

    def narrow(self, field: str, node: Node) -> Use:
        """Return the type of a member to which a schema is added."""

    def parameter(self, name: str, node: Node) -> Use:
        """Return the type of a schema for a parameter."""

    def inside(self, field: str) -> Members | None:
        """Return the members of a member; None if it is not an object whose members have names."""


@frozen(kw_only=False)
class Rules:
    """Reads the rules for the members of one object."""

    members: Members

    def of(self, node: Node) -> tuple[Rule, ...]:
        """Return the rules that stand directly in a schema: `not`, `if`, `dependentRequired`,
        `dependentSchemas`, `x-at-most`; choices and `required` are left to the caller.

        Raises `Unclear`.
        """
        keys = node.value if isinstance(node.value, dict) else {}
        rules: list[Rule] = []
        if "dependentRequired" in keys:
            for field, needs in node["dependentRequired"].items():
                if names := _strings(needs):
                    rules.append(RequiresWith(field, names, message=_statement(needs, node)))
        if "dependentSchemas" in keys:
            for field, schema in node["dependentSchemas"].items():
                needed = self.conclusions(schema)
                rules += self._when((Given((field,)),), node, needed, ())
        if "not" in keys:
            rules += self._refuse(node["not"], node)
        if "if" in keys:
            then = self.conclusions(node["then"]) if "then" in keys else ()
            otherwise = self.conclusions(node["else"]) if "else" in keys else ()
            rules += self._decide(node["if"], node, then, otherwise)
        if "x-at-most" in keys:
            rules.append(_at_most(node["x-at-most"], node))
        return tuple(rules)

    def choice(self, node: Node, word: str) -> tuple[Rule, ...]:
        """Return the rule of a `oneOf` or `anyOf` that chooses between members to be given.

        Raises `Unclear`.
        """
        groups = [group for branch in node[word] if (group := _group(branch)) is not None]
        escapes = [branch for branch in node[word] if _refuses_all(branch)]
        inclusive = word == "anyOf" and not all(_refused(branch) for branch in node[word])
        names = {name for group in groups for name in group}
        for branch in node[word]:
            if not _refused(branch) <= names:
                raise Unclear(branch, "it refuses a member that no other branch asks for")
        said = _statement(node[word], node)
        if not groups and not escapes:
            return ()
        if not escapes:
            return (RequiresOneOf(*groups, inclusive=inclusive, message=said),)
        if inclusive:
            raise Unclear(node[word], "one branch refuses what another asks for")
        return tuple(
            Excludes(tuple(dict.fromkeys((*one, *other))), message=said)
            for one, other in combinations(groups, 2)
        )

    def conclusions(self, node: Node) -> tuple[Rule, ...]:
        """Return what a schema asks for as rules: of a `then`, an `else`, or alone.

        Raises `Unclear`.
        """
        value = node.value
        if value is True:
            return ()
        if not isinstance(value, dict):
            raise Unclear(node, "a condition that can never hold")
        rules: list[Rule] = []
        for key in value:
            match key:
                case "required":
                    fields = _strings(node["required"])
                    if fields:
                        rules.append(RequiresAll(fields, message=_statement(node["required"])))
                case "properties":
                    for field, member in node["properties"].items():
                        rules += self._member(field, member)
                case "allOf":
                    for branch in node["allOf"]:
                        rules += self.conclusions(branch)
                case "oneOf" | "anyOf":
                    if not is_choice_of_required(node, key):
                        raise Unclear(node[key], f"`{key}` of whole schemas in a condition")
                    rules += self.choice(node, key)
                case "x-parameters":
                    rules += self.parameters(node["x-parameters"].items())
                case "if" | "then" | "else" | "not" | "dependentRequired" | "dependentSchemas":
                    pass
                case _ if key in WORDS or key.startswith("x-"):
                    pass
                case "type" if value["type"] == "object":
                    pass
                case _:
                    raise Unclear(node[key], f"`{key}` in a condition")
        return (*rules, *self.of(node))

    def _member(self, field: str, member: Node) -> tuple[Rule, ...]:
        if member.value is True or member.value == {}:
            return ()
        if member.value is False:
            return (Excludes((field,), message=_statement(member)),)
        inside = self.members.inside(field) if _says_rules_alone(member) else None
        if inside is not None:
            try:
                rules = Rules(inside).conclusions(member)
            except Unclear:
                pass  # as a type it says more, or says what it cannot
            else:
                return (Inside(field, rules, message=_statement(member, member)),)
        narrowed = self.members.narrow(field, member)
        return (Narrows(field, narrowed, message=_statement(member, member)),)

    def parameters(self, schemas: Iterable[tuple[str, Node]]) -> Iterator[Rule]:
        """Yield the rules of `x-parameters`: a schema per parameter."""
        for name, schema in schemas:
            use = self.members.parameter(name, schema)
            only = None if isinstance(use, Nothing) else use
            yield ParameterNarrowing(name, only, message=_statement(schema, schema))

    def _refuse(self, node: Node, holder: Node) -> tuple[Rule, ...]:
        """Return the rules of a `not`."""
        keys = _keys_of_object(node)
        if keys == {"required"} and (fields := _strings(node["required"])):
            return (Excludes(fields, message=_statement(node, holder)),)
        if keys == {"anyOf"}:
            return tuple(rule for b in node["anyOf"] for rule in self._refuse(b, holder))
        if keys == {"allOf"} and len(list(node["allOf"])) == 1:
            return self._refuse(next(iter(node["allOf"])), holder)
        if keys == {"not"}:
            return self.conclusions(node["not"])
        if keys and keys <= {"properties", "required"}:
            return self._refuse_values(node, holder)
        raise Unclear(node, "`not` of this form")

    def _refuse_values(self, node: Node, holder: Node) -> tuple[Rule, ...]:
        """Return the rules by which members may not have these values together: if they have,
        then one of them, which is given, must not be.
        """
        conditions = _conditions(node)
        given = [c.field for c in conditions if isinstance(c, Is | Has) and not c.or_absent]
        given += [field for c in conditions if isinstance(c, Given) for field in c.fields]
        if given:
            never = Excludes((given[0],), message=_statement(node))
            return self._when(conditions, holder, (never,), ())
        if len(conditions) == 1 and isinstance(only := conditions[0], Is):
            never = Excludes((only.field,), message=_statement(node))
            refused = Is(only.field, only.values)
            needed = RequiresAll((only.field,), message=_statement(node))
            return (needed, *self._when((refused,), holder, (never,), ()))
        raise Unclear(node, "`not` of values that may be absent")

    def _decide(
        self, test: Node, holder: Node, then: tuple[Rule, ...], otherwise: tuple[Rule, ...]
    ) -> tuple[Rule, ...]:
        """Return the rules of an `if`; a test that says "not" or "or" becomes nested rules."""
        if not then and not otherwise:
            return ()
        if test.value is True:
            return then
        if test.value is False:
            return otherwise
        keys = _keys_of_object(test)
        if keys == {"not"}:
            return self._decide(test["not"], holder, otherwise, then)
        if keys == {"anyOf"}:
            rules = otherwise
            for branch in reversed(list(test["anyOf"])):
                rules = self._decide(branch, holder, then, rules)
            return rules
        if keys == {"allOf"}:
            rules = then
            for branch in reversed(list(test["allOf"])):
                rules = self._decide(branch, holder, rules, otherwise)
            return rules
        if "not" in keys and keys <= {"not", "properties", "required"}:
            then = self._decide(test["not"], holder, otherwise, then)
            keys -= {"not"}
        if not keys <= {"properties", "required"}:
            raise Unclear(test, "an `if` of this form")
        return self._when(_conditions(test), holder, then, otherwise)

    def _when(
        self,
        conditions: tuple[Condition, ...],
        holder: Node,
        then: tuple[Rule, ...],
        otherwise: tuple[Rule, ...],
    ) -> tuple[Rule, ...]:
        if not conditions:
            return then
        if not then and not otherwise:
            return ()
        return (When(conditions, then, otherwise, message=_statement(holder, holder)),)


def _conditions(test: Node) -> tuple[Condition, ...]:
    """Return what `properties` and `required` of an `if` ask for.

    A property that is only under `properties` passes when it is absent.
    """
    required = list(_strings(test["required"])) if "required" in test else []
    conditions: list[Condition] = []
    if "properties" in test:
        for field, member in test["properties"].items():
            if member.value is True or member.value == {}:
                continue
            given = field in required
            if given:
                required.remove(field)
            if keys_of(member) != {"not"}:
                conditions.append(_condition(field, member, given=given))
                continue
            if given:
                conditions.append(Given((field,)))
            conditions.append(Not(_condition(field, member["not"], given=True)))
    if required:
        conditions.append(Given(tuple(required)))
    return tuple(conditions)


def _condition(field: str, member: Node, *, given: bool) -> Condition:
    """Return what a property of an `if` asks for. `given`: it has to be there."""
    values = _constants(member)
    if values is not None:
        return Is(field, values, or_absent=not given)
    return Has(field, _object_conditions(member), or_absent=not given)


def _object_conditions(test: Node) -> tuple[Condition, ...]:
    keys = _keys_of_object(test)
    if not keys or not keys <= {"properties", "required", "not"}:
        raise Unclear(test, "an `if` that asks for more than constants")
    conditions = _conditions(test)
    if "not" in keys:
        refused = _object_conditions(test["not"])
        if len(refused) != 1:
            raise Unclear(test["not"], "`not` of several conditions")
        conditions = (*conditions, Not(refused[0]))
    return conditions


def _statement(node: Node, described: Node | None = None) -> Statement:
    """Return where a rule is, with the documentation of a schema."""
    return Statement(doc=NO_DOC if described is None else doc_of(described), at=node.at)


def _at_most(node: Node, holder: Node) -> Rule:
    field, of = node.string("field"), node.string("of")
    times = node.get("times")
    factor = 1 if times is None else times.value
    if field is None or of is None:
        raise Unclear(node, "`x-at-most` needs `field` and `of`")
    if not isinstance(factor, int | float) or isinstance(factor, bool):
        raise Unclear(node, "`times` of `x-at-most` is a number")
    return AtMost(field, of, factor, message=_statement(node, holder))


def _says_rules_alone(member: Node) -> bool:
    """Say whether a schema for an object asks for nothing of itself, only of its members."""
    if not isinstance(member.value, dict):
        return False
    keys = _keys_of_object(member)
    return keys <= _RULE_KEYS and (bool(keys) or not EXTENSIONS.isdisjoint(member.value))


def _constants(member: Node) -> tuple[LiteralValue, ...] | None:
    value = member.value
    if not isinstance(value, dict) or not keys_of(member) <= {"const", "enum", "type"}:
        return None
    values = [value["const"]] if "const" in value else value.get("enum")
    if not isinstance(values, list):
        return None
    constants: list[LiteralValue] = []
    for item in values:
        if isinstance(item, (dict, list)):
            return None
        constants.append(item)
    return tuple(constants)


def _group(branch: Node) -> tuple[str, ...] | None:
    """Return the members that a branch of a choice asks for, if it asks for nothing else but
    that others are not given.
    """
    if not isinstance(branch.value, dict):
        return None
    keys = _keys_of_object(branch)
    if "required" not in keys or not keys <= {"required", "not", "properties"}:
        return None
    if "properties" in keys:
        described = dict(branch["properties"].items())
        if any(member.value not in (False, True, {}) for member in described.values()):
            return None
    if "not" in keys and _names_refused(branch["not"]) is None:
        return None
    return _strings(branch["required"]) or None


def _refused(branch: Node) -> frozenset[str]:
    """Return the members that a branch of a choice refuses."""
    refused: set[str] = set()
    if isinstance(branch.value, dict):
        if "not" in branch.value:
            refused |= set(_names_refused(branch["not"]) or ())
        if "properties" in branch.value:
            refused |= {f for f, member in branch["properties"].items() if member.value is False}
    return frozenset(refused)


def _refuses_all(branch: Node) -> bool:
    """Say whether a branch of a choice only says that some members are not given."""
    return keys_of(branch) == {"not"} and _names_refused(branch["not"]) is not None


def _names_refused(node: Node) -> tuple[str, ...] | None:
    """Return the members of which none may be given, by a `not` over this schema."""
    keys = keys_of(node)
    if keys == {"required"}:
        fields = _strings(node["required"])
        return fields if len(fields) == 1 else None
    if keys == {"anyOf"}:
        names: list[str] = []
        for branch in node["anyOf"]:
            inner = _names_refused(branch)
            if inner is None:
                return None
            names += inner
        return tuple(names)
    return None


def _strings(node: Node) -> tuple[str, ...]:
    value = node.value
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
