"""Which server a call goes to, and which credentials it carries."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from behaviour.operations.package import generated
from unit.runtime.loopback import Reply, Seen, Server, serve

SETTINGS = """
[targets.client.auth-env]
Key = "ACCESS_KEY"
Second = "ACCESS_SECOND"
OAuth = "ACCESS_OAUTH"
"""

OPERATIONS = (
    "default", "none", "together", "login", "maybe", "with_token", "identity", "certificate"
)  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated("access.yaml", tmp_path_factory.mktemp("access"), SETTINGS) as module:
        yield module


class Issuer:
    """Answers all calls; hands out tokens and can take them back."""

    def __init__(self) -> None:
        self.issued = 0
        self.valid: set[str] = set()
        self.expires_in: int | None = 3600
        self.refuses = False

    def __call__(self, seen: Seen) -> Reply:
        if seen.target == "/oauth/token":
            if self.refuses:
                return Reply(status=401, chunks=(b'{"error":"invalid_client"}',))
            self.issued += 1
            token = f"token-{self.issued}"
            self.valid.add(f"Bearer {token}")
            answer = {"access_token": token, "token_type": "bearer"}
            if self.expires_in is not None:
                answer["expires_in"] = self.expires_in  # type: ignore[assignment]
            return Reply(chunks=(json.dumps(answer).encode(),))
        if seen.target.startswith("/api/token") and seen.headers["authorization"] not in self.valid:
            return Reply(status=401, chunks=(b"{}",))
        return Reply(status=204, chunks=())


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def server(issuer: Issuer) -> Iterator[Server]:
    with serve(issuer) as running:
        yield running


def carried(seen: Seen) -> dict[str, str]:
    names = ("x-key", "authorization", "cookie")
    found = {name: seen.headers[name] for name in names if name in seen.headers}
    query = parse_qs(urlsplit(seen.target).query)
    return found | {name: values[0] for name, values in query.items()}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"key": "k", "second": "s", "cookie": "c"},
            {
                "default": {"x-key": "k"},
                "none": {},
                "together": {"x-key": "k", "second": "s"},
                "login": {"x-key": "k", "second": "s", "cookie": "session=c"},  # no other way
                "maybe": {"cookie": "session=c"},
                "certificate": {},
            },
        ),
        (
            {"basic_auth": ("u", "p"), "key": "k"},
            {
                "default": {"x-key": "k"},
                "together": {"authorization": "Basic dTpw"},
                "login": {"authorization": "Basic dTpw"},
                "maybe": {},
            },
        ),
        ({"identity": "t"}, {"identity": {"authorization": "Bearer t"}}),
        ({}, {name: {} for name in OPERATIONS if name != "with_token"}),
    ],
)
def test_an_operation_gets_what_it_asks_for(
    package: ModuleType,
    server: Server,
    given: dict[str, Any],
    expected: dict[str, dict[str, str]],
) -> None:
    with package.Client(f"{server.url}/api", **given) as client:
        for name, credentials in expected.items():
            getattr(client, name)()
            assert (name, carried(server.requests[-1])) == (name, credentials)


def test_credentials_of_the_environment(
    package: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESS_KEY", "k")
    monkeypatch.setenv("ACCESS_SECOND", "s")
    monkeypatch.setenv("ACCESS_OAUTH_CLIENT_ID", "me")
    monkeypatch.setenv("ACCESS_OAUTH_CLIENT_SECRET", "hidden")
    with package.Client(f"{server.url}/api") as client:
        client.together()
        assert carried(server.requests[-1]) == {"x-key": "k", "second": "s"}
        client.with_token()
        assert carried(server.requests[-1]) == {"authorization": "Bearer token-1"}


def test_where_calls_go(package: ModuleType, server: Server) -> None:
    port = str(urlsplit(server.url).port)
    with package.Client(port=port) as client:
        client.none()
        assert server.requests[-1].target == "/api/none"
        client.elsewhere()
        assert server.requests[-1].target == "/v2/elsewhere"
        with pytest.raises(package.ConnectionFailed):
            client.with_options(max_retries=0).far_away()
    with package.Client(f"{server.url}/mine") as client:
        client.far_away()
        assert server.requests[-1].target == "/mine/elsewhere"
        client.elsewhere()
        assert server.requests[-1].target == "/v2/elsewhere"
    with pytest.raises(ValueError, match="base_url: must be an address"):
        package.Client(scheme="ftp")


# --- OAuth 2.0 ----------------------------------------------------------------------------------


def grants(package: ModuleType, **options: Any) -> Any:
    return package.ClientCredentials("me:1", "hid den", **options)


def test_a_token_is_fetched_once_and_kept(
    package: ModuleType, server: Server, issuer: Issuer
) -> None:
    grant = grants(package, scopes=("read", "write"), audience="all")
    assert "hid den" not in repr(grant)
    with package.Client(f"{server.url}/api", o_auth=grant) as client:
        client.with_token()
        client.with_options(timeout=5).with_token()
        client.none()
    asked = server.requests[0]
    assert (asked.method, asked.target) == ("POST", "/oauth/token")
    # RFC 6749, section 2.3.1: `me%3A1:hid%20den`.
    assert asked.headers["authorization"] == "Basic bWUlM0ExOmhpZCUyMGRlbg=="
    assert asked.body == b"grant_type=client_credentials&scope=read%20write&audience=all"
    assert [seen.target for seen in server.requests[1:]] == [
        "/api/token",
        "/api/token",
        "/api/none",
    ]
    assert issuer.issued == 1
    assert carried(server.requests[-1]) == {}


def test_id_and_secret_in_the_form(package: ModuleType, server: Server) -> None:
    grant = grants(package, in_body=True, token_url=f"{server.url}/oauth/token")
    with package.Client(f"{server.url}/api", o_auth=grant) as client:
        client.with_token()
    asked = server.requests[0]
    assert "authorization" not in asked.headers
    assert asked.body == (b"grant_type=client_credentials&client_id=me%3A1&client_secret=hid%20den")


def test_a_token_is_renewed_when_it_ends_or_is_refused(
    package: ModuleType, server: Server, issuer: Issuer
) -> None:
    issuer.expires_in = 0
    with package.Client(f"{server.url}/api", o_auth=grants(package)) as client:
        client.with_token()
        client.with_token()
        assert issuer.issued == 2
        issuer.expires_in = None
        client.with_token()
        client.with_token()
        assert issuer.issued == 3
        issuer.valid.clear()
        client.with_token()
        assert issuer.issued == 4


def test_a_token_that_is_always_refused_is_the_callers_to_know(
    package: ModuleType, server: Server, issuer: Issuer
) -> None:
    issuer.refuses = True
    with (
        package.Client(f"{server.url}/api", o_auth=grants(package)) as client,
        pytest.raises(package.ApiError) as caught,
    ):
        client.with_token()
    assert caught.value.status == 401
    assert str(caught.value).startswith("OAuth 2.0 token: ")
    assert "hid" not in str(caught.value)


def test_threads_share_one_flight(package: ModuleType, server: Server, issuer: Issuer) -> None:
    with package.Client(f"{server.url}/api", o_auth=grants(package)) as client:
        threads = [threading.Thread(target=client.with_token) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert issuer.issued == 1
    assert len(server.requests) == 9


def test_tasks_share_one_flight(package: ModuleType, server: Server, issuer: Issuer) -> None:
    async def run() -> None:
        async with package.AsyncClient(f"{server.url}/api", o_auth=grants(package)) as client:
            await asyncio.gather(*(client.with_token() for _ in range(8)))
            issuer.valid.clear()
            await client.with_token()

    asyncio.run(run())
    assert issuer.issued == 2


def test_a_ready_token(package: ModuleType, server: Server, issuer: Issuer) -> None:
    issuer.valid.add("Bearer mine")
    with package.Client(f"{server.url}/api", o_auth="mine") as client:
        client.with_token()
    assert issuer.issued == 0
