"""Decide how the options of each union are discriminated, with every definition known."""

from __future__ import annotations

from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir.discrimination import Unions, identity
from oasmith.ir.query import leaves, record_of
from oasmith.ir.types import (
    AnyOf,
    Api,
    ByTag,
    ByTrial,
    Definition,
    Discrimination,
    Field,
    Literal,
    Record,
    Required,
    SchemaId,
    Union,
    Unresolved,
    Use,
)
from oasmith.ir.walk import rewrite_definition, rewrite_operations
from oasmith.source import Location


def resolve_unions(api: Api, diagnostics: Diagnostics) -> Api:
    """Resolve every union, and give records the tag that a discriminator asks for."""
    resolution = _Resolution(dict(api.definitions), diagnostics)
    resolution.run()
    api = replace(api, definitions=resolution.definitions)
    return rewrite_operations(api, resolution.use)


class _Resolution:
    """Resolves the unions of one document."""

    def __init__(self, definitions: dict[SchemaId, Definition], diagnostics: Diagnostics) -> None:
        self.definitions = definitions
        self.diagnostics = diagnostics
        self.unions = Unions(definitions)
        self._tags: dict[tuple[SchemaId, str], list[str]] = {}

    def run(self) -> None:
        """Resolve the unions of all definitions."""
        definitions = self.definitions
        found = []
        for id_, definition in definitions.items():
            resolved = rewrite_definition(definition, self.use)
            if isinstance(resolved, Union) and isinstance(resolved.told_apart, Unresolved):
                options, told_apart = self._resolve(
                    resolved.options, resolved.told_apart, resolved.at
                )
                resolved = replace(resolved, options=options, told_apart=told_apart)
            if resolved is not definition:
                definitions[id_] = resolved
                found.append(id_)
        for (target, property_), tags in self._tags.items():
            definitions[target] = self._with_tag(definitions[target], property_, tuple(tags))
        if self._tags:
            for id_ in found:
                checked = rewrite_definition(definitions[id_], self._kept_apart)
                if isinstance(checked, Union):
                    still = self._still(checked.options, checked.told_apart, checked.at)
                    checked = replace(checked, told_apart=still)
                definitions[id_] = checked

    def _kept_apart(self, use: Use) -> Use:
        if not isinstance(use, AnyOf):
            return use
        return replace(use, told_apart=self._still(use.options, use.told_apart, use.at))

    def _still(
        self, options: tuple[Use, ...], told_apart: Discrimination | Unresolved, at: Location
    ) -> Discrimination | Unresolved:
        """Return how options are told apart once records have the tags of all their unions."""
        if not isinstance(told_apart, ByTag) or not told_apart.declared:
            return told_apart
        property_ = told_apart.property
        distinct = {
            identity(leaf): o for o in options for leaf in leaves(o, self.definitions)
        }  # of aliases one
        tags = [tag for o in distinct.values() for tag in self.unions.constants(o, property_)]
        if len(set(tags)) == len(tags):
            return told_apart
        self.diagnostics.warning(
            "discriminator",
            at,
            f"by `{property_}` some options have tags in common, which other unions give them",
            "let each option list the values of its own",
        )
        return ByTrial()

    def use(self, use: Use) -> Use:
        """Return the use, resolved if it is an unresolved union."""
        if not isinstance(use, AnyOf) or not isinstance(use.told_apart, Unresolved):
            return use
        options, told_apart = self._resolve(use.options, use.told_apart, use.at)
        return replace(use, options=options, told_apart=told_apart)

    def _resolve(
        self, options: tuple[Use, ...], unresolved: Unresolved, at: Location
    ) -> tuple[tuple[Use, ...], Discrimination]:
        declared = unresolved.declared
        verdict = self.unions.decide(options, declared)
        found = verdict.told_apart
        if declared is not None and not (isinstance(found, ByTag) and found.declared):
            self.diagnostics.warning(
                "discriminator",
                at,
                f"the discriminator `{declared.property}` does not tell these options apart",
                "give each option, an object with a name, a value of its own",
            )
        if verdict.overlap:
            self.diagnostics.warning(
                "union-by-trial",
                at,
                "nothing tells these options apart: a value is taken for the first that it fits",
                "give each option a required property with a constant of its own",
            )
        if isinstance(found, ByTag) and found.declared:
            # Where others need the property, the one that may do without it is told by that.
            some_need_it = any(self.unions.constants(o, found.property) for o in verdict.options)
            for option, tags in zip(verdict.options, found.tags, strict=True):
                self._note_tags(option, found.property, tags, optional=some_need_it)
        return verdict.options, found

    def _note_tags(
        self, option: Use, property_: str, tags: tuple[str, ...], *, optional: bool
    ) -> None:
        """Remember the tags of a record that its own schema does not have as constants."""
        record = record_of(option, self.definitions)
        if record is not None and (
            set(self.unions.constants(option, property_, optional=optional)) != set(tags)
        ):
            known = self._tags.setdefault((record.id, property_), [])
            known += (tag for tag in tags if tag not in known)

    def _with_tag(
        self, definition: Definition, property_: str, tags: tuple[str, ...]
    ) -> Definition:
        """Return a record whose property is one of the tags: that is what the discriminator means,
        even if the property is a plain string there, optional, or missing.
        """
        assert isinstance(definition, Record)
        old = next((f for f in definition.fields if f.wire_name == property_), None)
        if old is None:
            self.diagnostics.warning(
                "discriminator",
                definition.at,
                f"the discriminator `{property_}` is no property of this schema; it is added",
            )
            old = Field(
                wire_name=property_,
                type=Literal(values=tags, at=definition.at),
                presence=Required(),
                at=definition.at,
            )
            return replace(definition, fields=(old, *definition.fields))
        for example in definition.doc.examples:
            shown = example.value
            if isinstance(shown, dict) and shown.get(property_) not in tags:
                message = f"by `{property_}` of the example the discriminator leads elsewhere"
                self.diagnostics.warning("example", example.at, message)
        tagged = replace(old, type=Literal(values=tags, at=old.at), presence=Required())
        return replace(
            definition, fields=tuple(tagged if f is old else f for f in definition.fields)
        )
