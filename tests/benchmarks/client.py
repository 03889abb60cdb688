"""What the generated client costs: over bare httpx2, over bare pydantic, over bare imports.

    python tests/benchmarks/client.py [--runs N]

All figures are ratios of one run, in which the cases take turns. The server is a process of its
own and answers at once; CPU is that of the client's process alone.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, f"{sys.path[0]}/../generated/elasticsearch_inference/src")

import httpx2
from elasticsearch_inference import Client
from elasticsearch_inference._runtime.headers import Headers
from elasticsearch_inference._runtime.transport import Request, Response
from pydantic import BaseModel
from pydantic_core import from_json

from benchmarks.imports import CLIENT, FLOOR, GENERATED
from benchmarks.measure import run, table, take_turns
from conftest import REPO

SERVER = r"""
import asyncio, sys
BODY = sys.argv[1].encode()
ANSWER = (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
          % len(BODY)) + BODY

class Protocol(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.data = transport, b""
    def data_received(self, data):
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15:].split(b"\r\n")[0]) if at >= 0 else 0
            if len(self.data) < end + 4 + length:
                return
            self.data = self.data[end + 4 + length:]
            self.transport.write(ANSWER)

async def main():
    server = await asyncio.get_running_loop().create_server(Protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""

ANSWER = json.dumps({"completion": [{"result": "Blue light is scattered more."}]})
BODY = b'{"input":"Why is the sky blue?"}'


@contextmanager
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, ANSWER], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()


def turns(
    cases: Mapping[str, Callable[[], object]], rounds: int, calls: int
) -> dict[str, tuple[float, float]]:
    """Return microseconds per call, CPU and wall: the medians of the rounds."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for case in cases.values():
        for _ in range(calls):
            case()
    for _ in range(rounds):
        for name, case in cases.items():
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(calls):
                case()
            spent = time.process_time() - cpu, time.perf_counter() - wall
            times[name].append((spent[0] / calls * 1e6, spent[1] / calls * 1e6))
    return {
        name: (statistics.median(c for c, _ in found), statistics.median(w for _, w in found))
        for name, found in times.items()
    }


def report(title: str, found: Mapping[str, tuple[float, float]], base: str) -> None:
    print(f"\n{title}")
    width = max(map(len, found))
    for name, (cpu, wall) in found.items():
        print(
            f"  {name:{width}}  {cpu:9.1f} us CPU {cpu / found[base][0]:5.2f}x"
            f"  {wall:9.1f} us wall {wall / found[base][1]:5.2f}x"
        )


def overhead(rounds: int) -> None:
    with server() as url, httpx2.Client() as bare, Client(url) as client:
        headers = {"content-type": "application/json", "accept": "application/json"}
        target = f"{url}/_inference/completion/my-endpoint"

        def by_hand() -> object:
            answer = bare.post(target, content=BODY, headers=headers)
            assert answer.status_code == 200
            return json.loads(answer.content)["completion"][0]["result"]

        def by_client() -> object:
            answer = client.inference.completion("my-endpoint", input="Why is the sky blue?")
            return answer.completion[0].result

        assert by_hand() == by_client()
        found = turns({"httpx2 and json": by_hand, "client": by_client}, rounds, 200)
        report("a call", found, "httpx2 and json")


class Embedding(BaseModel):
    embedding: list[float]


class Embeddings(BaseModel):
    text_embedding: list[Embedding]


class Memory:
    """Answers every request with the same bytes."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def send(self, request: Request) -> Response:
        headers = Headers([("content-type", "application/json")])
        return Response(200, headers, [self._body], lambda: None)

    def close(self) -> None:
        pass


def embeddings(rounds: int) -> None:
    draw = random.Random(1)
    vectors = [{"embedding": [draw.uniform(-1, 1) for _ in range(1536)]} for _ in range(100)]
    body = json.dumps({"text_embedding": vectors}).encode()
    client = Client("http://localhost", transport=Memory(body))

    def by_hand() -> object:
        return Embeddings.model_validate(from_json(body)).text_embedding[99].embedding[7]

    def by_client() -> object:
        answer = client.inference.text_embedding("my-endpoint", input="x")
        return (answer.text_embedding or [])[99].embedding[7]

    assert by_hand() == by_client()
    found = turns({"from_json and a model by hand": by_hand, "client": by_client}, rounds, 3)
    report(f"100 x 1,536 floats, {len(body):,} bytes", found, "from_json and a model by hand")


def imports(runs: int) -> None:
    def program(text: str) -> Callable[[], object]:
        return lambda: run([sys.executable, "-c", text], REPO, {"PYTHONPATH": str(GENERATED)})

    costs = take_turns(
        {FLOOR: program(FLOOR), "import the package, make a client": program(CLIENT)},  # type: ignore[dict-item]
        runs,
    )
    print("\nimport")
    print(table(costs, FLOOR))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--runs", type=int, default=15, help="rounds; default: %(default)s")
    runs = arguments.parse_args().runs
    overhead(runs)
    embeddings(runs)
    imports(runs)


if __name__ == "__main__":
    main()
