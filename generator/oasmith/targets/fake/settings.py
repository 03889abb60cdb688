"""The settings of the service in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeAlias

from msgspec import Meta

from oasmith.config import END, KEYWORDS, Table

FunctionName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^(?!(?:{KEYWORDS})$)[a-z_][a-z0-9_]*{END}",
        description="the name of a function, such as `my_fixture`",
    ),
]
Status: TypeAlias = Annotated[int, Meta(ge=400, lt=600, description="a status from 400 to 599")]


class RefusalSettings(Table, frozen=True, kw_only=True):
    """An error response of a fake; `reason` may name parameters, `no such thing [{id}]`."""

    status: Status
    type: str
    reason: str


class ResourceSettings(Table, frozen=True, kw_only=True):
    """`[tool.oasmith.targets.fake.resources.NAME]`: see `Resource` of the runtime."""

    MOVED: ClassVar[Mapping[str, str]] = {
        "everything": "all-ids",
        "holders": "referenced-by",
        "held": "in-use",
        "needs": "required-params",
        "replaced": "set-on-replace",
    }

    create: str
    """The operationId, as in `read`, `update` and `delete`."""
    read: str | None = None
    update: str | None = None
    delete: str | None = None
    key: str | None = None
    list: str | None = None
    all_ids: tuple[str, ...] = ()
    required_params: tuple[str, ...] = ()
    set_on_replace: tuple[str, ...] = ()
    referenced_by: tuple[str, ...] = ()
    dry_run: str | None = None
    force: str | None = None
    missing: RefusalSettings | None = None
    exists: RefusalSettings | None = None
    mismatch: RefusalSettings | None = None
    in_use: RefusalSettings | None = None


class FakeSettings(Table, frozen=True, kw_only=True):
    """`[tool.oasmith.targets.fake]`: the module `testing`, an in-memory service for tests."""

    fixture: FunctionName | None = None
    """Name of a pytest fixture."""
    error: Mapping[str, Any] | None = None
    """The body of an error, in which `{type}`, `{reason}` and `{status}` are filled in."""
    invalid: RefusalSettings | None = None
    """The response to a request that the document does not allow; `{problems}` says why."""
    items: str | None = None
    """The field of requests that responses have as many items as."""
    lengths: str | None = None
    """The field of a stored resource that gives the length of lists of numbers."""
    resources: Mapping[str, ResourceSettings] = {}
