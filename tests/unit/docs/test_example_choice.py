"""Which example goes with a value of a parameter."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from oasmith.ir import types as ir
from oasmith.runtime.semantics.rules import Is, ParameterNarrowing, When
from oasmith.targets.markdown.example_choice import Meaning, chosen
from oasmith.targets.markdown.example_values import ExampleValues
from unit.docs.model import AT, INTEGER, OPTIONAL, STATED, STRING, field, literal, name, ref, said

TASKS = ("text_embedding", "rerank", "completion")


def meaning(value: str) -> Meaning:
    return Meaning(parameter="task", value=value, all=TASKS)


@pytest.mark.parametrize(
    ("value", "text", "affinity"),
    [
        ("rerank", "rerank-v3.5", 1),
        ("text_embedding", "rerank-v3.5", -1),
        ("text_embedding", "Embed-V4.0", 1),
        ("completion", "gpt-4o-mini", 0),
    ],
)
def test_affinity(value: str, text: str, affinity: int) -> None:
    assert meaning(value).affinity(text) == affinity


def test_a_description_that_names_other_values_excludes() -> None:
    words = said("How many come back. For `rerank`.").description
    assert not meaning("rerank").excludes(words)
    assert meaning("completion").excludes(words)
    assert not meaning("completion").excludes(said("For `no_value` of it.").description)
    assert not meaning("completion").excludes(None)


def body(*fields: ir.Field, rules: tuple[ir.Rule, ...] = ()) -> ir.Record:
    return ir.Record(id=name("Body"), fields=fields, rules=rules, at=AT)


SETTINGS = ir.Record(
    id=name("Settings"),
    fields=(
        field("top_n", INTEGER, OPTIONAL, "For `rerank`."),
        field("truncate", STRING, OPTIONAL, "For `text_embedding`."),
    ),
    at=AT,
)
BODY = body(field("model", STRING), field("settings", ref("Settings"), OPTIONAL))


def choose(value: str, examples: list[ir.Json], record: ir.Record = BODY) -> ir.Json:
    definitions: Mapping[ir.SchemaId, ir.Definition] = {record.id: record, SETTINGS.id: SETTINGS}
    return chosen(record, examples, meaning(value), definitions, ExampleValues(definitions))


def test_the_example_that_the_words_speak_for() -> None:
    examples: list[ir.Json] = [{"model": "embed-1"}, {"model": "rerank-1"}, {"model": "complete-1"}]
    assert [choose(task, examples) for task in TASKS] == examples


def test_what_is_for_other_values_is_left_out() -> None:
    example: ir.Json = {"model": "m", "settings": {"top_n": 3, "truncate": "END"}}
    assert choose("rerank", [example]) == {"model": "m", "settings": {"top_n": 3}}
    assert choose("text_embedding", [example]) == {"model": "m", "settings": {"truncate": "END"}}
    assert choose("completion", [example]) == {"model": "m"}


def test_a_name_of_another_kind_of_model_is_made_anew() -> None:
    assert choose("completion", [{"model": "rerank-1"}]) == {"model": "my-model"}


def test_an_address_says_nothing() -> None:
    address = "https://example.com/my-completion"
    assert choose("completion", [{"model": address}, {"model": "m"}]) == {"model": address}


def test_a_choice_that_rules_forbid_is_made_otherwise() -> None:
    only_rerank = ParameterNarrowing("task", literal("rerank"), message=STATED)
    record = body(
        field("how", literal("ranked", "embedded")),
        rules=(When((Is("how", ("ranked",)),), (only_rerank,), message=STATED),),
    )
    assert choose("rerank", [{"how": "ranked"}], record) == {"how": "ranked"}
    assert choose("text_embedding", [{"how": "ranked"}], record) == {"how": "embedded"}


def test_an_example_that_does_not_fit_is_the_last_choice() -> None:
    assert choose("rerank", [{"model": 5}, {"model": "m"}]) == {"model": "m"}
