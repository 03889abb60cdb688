"""Names are what they name, whatever order things come in, and never hide what is there."""

import itertools
import keyword
from collections.abc import Callable

import pytest

from oasmith.runtime.models import RequestModel, ResponseModel, UnknownModel
from oasmith.targets.python import naming


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("OpenAIServiceSettings", "OpenAIServiceSettings"),
        ("inference-put-openai", "InferencePutOpenai"),
        ("HTTP_ERROR", "HttpError"),
        ("von", "Von"),
        ("3DObject", "Schema3DObject"),
        ("!!!", "NotNotNot"),
        ("", "Empty"),
        ("用户", "Schema用户"),
        ("Größe", "Größe"),
        ("Exception", "Exception_"),
        ("None", "None_"),
        ("ﬁle", "File"),
        ("a\u202eb", "AB"),
        ("שלום", "HebrewLetterShinHebrewLetterLamedHebrewLetterVavHebrewLetterFinalMem"),
    ],
)
def test_class_names(text: str, name: str) -> None:
    assert naming.class_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("OpenAIServiceSettings", "open_ai_service_settings"),
        ("AI21Endpoint", "ai21_endpoint"),
        ("HTTPServer", "http_server"),
        ("userIDs", "user_ids"),
        ("class", "class_"),
        ("list", "list_"),
        ("inference.put", "inference_put"),
        ("1st", "n1st"),
    ],
)
def test_snake_case(text: str, name: str) -> None:
    assert naming.snake_case(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("_types", "types"),
        ("con", "con_"),
        ("COM1", "com1_"),
        ("import", "import_"),
        ("Käse", "kase"),
        ("用户", "u7528_u6237"),
        ("../../etc/passwd", "etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
    ],
)
def test_module_names_are_files_everywhere(text: str, name: str) -> None:
    assert naming.module_name(text) == name


@pytest.mark.parametrize(
    ("wire_name", "name"),
    [
        ("model_id", "model_id"),
        ("maxLength", "maxLength"),
        ("from", "from_"),
        ("match", "match"),
        ("_id", "id_"),
        ("$ref", "ref_"),
        ("@timestamp", "timestamp_"),
        ("x-b", "x_b"),
        ("+1", "plus_1"),
        ("-1", "minus_1"),
        ("1h", "n1h"),
        ("list", "list_"),
        ("type", "type"),
        ("json", "json_"),
        ("model_config", "model_config_"),
        ("self", "self_"),
        ("__class__", "class_"),
        ("", "empty"),
    ],
)
def test_field_names(wire_name: str, name: str) -> None:
    assert naming.field_name(wire_name) == name


@pytest.mark.parametrize(
    "make", [naming.class_name, naming.snake_case, naming.module_name, naming.field_name]
)
@pytest.mark.parametrize(
    "text", ["x" * 300, "a b" * 200, "\0", "\ud800", "'; import os #", "a\nb", "%s{0}", "🎉", "²"]
)
def test_whatever_the_text_a_name_is_a_bounded_identifier(
    make: Callable[[str], str], text: str
) -> None:
    name = make(text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not name.startswith("_")
    assert len(name) <= naming.LONGEST + len("Schema_")


def test_long_names_that_differ_at_the_end_differ() -> None:
    assert naming.class_name("x" * 300 + "a") != naming.class_name("x" * 300 + "b")


def test_a_field_hides_nothing_of_the_models() -> None:
    public = {
        name
        for model in (RequestModel, ResponseModel)
        for name in dir(model)
        if not name.startswith("_")
    }
    assert public | {"mro"} == naming.MODEL_ATTRIBUTES  # which the class of classes has
    assert {name for name in dir(UnknownModel) if not name.startswith("_")} - public == {
        "get",
        "items",
        "keys",
    }


@pytest.mark.parametrize(
    ("namespace", "path"),
    [
        ((), ()),
        (("_types",), ("types",)),
        (("inference", "_types"), ("inference",)),
        (("_types", "query_dsl"), ("types", "query_dsl")),
        (("_global", "search", "_types"), ("global_", "search")),
        (("x" * 40, "y" * 40), ("x" * 40 + "_" + "y" * 10 + "_b6e03969",)),
    ],
)
def test_namespaces(namespace: tuple[str, ...], path: tuple[str, ...]) -> None:
    assert naming.namespace_path(namespace) == path


GROUPS: list[tuple[Callable[[str], str], dict[str, str]]] = [
    (naming.field_name, {"foo-bar": "foo_hyphen_bar", "foo_bar": "foo_bar", "x": "x"}),
    (naming.field_name, {"_id": "underscore_id", "id": "id", "id_": "id_"}),
    (naming.field_name, {"from": "from_lowercase", "from_": "from_", "_from": "underscore_from"}),
    (naming.field_name, {"and": "and_", "AND": "AND"}),
    (naming.class_name, {"Error": "Error", "error": "ErrorLowercase"}),
    (naming.class_name, {"a b": "ASpaceB", "a.b": "ADotB"}),
    (naming.class_name, {"My_Id": "MyIdB939f92a", "My_id": "MyId9979b5a7"}),
]


@pytest.mark.parametrize(("make", "expected"), GROUPS)
def test_names_beside_each_other_differ_in_any_order(
    make: Callable[[str], str], expected: dict[str, str]
) -> None:
    for texts in itertools.permutations(expected):
        result = naming.distinct(texts, make)
        assert result.names == expected
        assert result.clashes == ()


def test_a_pin_wins() -> None:
    result = naming.distinct(["Error", "error"], naming.class_name, {"error": "Error"})
    assert result.names["error"] == "Error"
    assert result.names["Error"] != "Error"


def test_two_pins_alike_are_a_clash() -> None:
    result = naming.distinct(["a", "b", "c"], naming.class_name, {"a": "X", "b": "X"})
    assert result.clashes == (("a", "b"),)
