"""What the settings `client` and `fake` make of a document of another kind."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
servers: [{url: http://localhost:8080/api}]
paths:
  /carts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    put:
      operationId: saveCart
      tags: [carts]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}
      responses: &cart
        '200':
          description: The cart.
          content: {application/json: {schema: {$ref: '#/components/schemas/Cart'}}}
    get: {operationId: getCart, tags: [carts], responses: *cart}
    delete:
      operationId: dropCart
      tags: [carts]
      responses: {'200': {description: Gone., content: {application/json: {schema: {
        type: object, required: [gone], properties: {gone: {type: boolean}}}}}}}
  /carts/{id}/price:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: priceCart
      tags: [carts]
      responses: {'200': {description: Price., content: {application/json: {schema: {
        type: object, required: [amount, currency, at], properties: {
          amount: {type: number}, currency: {enum: [EUR, USD]},
          at: {type: string, format: date-time}, note: {type: string}}}}}}}
  /stock/{shelf}/{rows}.{format}:
    get:
      operationId: readStock
      tags: [stock]
      parameters:
        - {name: shelf, in: path, required: true, style: label, schema: {type: integer}}
        - {name: rows, in: path, required: true, style: matrix, schema: {
            type: array, items: {type: integer}}}
        - {name: format, in: path, required: true, schema: {enum: [csv, tsv]}}
        - {name: filter, in: query, required: true, style: deepObject, schema: {
            $ref: '#/components/schemas/Filter'}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      responses: {'204': {description: Done.}}
  /search:
    get:
      operationId: searchStock
      tags: [stock]
      parameters:
        - {name: filter, in: query, required: true, schema: {$ref: '#/components/schemas/Filter'}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Filter:
      type: object
      required: [size]
      properties: {size: {type: integer}, name: {type: string}}
    Cart:
      type: object
      required: [owner]
      properties:
        owner: {type: string}
        token: {type: string, format: password, writeOnly: true}
        currency: {type: string, default: EUR}
        items: {type: array, maxItems: 2, items: {type: string}}
"""

SETTINGS = """
document = "shop.yaml"
output = "out"
package = "shop"

[targets.client]
headers = { "X-Shop" = "1" }
media-types = { "application/json" = "application/vnd.shop+json" }
adapters = { shop = "elastic-transport" }

[targets.fake]
fixture = "fake_shop"
error = { problem = "{reason}", code = "{status}" }
invalid = { status = 422, type = "wrong", reason = "wrong: {problems}" }

[targets.fake.resources.cart]
create = "saveCart"
read = "getCart"
delete = "dropCart"
key = "id"
missing = { status = 410, type = "gone", reason = "no cart {id}" }
"""


def generate(folder: Path, settings: str) -> subprocess.CompletedProcess[str]:
    (folder / "shop.yaml").write_text(DOCUMENT)
    (folder / "oasmith.toml").write_text(settings)
    return subprocess.run(
        [sys.executable, "-m", "oasmith", "generate"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    run = generate(folder, SETTINGS)
    assert run.returncode == 0, run.stderr
    return folder / "out" / "shop"


@pytest.fixture
def shop(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(project / "src")
    testing: Any = importlib.import_module("shop.testing")
    testing.ApiError = importlib.import_module("shop").ApiError
    yield testing
    for name in [name for name in sys.modules if name.split(".")[0] == "shop"]:
        del sys.modules[name]


def test_a_thing_is_kept(shop: Any) -> None:
    fake = shop.FakeService()
    carts = fake.client().carts
    saved = carts.save_cart("c", owner="me", token="s3cret", items=["a"])
    assert saved.model_dump(exclude_unset=True) == {
        "owner": "me",
        "currency": "EUR",
        "items": ["a"],
    }
    assert carts.get_cart("c") == saved
    # No refusal is configured for a second one: it replaces the first.
    assert carts.save_cart("c", owner="you").owner == "you"
    assert carts.drop_cart("c").gone is True
    with pytest.raises(shop.ApiError, match="410") as caught:
        carts.get_cart("c")
    assert caught.value.body == b'{"problem":"no cart c","code":410}'


def test_answers_are_made_up_for_what_is_there(shop: Any) -> None:
    fake = shop.FakeService()
    carts = fake.client().carts
    with pytest.raises(shop.ApiError, match="no cart c"):
        carts.price_cart("c")
    carts.save_cart("c", owner="me")
    price = carts.price_cart("c")
    assert price.currency == "EUR"
    assert price.at.year in (2026, 2027)
    assert price.model_fields_set == {"amount", "currency", "at"}
    assert carts.price_cart("c") == price


def test_headers_and_media_types_are_those_of_the_settings(shop: Any) -> None:
    seen = []
    fake = shop.FakeService()
    client = fake.client()
    answer = fake.answer

    def spy(request: Any) -> Any:
        seen.append(dict(request.headers))
        return answer(request)

    fake.answer = spy
    client.carts.save_cart("c", owner="me")
    assert seen[0]["x-shop"] == "1"
    assert seen[0]["content-type"] == seen[0]["accept"] == "application/vnd.shop+json"


def test_the_fixture_gives_a_service(shop: Any) -> None:
    assert "fake_shop" in vars(shop)


def test_an_adapter_is_a_constructor_and_an_extra(project: Path, shop: Any) -> None:
    assert callable(importlib.import_module("shop").Client.from_shop)
    about = tomllib.loads((project / "pyproject.toml").read_text())
    assert about["project"]["optional-dependencies"] == {"shop": ["elastic-transport>=9.4"]}
    assert (project / "src" / "shop" / "_runtime" / "elastic_transport.py").is_file()


def test_what_is_not_wanted_is_not_there(tmp_path: Path) -> None:
    run = generate(tmp_path, 'document = "shop.yaml"\noutput = "out"\npackage = "shop"\n')
    assert run.returncode == 0, run.stderr
    root = tmp_path / "out" / "shop" / "src" / "shop"
    found = {file.name for file in (root / "_runtime").iterdir()}
    assert found & {"elastic_transport.py", "fake.py", "fake_routes.py", "fake_values.py"} == set()
    assert not (root / "testing.py").exists()
    assert "optional-dependencies" not in (root.parents[1] / "pyproject.toml").read_text()
    assert "classmethod" not in (root / "_client.py").read_text()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[targets.client]\nadapters = { x = "requests" }', "`x` must be one of elastic-transport"),
        ('[targets.client]\nadapters = { "X-y" = "elastic-transport" }', "must be a name such as"),
        ('[targets.fake.resources.cart]\nkey = "id"', "`cart` needs `create`"),
        ('[targets.fake.resources.cart]\ncreate = "nothing"', "there is no operation `nothing`"),
        ("[targets.fake]\ninvalid = { status = 200 }", "`status` must be a status from 400 to 599"),
        ("[targets.fake]\nfixtur = 1", "did you mean `fixture`?"),
    ],
)
def test_settings_that_are_wrong(tmp_path: Path, settings: str, message: str) -> None:
    base = 'document = "shop.yaml"\noutput = "out"\npackage = "shop"\n'
    run = generate(tmp_path, base + settings)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_parameters_of_every_style_are_read(shop: Any) -> None:
    fake = shop.FakeService()
    stock = fake.client().stock
    stock.read_stock(7, [1, 2], "csv", filter={"size": 1, "name": "a b"}, tags=["x", "y"])
    stock.search_stock(filter={"size": 1})
    assert [call.parameters for call in fake.calls] == [
        {
            "shelf": "7",
            "rows": "1,2",
            "format": "csv",
            "filter[size]": "1",
            "filter[name]": "a b",
            "tags": "x,y",
        },
        {"size": "1"},
    ]
