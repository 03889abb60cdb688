"""A type of the user's for a format (`[tool.oasmith.types]`), from the document to the wire."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: "http://localhost"}]
paths:
  /prices/{price}:
    put:
      operationId: put_price
      parameters:
        - {name: price, in: path, required: true, schema: {type: string, format: money}}
        - {name: most, in: query, schema: {type: string, format: money}}
        - {name: some, in: query, schema: {type: array, items: {type: string, format: money}}}
      requestBody: &price
        required: true
        description: Price.
        content: {application/json: {schema: {$ref: "#/components/schemas/Price"}}}
      responses: {"200": *price}
components:
  schemas:
    Price:
      type: object
      required: [net]
      properties:
        net: {type: string, format: money, example: 5 EUR, minLength: 5}
        all: {type: array, items: {type: string, format: money}}
        rate: {type: number, format: ratio, minimum: 2}
"""

SETTINGS = """
document = "shop.yaml"
output = "out"
package = "own_shop"
[types]
"format:money" = "own_types.Money"
"format:ratio" = "fractions.Fraction"
"format:rato" = "fractions.Fraction"
[targets.fake]
"""

TYPES = """
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Money:
    def __init__(self, amount: int, currency: str) -> None:
        self.amount = amount
        self.currency = currency

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @classmethod
    def read(cls, text: str) -> "Money":
        amount, _, currency = text.partition(" ")
        if not amount.isdigit() or len(currency) != 3:
            raise ValueError("should be money, such as `5 EUR`")
        return cls(int(amount), currency)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        read = core_schema.no_info_after_validator_function(cls.read, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=read,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), read]),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "examples": ["1 EUR"]}
"""

USE = """
from own_types import Money
from own_shop import Client, models

client = Client()
price = client.put_price(Money(1, "EUR"), net="55 USD", all=[Money(2, "EUR"), "3 EUR"])
amount: int = price.net.amount
body: models.PriceDict = {"net": Money(5, "EUR"), "rate": 1.5}
client.put_price(5, net="5 EUR")  # type: ignore[arg-type]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    for name, text in (
        ("shop.yaml", DOCUMENT),
        ("oasmith.toml", SETTINGS),
        ("own_types.py", TYPES),
        ("use.py", USE),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "oasmith", "generate"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "not checked: `minimum` of a value that is read as ratio" in run.stderr
    assert "types: the document has no schema of `format:rato`" in run.stderr
    return folder


@pytest.fixture
def shop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(folder)
    monkeypatch.syspath_prepend(folder / "out" / "own_shop" / "src")
    yield importlib.import_module("own_shop")
    for name in [name for name in sys.modules if name.split(".")[0] in ("own_shop", "own_types")]:
        del sys.modules[name]


def test_values_and_their_texts_are_sent_and_read(shop: Any) -> None:
    money = importlib.import_module("own_types").Money
    fake = importlib.import_module("own_shop.testing").FakeService()
    sent: list[Any] = []
    answer = fake.answer

    def spy(request: Any) -> Any:
        sent.append(request)
        return answer(request)

    fake.answer = spy
    price = fake.client().put_price(
        money(1, "EUR"),
        most="2 EUR",
        some=[money(3, "EUR"), "4 EUR"],
        net="55 USD",
        all=[money(6, "EUR")],
        rate=Fraction(1, 2),
    )
    assert sent[0].target == "/prices/1%20EUR?most=2%20EUR&some=3%20EUR&some=4%20EUR"
    assert sent[0].content == b'{"net":"55 USD","all":["6 EUR"],"rate":"1/2"}'
    # The fake takes the examples of the type.
    assert isinstance(price.net, money)
    assert str(price.net) == "1 EUR"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"price": "5"}, "price: should be an instance of Money; value error, should be money"),
        ({"price": "5 EUR", "net": "1"}, "net: "),
        ({"price": "5 EUR", "net": "1 EU"}, "net: "),
        ({"price": "5 EUR", "net": "5 EUR", "some": [1]}, "some"),
    ],
)
def test_what_the_type_refuses_is_not_sent(
    shop: Any, arguments: dict[str, Any], words: str
) -> None:
    client = importlib.import_module("own_shop.testing").FakeService().client()
    with pytest.raises(shop.InvalidRequest, match=words):
        client.put_price(**{"net": "55 USD", **arguments})


def test_documentation_names_the_format(folder: Path) -> None:
    page = (folder / "out" / "docs" / "operations" / "put-price.md").read_text(encoding="utf-8")
    assert 'net="5 EUR"' in page
    assert "`string`<br>money, at least 5 characters" in page


def test_mypy_knows_the_type(folder: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "use.py", "own_types.py"],
        cwd=folder,
        env={"MYPYPATH": str(folder / "out" / "own_shop" / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "Success: no issues found in 2 source files\n"
