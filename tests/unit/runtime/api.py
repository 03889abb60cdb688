"""A small API, as a generated package would describe it, for the tests of the runtime."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StrictInt

from oasmith.runtime.aio.client import AsyncClient
from oasmith.runtime.models import Omittable, RequestModel, ResponseModel, Secret
from oasmith.runtime.operations import Body, Operation, Parameter, Response, Route
from oasmith.runtime.options import Settings
from oasmith.runtime.rules import Rule
from oasmith.runtime.semantics.rules import ParameterNarrowing, RequiresOneOf
from oasmith.runtime.sync.client import SyncClient


class RateLimit(RequestModel):
    size: Annotated[StrictInt, Field(ge=1)]


class Settings1(RequestModel):
    _rules: ClassVar[tuple[Rule, ...]] = (RequiresOneOf(("api_key",), ("client_secret",)),)

    model_id: str
    api_key: Omittable[Secret] = None
    client_secret: Omittable[Secret] = None
    rate_limit: Omittable[RateLimit] = None
    share: Omittable[float] = None
    extra: Omittable[dict[str, Any]] = None
    from_: Omittable[str] = Field(default=None, validation_alias="from", serialization_alias="from")


class Red(RequestModel):
    _constants: ClassVar[tuple[str, ...]] = ("service",)
    _rules: ClassVar[tuple[Rule, ...]] = (
        ParameterNarrowing("task_type", lambda: Literal["rerank"]),
    )

    service: Literal["red"] = "red"
    service_settings: Settings1


class Blue(RequestModel):
    _constants: ClassVar[tuple[str, ...]] = ("service",)
    _rules: ClassVar[tuple[Rule, ...]] = (
        ParameterNarrowing("task_type", lambda: Literal["completion"]),
    )

    service: Literal["blue"] = "blue"
    note: str | None


class Thing(ResponseModel):
    ok: bool
    size: int | None = None


class Refusal(ResponseModel):
    status: int | None = None


_PATH = (
    Parameter("task_type", "path", lambda: Literal["rerank", "completion"]),
    Parameter("thing_id", "path", lambda: str, wire_name="id"),
)
_JSON = (Response("200", "application/json", lambda: Thing),)
_ERRORS = (Response("default", "application/json", lambda: Refusal),)

GET: Operation[Thing] = Operation(
    id="things.get",
    method="GET",
    routes=(Route("/things/{id}"), Route("/things/{task_type}/{id}")),
    parameters=(
        *_PATH,
        Parameter(
            "timeout",
            "query",
            lambda: Annotated[str, Field(pattern="^-?[0-9]+[a-z]*$")] | Literal[-1, 0] | timedelta,
            units={"d": 86400, "s": 1, "ms": 0.001, "nanos": 0.000000001},
        ),
        Parameter("force", "query", lambda: bool),
        Parameter("filter_path", "query", lambda: str | list[str], explode=False),
    ),
    responses=_JSON,
    errors=_ERRORS,
)

PUT: Operation[Thing] = Operation(
    id="things.put",
    method="PUT",
    routes=GET.routes,
    parameters=_PATH,
    body=Body(
        "application/json",
        lambda: Annotated[Red | Blue, Field(discriminator="service")],
    ),
    responses=_JSON,
    errors=_ERRORS,
)

PUT_RED: Operation[Thing] = Operation(
    id="things.put",
    method="PUT",
    routes=GET.routes,
    parameters=_PATH,
    body=Body("application/json", lambda: Red, flattened=True),
    responses=_JSON,
    errors=_ERRORS,
)

POST: Operation[Thing] = Operation(
    id="things.make",
    method="POST",
    routes=(Route("/things"),),
    body=Body("application/json", lambda: Any),
    responses=_JSON,
    errors=_ERRORS,
)

STREAM: Operation[dict[str, Any]] = Operation(
    id="things.watch",
    method="POST",
    routes=(Route("/things/_stream"),),
    responses=(Response("200", "text/event-stream", lambda: dict[str, Any], end="[DONE]"),),
    errors=_ERRORS,
)


class Client(SyncClient):
    _settings = Settings(
        user_agent="things/1",
        base_url_variable="THINGS_URL",
        media_types={"application/json": "application/vnd.things+json"},
    )


class AClient(AsyncClient):
    _settings = Client._settings
