"""Where our client sends something else than elasticsearch-py, or nothing at all, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from behaviour.wire.rows import Sent


@dataclass(frozen=True, slots=True)
class Refused:
    """The call raises before anything is sent; `words` are found in the message."""

    words: str
    because: str


@dataclass(frozen=True, slots=True)
class SentAs:
    """The request is another one."""

    sent: Sent
    because: str


Difference: TypeAlias = Refused | SentAs

_CLIMBS = "unescaped, the path would be collapsed on its way, to that of another operation"
_NO_TIME = "the server knows no such time value and would refuse it"
_NO_KEY = "the server asks for the key, though the published types lack it"
_CURATED = "the reference says so in prose, which its examples do not heed"
_NEEDS = "the server asks for it"


def _completion(timeout: str) -> Sent:
    path = "/_inference/completion/x"
    return Sent("POST", path, (("timeout", timeout),), '{"input": "i"}')


DIFFERENT: Mapping[str, Difference] = {
    # Examples of the published reference that the server does not take.
    "example-092": Refused("task_type: should be", "the task type is spelt `chat_completion`"),
    "example-112": Refused("service_settings.api_key: is required", _NO_KEY),
    "example-113": Refused("service_settings.api_key: is required", _NO_KEY),
    "generic_put-025": Refused("service_settings.api_key: is required", _NO_KEY),
    "example-022": Refused("needs `similarity` and `element_type`", _CURATED),
    "generic_put-003": Refused("needs `similarity` and `element_type`", _CURATED),
    "generic_put-004": Refused("`amazontitan` is for `completion` and `text_embedding`", _CURATED),
    "example-121": Refused("'service'", "the service of an endpoint cannot be changed"),
    # Bodies that lack what the server needs.
    "operation-011": Refused("service_settings.num_threads: is required", _NEEDS),
    "operation-012": Refused("service_settings.num_threads: is required", _NEEDS),
    "operation-013": Refused("service_settings.num_threads: is required", _NEEDS),
    "operation-014": Refused("`service` is required", _NEEDS),
    "operation-017": Refused("one of `api_key` and `client_secret`", _NEEDS),
    "operation-019": Refused("one of `api_key` and `client_secret`", _NEEDS),
    # Paths.
    "id-036": SentAs(Sent("GET", "/_inference/%2E", (), None), _CLIMBS),
    "id-058": SentAs(
        Sent(
            "PUT",
            "/_inference/text_embedding/%2E%2E",
            (),
            '{"service": "cohere", "service_settings": {"api_key": "k", "model_id": "m"}}',
        ),
        _CLIMBS,
    ),
    "id-060": SentAs(Sent("GET", "/_inference/text_embedding/%2E%2E", (), None), _CLIMBS),
    # Values of the query.
    "timeout-011": Refused("timeout: ", _NO_TIME),
    "timeout-012": Refused("timeout: ", _NO_TIME),
    "timeout-015": Refused("timeout: ", _NO_TIME),
    "timeout-016": Refused("timeout: ", _NO_TIME),
    "timeout-019": Refused("timeout: ", _NO_TIME),
    "timeout-020": Refused("timeout: ", _NO_TIME),
    "timeout-021": Refused("timeout: ", _NO_TIME),
    "timeout-022": Refused("timeout: ", _NO_TIME),
    "timeout-024": SentAs(_completion("30s"), "`0:00:30` is no time value of the server"),
    "timeout-025": Refused("timeout: ", "bytes are not text; whose encoding would it be?"),
    "timeout-026": Refused("timeout: ", _NO_TIME),
    "timeout-027": Refused("timeout: ", _NO_TIME),
    "bool-005": Refused("force: ", "the server takes `true` and `false` and no numbers"),
    # Bodies.
    "body-004": Refused("input: ", "there is nothing to embed, and the server says so too"),
    "body-011": Refused("inf is no JSON number", "what elasticsearch-py sends is no JSON"),
    "body-013": SentAs(
        Sent("POST", "/_inference/text_embedding/x", (), '{"input": ["set"]}'),
        "elasticsearch-py raises; here type checkers refuse a set, and a set that comes is a list",
    ),
    "body-014": Refused("half a character", "what elasticsearch-py sends is no UTF-8"),
}
