"""What methods operations become: arguments, answers, overloads, descriptors."""

from __future__ import annotations

from oasmith.config import DurationSettings
from oasmith.ir import types as ir
from oasmith.targets.client.operations import MethodView, Operations, SignatureView
from unit.client.api import (
    BINARY,
    INTEGER,
    STRING,
    api,
    body,
    content,
    field,
    one_of,
    operation,
    parameter,
    planned,
    record,
    ref,
    response,
    split,
    union,
)


def shown(signature: SignatureView) -> str:
    """Write a signature as a reader would see it."""
    parts = [f"{a.name}: {a.annotation}" for a in signature.positional]
    if signature.keywords:
        parts.append("*")
    parts += [
        f"{a.name}: {a.annotation}{' = None' if a.is_optional else ''}" for a in signature.keywords
    ]
    return f"({', '.join(parts)}) -> {signature.result}"


def methods(operations: Operations) -> dict[str, MethodView]:
    return {
        f"{namespace.attribute}.{method.name}": method
        for namespace in operations.namespaces
        for method in namespace.methods
    }


def the_method(model: ir.Api, **settings: object) -> MethodView:
    (method,) = methods(planned(model, **settings)[1]).values()
    return method


def test_path_parameters_of_every_route_are_positional_in_the_order_of_the_path() -> None:
    model = api(
        [
            operation(
                "get",
                "/a/{one}",
                "/a/{two}/{one}",
                parameters=[
                    parameter("flag", type=INTEGER, required=True),
                    parameter("one", "path"),
                    parameter("two", "path", required=False),
                ],
            )
        ]
    )
    method = the_method(model)
    assert (
        shown(method.signatures[-1]) == "(one: str, *, flag: int, two: str | None = None) -> None"
    )
    assert str(method.parameters) == '{"one": one, "flag": flag, "two": two}'
    assert method.body is None


def test_a_record_is_taken_apart_and_its_constants_are_sent_by_the_method() -> None:
    thing = record(
        "Thing",
        field("kind", one_of("thing"), required=True),
        field("size", INTEGER),
        field("name", required=True),
        field("from"),
    )
    model = api([operation("put", "/x", body=body(content(ref("Thing"))))], thing)
    method = the_method(model)
    assert shown(method.signatures[-1]) == (
        "(*, name: str, size: int | None = None, from_: str | None = None) -> None"
    )
    assert str(method.body) == '{"kind": "thing", "size": size, "name": name, "from": from_}'


def test_a_member_that_is_called_like_a_parameter_says_that_it_is_of_the_body() -> None:
    thing = record("Thing", field("id", required=True))
    model = api(
        [
            operation(
                "put",
                "/{id}",
                parameters=[parameter("id", "path")],
                body=body(content(ref("Thing"))),
            )
        ],
        thing,
    )
    method = the_method(model)
    assert shown(method.signatures[-1]) == "(id: str, *, id_body: str) -> None"
    assert str(method.body) == '{"id": id_body}'


def test_parameters_of_one_name_say_their_place() -> None:
    model = api(
        [
            operation(
                "put",
                "/{id}",
                parameters=[parameter("id", "path"), parameter("id"), parameter("ID", "header")],
            )
        ]
    )
    assert shown(the_method(model).signatures[-1]) == (
        "(id: str, *, id_query: str | None = None, id_header: str | None = None) -> None"
    )


def test_names_that_say_their_place_are_names_of_nobody_else() -> None:
    model = api(
        [
            operation(
                "post",
                "/a/{b}",
                parameters=[
                    parameter("b", "path", required=True),
                    parameter("b_body"),
                    parameter("X-Id", "header"),
                    parameter("x_id"),
                    parameter("x-id"),
                    parameter("x_id_query"),
                ],
                body=body(content(type=ref("Thing"))),
            )
        ],
        record("Thing", field("b"), field("b_body", INTEGER)),
    )
    assert shown(the_method(model).signatures[-1]) == (
        "(b: str, *, b_body_body: str | None = None, b_body_body_body: int | None = None, "
        "b_body: str | None = None, x_id_header: str | None = None, "
        "x_id_query_query: str | None = None, x_hyphen_id: str | None = None, "
        "x_id_query: str | None = None) -> None"
    )


def test_a_record_with_free_members_is_one_argument() -> None:
    thing = ir.Record(
        id=ir.SchemaId(name="Thing"),
        fields=(field("a"),),
        extra=ir.Allowed(type=STRING),
        at=ref("x").at,
    )
    model = api([operation("put", "/x", body=body(content(ref("Thing")), required=False))], thing)
    method = the_method(model)
    assert shown(method.signatures[-1]) == (
        "(*, body: models.Thing | models.ThingDict | None = None) -> None"
    )
    assert str(method.body) == "body"


def services() -> ir.Api:
    requests = [
        record(
            name,
            field("service", one_of(name.lower()), required=True),
            field("model"),
            narrows={"task": one_of(*tasks)},
        )
        for name, tasks in {"One": ("a", "b"), "Two": ("b",)}.items()
    ]
    answers = [
        record(f"{name}Info", field("service", one_of(name.lower()), required=True))
        for name in ("One", "Two")
    ]
    return api(
        [
            operation(
                "things.put",
                "/{id}",
                "/{task}/{id}",
                tag="things",
                parameters=[
                    parameter("id", "path"),
                    parameter("task", "path", one_of("a", "b"), required=False),
                ],
                body=body(content(ref("Thing"))),
                responses=[response(content(ref("Info")))],
            )
        ],
        *requests,
        *answers,
        union("Thing", "One", "Two", tag="service", tags=("one", "two")),
        union("Info", "OneInfo", "TwoInfo", tag="service", tags=("one", "two")),
    )


def test_each_variant_of_a_body_that_narrows_a_parameter_is_an_overload() -> None:
    method = the_method(services())
    assert [shown(overload) for overload in method.signatures[:-1]] == [
        "(id: str, *, body: models.One | models.OneDict, "
        'task: Literal["a", "b"] | None = None) -> models.OneInfo',
        "(id: str, *, body: models.Two | models.TwoDict, "
        'task: Literal["b"] | None = None) -> models.TwoInfo',
    ]
    assert shown(method.signatures[-1]) == (
        "(id: str, *, body: models.Thing | models.ThingDict, "
        'task: Literal["a", "b"] | None = None) -> models.Info'
    )


def test_a_split_operation_has_a_method_for_each_variant() -> None:
    _, operations = planned(services(), operations=split("things.put"))
    found = methods(operations)
    assert list(found) == ["things.put", "things.put_one", "things.put_two"]
    two = found["things.put_two"]
    assert shown(two.signatures[-1]) == (
        '(id: str, *, task: Literal["b"] | None = None, model: str | None = None) -> models.TwoInfo'
    )
    assert str(two.body) == '{"service": "two", "model": model}'
    descriptor = operations.namespaces[0].descriptors[2]
    assert [str(p) for p in descriptor.parameters] == [
        'Parameter("id", "path", lambda: str)',
        'Parameter("task", "path", lambda: Literal["b"])',
    ]
    assert str(descriptor.body) == ('Body("application/json", lambda: models.Two, flattened=True)')
    assert [m.path for m in operations.methods] == [
        "things.put",
        "things.put_one",
        "things.put_two",
    ]
    assert [m.variant and m.variant.name for m in operations.methods] == [None, "One", "Two"]


def test_where_all_becomes_text_integers_and_durations_are_taken_too() -> None:
    duration = ir.Alias(
        id=ir.SchemaId(name="Duration"),
        type=ir.AnyOf(options=(STRING, one_of("-1", "0")), told_apart=ir.ByTrial(), at=STRING.at),
        at=STRING.at,
    )
    model = api(
        [operation("get", "/x", parameters=[parameter("timeout", type=ref("Duration"))])], duration
    )
    durations = {"Duration": DurationSettings(units={"s": 1})}
    _, operations = planned(model, durations=durations)
    (namespace,) = operations.namespaces
    assert shown(namespace.methods[0].signatures[-1]) == (
        "(*, timeout: models.Duration | Literal[-1, 0] | timedelta | None = None) -> None"
    )
    (shown_parameter,) = namespace.descriptors[0].parameters
    assert str(shown_parameter) == (
        'Parameter("timeout", "query", lambda: '
        "models.Duration | Annotated[Literal[-1, 0], Exact()] | timedelta, units=_DURATION_UNITS)"
    )
    (constant,) = namespace.constants
    assert (str(constant.name), str(constant.value)) == ("_DURATION_UNITS", '{"s": 1}')


def test_answers_are_typed_by_what_the_media_type_can_hold() -> None:
    thing = record("Thing", field("a"))
    model = api(
        [
            operation(
                "get",
                "/x",
                responses=[
                    response(content(ref("Thing")), content(STRING, "application/xml")),
                    response(content(BINARY, "image/png"), status="201"),
                    response(content(STRING, "text/plain"), status="202"),
                    response(status="204"),
                ],
            )
        ],
        thing,
    )
    (namespace,) = planned(model)[1].namespaces
    assert str(namespace.methods[0].signatures[-1].result) == "models.Thing | bytes | str | None"
    assert [str(r) for r in namespace.descriptors[0].responses] == [
        'Response("200", "application/json", lambda: models.Thing)',
        'Response("201", "image/png")',
        'Response("202", "text/plain", lambda: str)',
        'Response("204")',
    ]


def test_a_stream_beside_a_plain_answer_is_a_method_of_its_own() -> None:
    event = record("Event", field("a"))
    stream = content(STRING, "text/event-stream", item=ref("Event"))
    both = operation("chat", "/x", responses=[response(content(STRING), stream)])
    found = methods(planned(api([both], event))[1])
    assert {name: method.is_stream for name, method in found.items()} == {
        "_operations.chat": False,
        "_operations.stream_chat": True,
    }
    assert str(found["_operations.stream_chat"].signatures[-1].result) == "models.Event"
    alone = operation("chat", "/x", responses=[response(stream)])
    assert the_method(api([alone], event)).is_stream


def test_media_types_that_hold_different_things_are_methods_of_their_own() -> None:
    thing = record("Thing", field("a"))
    model = api(
        [
            operation(
                "put",
                "/x",
                body=body(
                    content(BINARY, "application/octet-stream"),
                    content(ref("Thing")),
                    content(ref("Thing"), "application/x-www-form-urlencoded"),
                ),
            )
        ],
        thing,
    )
    found = methods(planned(model)[1])
    assert {name: shown(method.signatures[-1]) for name, method in found.items()} == {
        "_operations.put": "(*, a: str | None = None) -> None",
        "_operations.put_bytes": "(*, body: Binary) -> None",
    }


def test_builtins_that_methods_hide_are_written_otherwise() -> None:
    strings = ir.ListOf(item=STRING, at=STRING.at)
    model = api(
        [
            operation("things.list", "/x", tag="things", responses=[response(content(strings))]),
        ]
    )
    (namespace,) = planned(model)[1].namespaces
    (method,) = namespace.methods
    assert (str(method.name), str(method.signatures[-1].result)) == ("list", "_list[str]")
    assert str(namespace.descriptors[0].responses[0]).endswith("lambda: list[str])")
    imported = [
        (str(statement.module), [str(name) for name in statement.names], str(statement.alias))
        for section in namespace.sync.imports
        for statement in section
    ]
    assert ("builtins", ["list"], "_list") in imported


def test_a_deprecated_operation_warns() -> None:
    method = the_method(api([operation("old.thing", "/x", deprecated=True)]))
    assert str(method.deprecated) == '"old.thing is deprecated"'
