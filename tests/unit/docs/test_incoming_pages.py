"""Pages of webhooks and callbacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from oasmith import pipeline
from oasmith.config import Config
from oasmith.diagnostics import Diagnostics
from unit.docs.links import broken_links

DOCUMENT = """\
openapi: 3.1.0
info: {title: Deliveries, version: "1"}
paths:
  /deliveries:
    post:
      operationId: deliver
      summary: Deliver a parcel
      x-state: Beta since 1.4
      responses: {"202": {description: Will be done.}}
      callbacks:
        progress:
          "{$request.query.url}":
            put:
              summary: A parcel <arrived>
              description: |-
                Sent at the door.

                Once.
              parameters: [{name: X-Signature, in: header, required: true, schema: {type: string}}]
              requestBody: {$ref: "#/components/requestBodies/Arrived"}
              responses: {"204": {description: Understood.}, default: {description: Try again.}}
  /returns:
    post:
      operationId: take_back
      responses: {}
      callbacks: {progress: {"{$request.query.url}": {post: {responses: {}}}}}
webhooks:
  stock.low:
    post: &low
      requestBody: {$ref: "#/components/requestBodies/Low"}
      responses: {"200": {description: Seen., content: {application/json: {schema: {
        $ref: "#/components/schemas/Arrival"}}}}}
  two:
    get: *low
    put: *low
components:
  requestBodies:
    Low: {content: {application/json: {schema: {$ref: "#/components/schemas/StockLow"}}}}
    Arrived: {content: {application/json: {schema: {$ref: "#/components/schemas/Arrival"}}}}
  schemas:
    Arrival: {type: object, required: [at], properties: {at: {type: string}}}
    StockLow: {type: object, properties: {left: {type: integer}}}
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    document = tmp_path_factory.mktemp("incoming") / "openapi.yaml"
    document.write_text(DOCUMENT, "utf-8")
    config = Config(document=document, output=Path("unused"), emit=("docs",))
    files = pipeline.generate(config, Diagnostics()).files
    return {file.path.removeprefix("docs/"): file.text for file in files}


def test_each_has_a_page_named_after_as_little_as_possible(pages: dict[str, str]) -> None:
    assert sorted(path for path in pages if path.startswith(("webhooks/", "callbacks/"))) == [
        "callbacks/deliver-progress.md",
        "callbacks/take-back-progress.md",
        "webhooks/stock.low.md",
        "webhooks/two-get.md",
        "webhooks/two-put.md",
    ]
    assert broken_links({p: text for p, text in pages.items() if p.endswith(".md")}) == []


def test_page_of_a_callback(pages: dict[str, str]) -> None:
    page = pages["callbacks/deliver-progress.md"]
    assert "# A parcel &lt;arrived&gt;\n\n```http\nPUT {$request.query.url}\n```\n" in page
    assert (
        "\nThe API sends this request to the address that this expression gives, in the course of"
        " [Deliver a parcel](../operations/deliver.md). The receiver responds.\n"
        "\nSent at the door.\n\nOnce.\n"
    ) in page
    assert "## Headers\n" in page
    assert "`X-Signature` | `string` | yes |" in page
    assert "`application/json`: [`Arrival`](../types/shared.md#type-Arrival)\n" in page
    assert "| `at` | `string` | yes |  |" in page
    assert "### 204\n\nUnderstood.\n" in page
    assert "### Any other status\n\nTry again.\n" in page
    assert "## Samples" not in page


def test_page_of_a_webhook(pages: dict[str, str]) -> None:
    page = pages["webhooks/stock.low.md"]
    assert "# stock.low\n\n```http\nPOST\n```\n\nThe API sends this request to an address" in page
    assert "| `left` | `integer` | no |  |" in page


def test_what_leads_to_them(pages: dict[str, str]) -> None:
    start = pages["index.md"]
    assert "## Webhooks\n\n| Name | Request | Description |" in start
    assert "| [stock.low](webhooks/stock.low.md) | `POST` |  |" in start
    row = (
        "| [A parcel &lt;arrived&gt;](callbacks/deliver-progress.md) | `PUT {$request.query.url}` |"
    )
    assert f"{row} Sent at the door. |" in start
    operation = pages["operations/deliver.md"]
    assert (
        "## Callbacks\n\n- [A parcel &lt;arrived&gt;](../callbacks/deliver-progress.md): "
        in operation
    )
    assert "take-back" not in operation
    assert "\n**Availability:** Beta since 1.4\n" in operation
    users = "[stock.low](../webhooks/stock.low.md), [two](../webhooks/two-get.md)"
    assert users in pages["types/index.md"]
    assert "webhooks/stock.low.md" in pages["llms.txt"]
    assert "<!-- callbacks/deliver-progress.md -->" in pages["llms-full.txt"]
