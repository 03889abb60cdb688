"""Rules in sentences, for the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import Marks, clauses, is_said, series
from oasmith.targets.markdown.notation import Notation, constraints, value_text
from oasmith.targets.rendering.markdown import Markdown, code, summary, text
from oasmith.text import Text


class Sentences:
    """Words rules as sentences. Types are written in the notation of the API."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation
        self._marks: Marks[ir.Use] = Marks(code, _constant, self._being)

    def of(self, rules: Sequence[ir.Rule]) -> tuple[Markdown, ...]:
        """Return a sentence, or a few that belong together, for each rule or group of rules.

        Where the document says a rule in words of its own and names what it is about, its words are
        the sentence; where it does not, the sentence made here follows its words.
        """
        return tuple(self._grouped(rules))

    def _grouped(self, rules: Sequence[ir.Rule]) -> Iterator[Markdown]:
        for words, group in groupby(rules, key=lambda rule: rule.message.doc.description):
            together = list(group)
            made = [_sentence(clause) for clause in clauses(together, self._marks)]
            if words is None:
                yield from map(Markdown, made)
                continue
            said = summary(words)
            if all(is_said(rule, partial(_mentions, words)) for rule in together):
                yield Markdown(said)
            else:
                yield Markdown(" ".join([said, *made]))

    def _being(self, use: ir.Use) -> str:
        """Say what something is: `is at least 3 and matches x`."""
        match use:
            case ir.Literal(values=values):
                return f"is {series([*map(_constant, values)], 'or')}"
            case ir.Scalar(bounds=bounds) if bounds is not None:
                # The field itself says the format.
                limits = [in_words(limit) for limit in constraints(replace(use, format=None))]
                is_ = [limit for limit in limits if not limit.startswith("matches ")]
                does = [limit for limit in limits if limit.startswith("matches ")]
                return " and ".join([f"is {series(is_, 'and')}", *does] if is_ else does)
            case _:
                limits = constraints(use)
                remarks = f" ({', '.join(map(in_words, limits))})" if limits else ""
                return f"is {code(self._notation.use(use))}{remarks}"


def _mentions(words: Text, term: str) -> bool:
    return f"`{term}`" in words


def _constant(value: ir.LiteralValue) -> Markdown:
    return code(value_text(value))


_SIGNS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
_LIMIT = re.compile(r"(>=|>|<=|<)(?= -?[\d.])")


def in_words(limit: str) -> str:
    """Return a remark of `constraints` as Markdown for a sentence."""
    if (found := _LIMIT.match(limit)) is not None:
        return f"{_SIGNS[found[0]]} {limit[found.end() + 1 :]}"
    if limit.startswith("matches /"):
        return f"matches {code(limit[len('matches /') : -1])}"
    return text(limit)


def _sentence(clause: str) -> str:
    return clause[0].upper() + clause[1:] + "."
