"""The last step: with every definition known, the options of each union are told apart."""

from __future__ import annotations

from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir.build.choices import UNDECIDED
from oasmith.ir.build.schemas import Schemas
from oasmith.ir.build.unions import Unions
from oasmith.ir.query import leaves, record_of
from oasmith.ir.types import (
    AnyOf,
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
    Use,
)
from oasmith.ir.walk import rewrite, rewrite_definition
from oasmith.source import Location


class Decisions:
    """Tells the options of the unions of one document apart."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.diagnostics: Diagnostics = schemas.diagnostics
        self.unions = Unions(schemas.definitions)
        self._tags: dict[tuple[SchemaId, str], list[str]] = {}

    def definitions(self) -> None:
        """Decide for every definition, and give records the tag that a discriminator asks for."""
        definitions = self.schemas.definitions
        for id_ in [id_ for id_ in definitions if id_ in self.schemas.undecided]:
            decided = rewrite_definition(definitions[id_], self.use)
            if isinstance(decided, Union):
                options, told_apart = self._decide(decided.options, decided.told_apart, decided.at)
                decided = replace(decided, options=options, told_apart=told_apart)
            definitions[id_] = decided
        for (target, property_), tags in self._tags.items():
            definitions[target] = self._with_tag(definitions[target], property_, tuple(tags))
        if self._tags:
            for id_ in [id_ for id_ in definitions if id_ in self.schemas.undecided]:
                checked = rewrite_definition(definitions[id_], self._kept_apart)
                if isinstance(checked, Union):
                    told_apart = self._still(checked.options, checked.told_apart, checked.at)
                    checked = replace(checked, told_apart=told_apart)
                definitions[id_] = checked

    def _kept_apart(self, use: Use) -> Use:
        if not isinstance(use, AnyOf):
            return use
        return replace(use, told_apart=self._still(use.options, use.told_apart, use.at))

    def _still(
        self, options: tuple[Use, ...], told_apart: Discrimination, at: Location
    ) -> Discrimination:
        """Return how options are told apart once records have the tags of all their unions."""
        if not isinstance(told_apart, ByTag) or not told_apart.declared:
            return told_apart
        property_ = told_apart.property
        distinct = {
            id(leaf): o for o in options for leaf in leaves(o, self.schemas.definitions)
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

    def deep(self, use: Use) -> Use:
        """Return the use with all choices in it decided."""
        return rewrite(use, self.use)

    def use(self, use: Use) -> Use:
        """Return the use, decided if it is a choice."""
        if not isinstance(use, AnyOf) or not self._is_open(use.told_apart):
            return use
        options, told_apart = self._decide(use.options, use.told_apart, use.at)
        return replace(use, options=options, told_apart=told_apart)

    def _is_open(self, told_apart: Discrimination) -> bool:
        return told_apart is UNDECIDED or id(told_apart) in self.schemas.choices.declared

    def _decide(
        self, options: tuple[Use, ...], told_apart: Discrimination, at: Location
    ) -> tuple[tuple[Use, ...], Discrimination]:
        _, declared = self.schemas.choices.declared.get(id(told_apart), (None, None))
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

    # --- tags -------------------------------------------------------------------------------

    def _note_tags(
        self, option: Use, property_: str, tags: tuple[str, ...], *, optional: bool
    ) -> None:
        """Remember the tags of a record that its own schema does not have as constants."""
        record = record_of(option, self.schemas.definitions)
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
