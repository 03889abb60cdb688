"""From which side each definition is reached."""

from __future__ import annotations

from dataclasses import replace

from oasmith.diagnostics import Diagnostics
from oasmith.ir.types import Access, Api, Field, Usage
from oasmith.ir.walk import reachable, uses_in_request, uses_in_responses


def usage(api: Api, _diagnostics: Diagnostics) -> Api:
    """Fill `Api.usage`: requests do not reach through `readOnly` fields, responses do not reach
    through `writeOnly` ones (OpenAPI 3.1, schema object).
    """
    incoming = [each.operation for each in api.incoming]  # what is received are its requests
    request = reachable(
        api.definitions,
        (
            *(use for operation in api.operations for use in uses_in_request(operation)),
            *(
                use
                for each in incoming
                for use in uses_in_responses((*each.responses, *each.errors))
            ),
        ),
        _written,
    )
    response = reachable(
        api.definitions,
        (
            *(
                use
                for operation in api.operations
                for use in uses_in_responses((*operation.responses, *operation.errors))
            ),
            *(use for each in incoming for use in uses_in_request(each)),
        ),
        _read,
    )
    return replace(
        api,
        usage={
            id_: Usage(request=id_ in request, response=id_ in response) for id_ in api.definitions
        },
    )


def _written(field: Field) -> bool:
    return field.access is not Access.READ


def _read(field: Field) -> bool:
    return field.access is not Access.WRITE
