"""From arguments to what is sent, and all that is refused before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import Field, StrictInt

from oasmith.runtime.auth import ApiKey, Basic, Bearer
from oasmith.runtime.errors import InvalidRequest
from oasmith.runtime.models import Omittable, RequestModel, Secret
from oasmith.runtime.operations import Body, Operation, Parameter, Route
from oasmith.runtime.requests import Prepared, prepare
from oasmith.runtime.rules import Rule
from oasmith.runtime.semantics.rules import Given, ParameterNarrowing, RequiresWith, When
from unit.runtime.api import GET, POST, PUT, PUT_RED, RateLimit, Settings1, Thing


def problems(operation: Operation[Any], arguments: dict[str, Any], body: Any = None) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        prepare(operation, arguments, body)
    assert caught.value.operation == operation.id
    assert str(caught.value).startswith(f"{operation.id}: ")
    return [str(problem) for problem in caught.value.problems]


def content(prepared: Prepared) -> bytes:
    assert isinstance(prepared.content, bytes)
    return prepared.content


@pytest.mark.parametrize(
    ("thing_id", "segment"),
    [
        ("plain", "plain"),
        ("with space", "with%20space"),
        ("with/slash", "with%2Fslash"),
        ("per%cent", "per%25cent"),
        ("%2e%2e", "%252e%252e"),
        ("q?m#h", "q%3Fm%23h"),
        ("a,b*", "a,b*"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        (".a", ".a"),
        ("../x", "..%2Fx"),
        ("ü😀", "%C3%BC%F0%9F%98%80"),
        ("nl\n", "nl%0A"),
        ("~-._", "~-._"),
    ],
)
def test_segments_are_escaped(thing_id: str, segment: str) -> None:
    assert prepare(GET, {"thing_id": thing_id}, None).target == f"/things/{segment}"
    both = prepare(GET, {"task_type": "rerank", "thing_id": thing_id}, None)
    assert both.target == f"/things/rerank/{segment}"


def test_the_route_is_the_one_that_takes_what_is_given() -> None:
    assert problems(GET, {}) == ["thing_id: is required"]
    assert problems(GET, {"task_type": "rerank", "thing_id": None}) == ["thing_id: is required"]
    assert problems(GET, {"thing_id": ""}) == ["thing_id: must not be empty"]
    assert problems(GET, {"thing_id": "\ud800"}) == [
        "thing_id: holds half a character (a lone surrogate)"
    ]
    either: Operation[None] = Operation(
        id="x",
        method="GET",
        routes=(Route("/a/{a}"), Route("/b/{b}"), Route("/c")),
        parameters=(Parameter("a", "path", lambda: str), Parameter("b", "path", lambda: str)),
    )
    assert prepare(either, {}, None).target == "/c"
    assert prepare(either, {"b": "1"}, None).target == "/b/1"
    assert problems(either, {"a": "1", "b": "1"}) == ["there is no path with `a` and `b`"]


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({}, ""),
        ({"timeout": "30s"}, "?timeout=30s"),
        ({"timeout": -1}, "?timeout=-1"),
        ({"timeout": 0}, "?timeout=0"),
        ({"timeout": timedelta(seconds=1.5)}, "?timeout=1500ms"),
        ({"force": False}, "?force=false"),
        ({"filter_path": "a b&c=d/ü*,"}, "?filter_path=a%20b%26c%3Dd%2F%C3%BC*,"),
        ({"filter_path": ("a", "-b.c")}, "?filter_path=a,-b.c"),
        # In the order of the operation, not of the arguments.
        ({"force": True, "timeout": "1m"}, "?timeout=1m&force=true"),
    ],
)
def test_query(arguments: dict[str, Any], query: str) -> None:
    assert prepare(GET, {"thing_id": "x", **arguments}, None).target == f"/things/x{query}"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"timeout": True}, "timeout: "),
        ({"timeout": False}, "timeout: "),
        ({"timeout": 30}, "timeout: "),
        ({"timeout": 1.5}, "timeout: "),
        ({"timeout": ""}, "timeout: "),
        ({"timeout": b"30s"}, "timeout: "),
        ({"force": 1}, "force: should be a valid boolean"),
        ({"force": "true"}, "force: should be a valid boolean"),
        ({"filter_path": [1]}, "filter_path"),
        ({"task_type": "rerankk"}, "task_type: should be 'rerank' or 'completion'"),
    ],
)
def test_parameters_are_checked_strictly(arguments: dict[str, Any], expected: str) -> None:
    found = problems(GET, {"thing_id": "x", **arguments})
    assert all(problem.startswith(expected) for problem in found), found


def test_all_problems_of_a_call_are_told_together() -> None:
    found = problems(
        PUT_RED,
        {"thing_id": "", "task_type": 1},
        {"service": "red", "service_settings": {"modle_id": "m", "rate_limit": {"size": 0}}},
    )
    assert found == [
        "task_type: should be 'rerank' or 'completion'",
        "thing_id: must not be empty",
        "service_settings.model_id: is required",
        "service_settings.rate_limit.size: should be greater than or equal to 1",
        "service_settings.modle_id: unknown key `modle_id`, did you mean `model_id`?",
        "service_settings: give exactly one of `api_key` and `client_secret`",
    ]


def test_paths_of_problems_have_no_names_of_variants() -> None:
    body = {"service": "red", "service_settings": {"model_id": 1, "api_key": "k"}}
    assert problems(PUT, {"thing_id": "x"}, body) == [
        "service_settings.model_id: should be a valid string"
    ]
    assert problems(PUT, {"thing_id": "x"}, {"service": "rde"}) == [
        "`service` cannot be 'rde', did you mean 'red'?"
    ]
    assert problems(PUT, {"thing_id": "x"}, {"service": "green"}) == [
        "`service` cannot be 'green'; known are 'red', 'blue'"
    ]
    assert problems(PUT, {"thing_id": "x"}, {}) == [
        "`service` is required: it says which variant this is"
    ]


def test_broken_rules_are_told() -> None:
    settings = {"model_id": "m", "api_key": "k", "client_secret": "s"}
    assert problems(
        PUT_RED, {"thing_id": "x"}, {"service": "red", "service_settings": settings}
    ) == ["service_settings: give exactly one of `api_key` and `client_secret`"]


def test_a_body_narrows_parameters() -> None:
    blue = {"service": "blue", "note": None}
    assert prepare(PUT, {"thing_id": "x", "task_type": "completion"}, blue).target
    assert prepare(PUT, {"thing_id": "x"}, blue).target
    assert problems(PUT, {"thing_id": "x", "task_type": "rerank"}, blue) == [
        "task_type: should be 'completion', as the body is Blue"
    ]
    assert problems(PUT, {"thing_id": "x", "task_type": "nonsense"}, blue) == [
        "task_type: should be 'rerank' or 'completion'"
    ]


def test_a_body_that_is_no_union_narrows_parameters() -> None:
    load: Operation[Thing] = Operation(
        id="kilns.load",
        method="POST",
        routes=(Route("/kilns"),),
        parameters=(
            Parameter("shelf", "query", lambda: str),
            Parameter("fan", "query", lambda: bool),
            Parameter("heat", "query", lambda: Literal["20", "40", 20, 40]),
        ),
        body=Body("application/json", lambda: Load),
    )
    assert prepare(load, {"heat": 20}, {"what": "cup"}).target == "/kilns?heat=20"
    assert problems(load, {"heat": 40}, {"what": "cup"}) == [
        "heat: should be '20', as the body is Load"
    ]
    assert prepare(load, {"shelf": "top"}, {"what": "cup"}).target == "/kilns?shelf=top"
    both = {"shelf": "low", "fan": True}
    narrowed = [
        "shelf: should be 'top', as the body is Load",
        "fan: cannot be given, as the body is Load",
    ]
    assert problems(load, both, {"what": "cup"}) == narrowed
    assert problems(load, both, {"what": 5}) == ["what: should be a valid string", *narrowed]


def test_of_a_wrong_body_only_the_option_that_was_meant_narrows_parameters() -> None:
    def load(type_: Any) -> Operation[Thing]:
        return Operation(
            id="kilns.load",
            method="POST",
            routes=(Route("/kilns"),),
            parameters=(Parameter("shelf", "query", lambda: str),),
            body=Body("application/json", lambda: type_),
        )

    wrong = {"what": 5}
    (either,) = problems(load(Load | Kiln), {"shelf": "low"}, wrong)
    assert either.startswith("what: ")
    assert "as the body is" not in either
    nested = {"load": wrong}
    assert problems(load(Oven), {"shelf": "low"}, nested) == ["load.what: should be a valid string"]


class Oven(RequestModel):
    load: Load


class Load(RequestModel):
    _rules: ClassVar[tuple[Rule, ...]] = (
        ParameterNarrowing("shelf", lambda: Literal["top"]),
        ParameterNarrowing("fan", None),
        ParameterNarrowing("heat", lambda: Literal["20"]),
    )

    what: str


def test_bodies_are_models_or_dicts() -> None:
    settings = Settings1(model_id="m", api_key="k", rate_limit=RateLimit(size=3))
    expected = (
        b'{"service":"red","service_settings":'
        b'{"model_id":"m","api_key":"k","rate_limit":{"size":3}}}'
    )
    # In the order of the class, whatever the order of the caller.
    plain = {"rate_limit": {"size": 3}, "api_key": "k", "model_id": "m"}
    for given in (settings, plain):
        body = {"service_settings": given, "service": "red"}
        assert content(prepare(PUT_RED, {"thing_id": "x"}, body)) == expected
        assert content(prepare(PUT, {"thing_id": "x"}, body)) == expected
    assert problems(PUT, {"thing_id": "x"}) == ["body: is required"]


def test_members_that_are_none_were_not_given_one_by_one() -> None:
    settings = {"model_id": "m", "api_key": "k"}
    body = {"service": None, "service_settings": settings}
    assert content(prepare(PUT_RED, {"thing_id": "x"}, body)).startswith(b'{"service":"red",')
    # In a body given whole, a null is a null.
    settings["share"] = None  # type: ignore[assignment]
    assert problems(PUT_RED, {"thing_id": "x"}, body) == [
        "service_settings.share: null is not allowed here; leave it out instead"
    ]


class Note(RequestModel):
    note: str | None
    more: str | None = None


def test_a_required_member_may_be_null_one_by_one() -> None:
    operation: Operation[None] = Operation(
        id="x",
        method="PUT",
        routes=(Route("/"),),
        body=Body("application/json", lambda: Note, flattened=True),
    )
    assert content(prepare(operation, {}, {"note": None, "more": None})) == b'{"note":null}'


class Jar(RequestModel):
    shape: str
    size: Omittable[int] = None


def test_an_optional_body_is_left_out_or_whole() -> None:
    operation: Operation[None] = Operation(
        id="x",
        method="POST",
        routes=(Route("/"),),
        body=Body("application/json", lambda: Jar, required=False, flattened=True),
    )
    assert prepare(operation, {}, {"shape": None, "size": None}).content is None
    assert content(prepare(operation, {}, {"shape": "tall", "size": None})) == b'{"shape":"tall"}'
    assert problems(operation, {}, {"shape": None, "size": 3}) == ["shape: is required"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1, "b": 1.0, "c": 10**30}, b'{"a":1,"b":1.0,"c":1000000000000000000000000000000}'),
        ({"text": "ü😀\u2028</script>"}, '{"text":"ü😀\u2028</script>"}'.encode()),
        (["a", ("b", "c")], b'["a",["b","c"]]'),
        ({"a": None}, b'{"a":null}'),
        ("NaN and Infinity", b'"NaN and Infinity"'),
    ],
)
def test_json_to_the_byte(value: Any, expected: bytes) -> None:
    assert content(prepare(POST, {}, value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, float("nan")]}, "a[1]: nan is no JSON number"),
        ({"a": {"b": float("-inf")}}, "a.b: -inf is no JSON number"),
        ({"a": "lone \ud800"}, "a: holds half a character (a lone surrogate)"),
        ({"a": object()}, "holds a value that cannot be sent"),
    ],
)
def test_what_json_cannot_hold(value: Any, expected: str) -> None:
    assert problems(POST, {}, value) == [expected]


def test_nan_in_untyped_members_of_a_model() -> None:
    settings = {"model_id": "m", "api_key": "k", "extra": {"a": [float("inf")]}}
    assert problems(PUT_RED, {"thing_id": "x"}, {"service_settings": settings}) == [
        "service_settings.extra.a[0]: inf is no JSON number"
    ]
    settings = {"model_id": "m", "api_key": "k", "share": float("nan")}  # type: ignore[dict-item]
    assert problems(PUT_RED, {"thing_id": "x"}, {"service_settings": settings}) == [
        "service_settings.share: should be a finite number"
    ]


def test_a_reference_that_leads_nowhere_is_a_problem() -> None:
    settings = {"model_id": "m", "api_key": "env:NO_SUCH_VARIABLE"}
    assert problems(PUT_RED, {"thing_id": "x"}, {"service_settings": settings}) == [
        "service_settings.api_key: the environment variable NO_SUCH_VARIABLE is not set"
    ]


def test_problems_hold_no_secret() -> None:
    settings = {"model_id": 5, "api_key": "sk-1", "client_secret": "sk-2"}
    with pytest.raises(InvalidRequest) as caught:
        prepare(PUT_RED, {"thing_id": "x"}, {"service_settings": settings})
    error = caught.value
    assert "sk-" not in f"{error} {error!r} {error.__dict__} {error.__context__}"


ALL_PLACES: Operation[None] = Operation(
    id="places",
    method="GET",
    routes=(Route("/a{label}/b{matrix}/{n}"),),
    parameters=(
        Parameter("label", "path", lambda: list[int], style="label", explode=True),
        Parameter("matrix", "path", lambda: dict[str, int], style="matrix"),
        Parameter("n", "path", lambda: float),
        Parameter("deep", "query", lambda: dict[str, Any], style="deepObject", explode=True),
        Parameter("tags", "query", lambda: list[str], required=True),
        Parameter("filter", "query", lambda: dict[str, Any], style="content"),
        Parameter("x_trace", "header", lambda: str, wire_name="X-Trace"),
        Parameter("x_key", "header", lambda: Secret, wire_name="X-Key"),
        Parameter("session", "cookie", lambda: str),
        Parameter("amount", "query", lambda: Annotated[Decimal, Field(ge=0)]),
    ),
)


def test_all_places() -> None:
    prepared = prepare(
        ALL_PLACES,
        {
            "label": [1, 2],
            "matrix": {"x": 1},
            "n": 1.0,
            "deep": {"a": 1, "b": True},
            "tags": ["x", "y&z"],
            "filter": {"a": [1.0, "ü"]},
            "x_trace": "t",
            "x_key": "sk-1",
            "session": "a b",
            "amount": Decimal("1.10"),
        },
        None,
    )
    assert prepared.target == (
        "/a.1.2/b;matrix=x,1/1.0?deep%5Ba%5D=1&deep%5Bb%5D=true&tags=x&tags=y%26z"
        "&filter=%7B%22a%22%3A%5B1.0,%22%C3%BC%22%5D%7D&amount=1.10"
    )
    assert prepared.headers == {"x-trace": "t", "x-key": "sk-1", "cookie": "session=a%20b"}
    assert prepared.secrets == ["sk-1"]
    assert "sk-1" not in repr(prepared)
    assert problems(ALL_PLACES, {"label": [1], "matrix": {"x": 1}, "n": 1.0, "x_trace": "ü"}) == [
        "tags: is required",
        "x_trace: a header holds only printable ASCII",
    ]


def test_media_types_have_the_names_of_the_server() -> None:
    prepared = prepare(POST, {}, {}, media_types={"application/json": "application/vnd.x+json"})
    assert prepared.headers == {
        "content-type": "application/vnd.x+json",
        "accept": "application/vnd.x+json",
    }


def test_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    def sent(*credentials: ApiKey | Basic | Bearer) -> Prepared:
        return prepare(GET, {"thing_id": "x"}, None, credentials=credentials)

    prepared = sent(ApiKey("key", prefix="ApiKey "))
    assert prepared.headers["authorization"] == "ApiKey key"
    assert prepared.secrets == ["key"]
    assert sent(Basic("ü", "p:w")).headers["authorization"] == "Basic w7w6cDp3"
    monkeypatch.setenv("TOKEN", "t")
    assert sent(Bearer("env:TOKEN")).headers["authorization"] == "Bearer t"
    both = sent(ApiKey("a b", name="key", place="query"), ApiKey("c", name="X-Key", prefix="k "))
    assert both.target == "/things/x?key=a%20b"
    assert both.headers["x-key"] == "k c"
    assert sent(ApiKey("c d", name="sid", place="cookie")).headers["cookie"] == "sid=c%20d"
    for credential in (ApiKey("sk-1"), Basic("me", "sk-1"), Bearer("sk-1")):
        assert "sk-1" not in repr(credential)


def test_credentials_that_cannot_be_sent() -> None:
    for credential in (Bearer("env:NO_SUCH_VARIABLE"), ApiKey("a\r\nb")):
        with pytest.raises(InvalidRequest, match=r"things.get: auth: ") as caught:
            prepare(GET, {"thing_id": "x"}, None, credentials=(credential,))
        assert "a\r\nb" not in str(caught.value)


def test_an_operation_without_security_gets_no_credentials() -> None:
    open_to_all: Operation[None] = Operation(
        id="x", method="GET", routes=(Route("/"),), security=()
    )
    assert prepare(open_to_all, {}, None, credentials=(Bearer("t"),)).headers == {}


class Kiln(RequestModel):
    _rules: ClassVar[tuple[Rule, ...]] = (
        When(
            (Given(("clay",)),),
            (ParameterNarrowing("max-heat", lambda: Literal["low"]),),
            message="`clay` melts.",
        ),
        When((Given(("glaze",)),), (ParameterNarrowing("wait", lambda: Literal["2h"]),)),
        RequiresWith("glaze", ("clay",)),
    )

    clay: Omittable[str] = None
    glaze: Omittable[str] = None
    shelf: Omittable[StrictInt] = None


FIRE: Operation[Thing] = Operation(
    id="kilns.fire",
    method="POST",
    routes=(Route("/kilns"),),
    parameters=(
        Parameter("max_heat", "query", lambda: Literal["low", "high"], wire_name="max-heat"),
        Parameter("wait", "query", lambda: str | timedelta, units={"h": 3600}),
    ),
    body=Body("application/json", lambda: Kiln, flattened=True),
)


def test_what_is_in_a_body_narrows_parameters() -> None:
    hot = {"max_heat": "high", "wait": timedelta(hours=2)}
    assert prepare(FIRE, hot, {}).target == "/kilns?max-heat=high&wait=2h"
    assert prepare(FIRE, {"wait": timedelta(hours=2)}, {"clay": "c", "glaze": "g"}).content == (
        b'{"clay":"c","glaze":"g"}'
    )
    assert problems(FIRE, hot, {"clay": "c"}) == ["max_heat: `clay` melts"]
    assert problems(FIRE, {"wait": timedelta(hours=3)}, {"clay": "c", "glaze": "g"}) == [
        "wait: should be '2h' when `glaze` is given"
    ]


def test_a_body_narrows_parameters_though_it_is_wrong_itself() -> None:
    assert problems(FIRE, {"max_heat": "high", "wait": "1h"}, {"glaze": "g", "shelf": "top"}) == [
        "shelf: should be a valid integer",
        "`glaze` needs `clay` beside it",
        "wait: should be '2h' when `glaze` is given",
    ]
    assert problems(FIRE, {"max_heat": "lukewarm"}, {"clay": "c"}) == [
        "max_heat: should be 'low' or 'high'"
    ]
