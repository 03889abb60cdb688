"""A thousand calls to a server of which every tenth goes wrong: all of them end as they should."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from elasticsearch_inference import ApiError, AsyncClient, Client, ConnectionFailed, errors
from elasticsearch_inference._runtime.transport import Limits, Network, Timeout

from unit.runtime.loopback import Reply, Seen, Server, serve

CALLS = 1000
NETWORK = Network(limits=Limits(connections=24))
TIMEOUT = Timeout(connect=5, read=5, total=20)

JSON = ("content-type", "application/json")
AT_ONCE = ("retry-after", "0")


def _busy(status: int) -> Reply:
    body = json.dumps({"error": {"type": "busy", "reason": "later"}, "status": status})
    return Reply(status=status, headers=(JSON, AT_ONCE), chunks=(body.encode(),))


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a call, the first time or (`lasts`) every time.

    `get` and `post` are the outcomes: None is success. `sent` is how often each arrives.
    """

    reply: Reply
    get: type[Exception] | None
    post: type[Exception] | None
    sent: tuple[int, int]
    lasts: bool = False


FAULTS = (
    Fault(Reply(cut="before"), None, ConnectionFailed, (2, 1)),
    Fault(Reply(cut="within"), None, ConnectionFailed, (2, 1)),
    Fault(Reply(delay=0.05), None, None, (1, 1)),
    Fault(_busy(429), None, errors.TooManyRequests, (2, 1)),
    Fault(_busy(503), None, errors.ServiceUnavailable, (2, 1)),
    Fault(_busy(502), errors.BadGateway, errors.BadGateway, (3, 1), lasts=True),
    Fault(_busy(429), errors.TooManyRequests, errors.TooManyRequests, (3, 1), lasts=True),
)


def is_get(number: int) -> bool:
    return number % 2 == 0


def fault_of(number: int) -> Fault | None:
    """Every tenth call, gets and posts in turns."""
    return FAULTS[number // 20 % len(FAULTS)] if number % 20 in (3, 14) else None


@dataclass(slots=True)
class Plan:
    """What the server does: it knows a call by the id in its path."""

    arrived: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: Seen) -> Reply:
        number = int(seen.target.rpartition("/")[2])
        with self.lock:
            self.arrived[number] += 1
            first = self.arrived[number] == 1
        if is_get(number):
            value: object = {"endpoints": [_endpoint(number)]}
        else:
            value = {"completion": [{"result": str(number)}]}
        right = json.dumps(value).encode()
        fault = fault_of(number)
        if fault is None or not (first or fault.lasts):
            return Reply(headers=(JSON,), chunks=(right,))
        if fault.reply.status == 200:
            return Reply(chunks=(right,), cut=fault.reply.cut, delay=fault.reply.delay)
        return fault.reply


def _endpoint(number: int) -> dict[str, object]:
    return {
        "inference_id": str(number),
        "task_type": "completion",
        "service": "openai",
        "service_settings": {"model_id": "m"},
    }


@contextmanager
def storm() -> Iterator[tuple[Server, Plan]]:
    plan = Plan()
    with serve(plan) as server:
        yield server, plan


def check(outcomes: list[object], plan: Plan) -> None:
    assert len(outcomes) == CALLS
    for number, outcome in enumerate(outcomes):
        fault = fault_of(number)
        expected = None if fault is None else (fault.get if is_get(number) else fault.post)
        if expected is None:
            assert outcome == str(number)
        else:
            assert type(outcome) is expected, (number, outcome)
            assert isinstance(outcome, errors.OperationError)
            assert outcome.operation == f"inference.{'get' if is_get(number) else 'completion'}"
        sent = (1, 1) if fault is None else fault.sent
        assert plan.arrived[number] == sent[0 if is_get(number) else 1], number
    assert sum(fault_of(number) is not None for number in range(CALLS)) == CALLS // 10


def test_sync() -> None:
    with storm() as (server, plan):
        with (
            Client(server.url, api_key="k", timeout=TIMEOUT, network=NETWORK) as client,
            ThreadPoolExecutor(24) as pool,
        ):

            def call(number: int) -> object:
                try:
                    if is_get(number):
                        got = client.inference.get(inference_id=str(number)).endpoints[0]
                        return got.model_dump()["inference_id"]
                    answer = client.inference.completion(str(number), input="x")
                    return answer.completion[0].result
                except (ApiError, ConnectionFailed) as error:
                    return error

            outcomes = list(pool.map(call, range(CALLS)))
        assert server.settles()
    check(outcomes, plan)


def test_async() -> None:
    async def main(server: Server) -> list[object]:
        async with AsyncClient(server.url, timeout=TIMEOUT, network=NETWORK) as client:

            async def call(number: int) -> object:
                try:
                    if is_get(number):
                        got = (await client.inference.get(inference_id=str(number))).endpoints[0]
                        return got.model_dump()["inference_id"]
                    answer = await client.inference.completion(str(number), input="x")
                    return answer.completion[0].result
                except (ApiError, ConnectionFailed) as error:
                    return error

            return list(await asyncio.gather(*map(call, range(CALLS))))

    with storm() as (server, plan):
        outcomes = asyncio.run(main(server))
        assert server.settles()
    check(outcomes, plan)


def test_a_call_that_is_cancelled_leaves_nothing_behind() -> None:
    async def main(server: Server) -> None:
        async with AsyncClient(server.url, timeout=TIMEOUT) as client:
            calls = [
                asyncio.create_task(client.inference.get(inference_id=str(number)))
                for number in range(20)
            ]
            while server.open < 20:
                await asyncio.sleep(0.01)
            for task in calls:
                task.cancel()
            results = await asyncio.gather(*calls, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results)

    with serve(lambda seen: Reply(delay=0.5)) as server:
        asyncio.run(main(server))
        assert server.settles()


def test_a_deadline_ends_all_attempts() -> None:
    timeout = Timeout(connect=1, read=5, total=0.3)
    with (
        serve(lambda seen: Reply(delay=1)) as server,
        Client(server.url, timeout=timeout, max_retries=5) as client,
    ):
        with pytest.raises(errors.TimedOut) as caught:
            client.inference.get()
        assert caught.value.operation == "inference.get"
        assert len(server.requests) == 1
