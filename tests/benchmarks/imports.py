"""What the generated package costs to import and to use for the first time.

    python tests/benchmarks/imports.py [--runs N]

Each case is a process of its own; the floor is what no client of this kind can go below. The call
is answered in memory, so that no server's and no socket's time is in it.
"""

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import REPO, Case, run, table, take_turns

GENERATED = REPO / "generated" / "elasticsearch_inference" / "src"

FLOOR = "import httpx2, pydantic"

# pydantic loads most of itself when the first of its names is used.
LOADED = "import httpx2; from pydantic import BaseModel, TypeAdapter"

CLIENT = """
import elasticsearch_inference
client = elasticsearch_inference.Client("http://localhost:9200")
"""

# Prints the milliseconds of CPU that the first and the second call take, libraries imported.
CALL = """
import httpx2
import time
from pydantic import BaseModel, TypeAdapter
import elasticsearch_inference
from elasticsearch_inference._runtime.headers import Headers
from elasticsearch_inference._runtime.transport import Response

ANSWER = b'''{"inference_id": "my-endpoint", "task_type": "text_embedding", "service": "openai",
"service_settings": {"model_id": "text-embedding-3-small", "rate_limit": {"requests_per_minute": 9}}
}'''

class Memory:
    def send(self, request):
        headers = Headers([("content-type", "application/json")])
        return Response(200, headers, [ANSWER], lambda: None)
    def close(self):
        pass

client = elasticsearch_inference.Client("http://localhost:9200", transport=Memory())

def call():
    before = time.process_time()
    settings = {"api_key": "k", "model_id": "text-embedding-3-small"}
    made = client.inference.put_openai(
        "my-endpoint", task_type="text_embedding", service_settings=settings
    )
    assert made.service_settings.model_id == "text-embedding-3-small"
    return 1000 * (time.process_time() - before)

print(call(), call())
"""

EVERYTHING = """
import importlib, pkgutil
import elasticsearch_inference
from pydantic import BaseModel

for module in pkgutil.walk_packages(elasticsearch_inference.__path__, "elasticsearch_inference."):
    importlib.import_module(module.name)

def below(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from below(sub)

count = 0
for model in below(BaseModel):
    if model.__module__.startswith("elasticsearch_inference.models."):
        model.model_rebuild()
        assert model.__pydantic_complete__
        count += 1
assert count > 100
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=15, help="per case; default: %(default)s")
    runs = arguments.parse_args().runs
    cases: dict[str, Case] = {
        name: lambda program=program: run(  # type: ignore[misc]
            [sys.executable, "-c", program], REPO, {"PYTHONPATH": str(GENERATED)}
        )
        for name, program in {
            "import httpx2, pydantic": FLOOR,
            "the libraries, loaded": LOADED,
            "import the package, make a client": CLIENT,
            "the libraries, loaded, and two calls": CALL,
            "import all modules, build all models": EVERYTHING,
        }.items()
    }
    costs = take_turns(cases, runs)
    print(f"generated/elasticsearch_inference, {runs} runs")
    print(table(costs, "import httpx2, pydantic"))
    calls = [
        tuple(map(float, cost.output.split()))
        for cost in costs["the libraries, loaded, and two calls"]
    ]
    first, second = (statistics.median(times) for times in zip(*calls, strict=True))
    print(f"first call: {first:.1f} ms of CPU, models built; second: {second:.2f} ms")


if __name__ == "__main__":
    main()
