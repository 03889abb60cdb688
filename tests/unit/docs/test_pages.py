"""Whole pages, word for word."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from markdown_it import MarkdownIt

from oasmith.ir import types as ir
from oasmith.targets.markdown.addresses import plural, relative, slugs
from oasmith.targets.markdown.connection import connect
from oasmith.targets.markdown.files import emit_docs
from oasmith.targets.markdown.pages import plan_docs
from oasmith.targets.markdown.settings import SampleForm
from oasmith.targets.python.signatures import (
    BodyArgument,
    MemberArgument,
    ParameterArgument,
    Signature,
)
from oasmith.targets.rendering.render import render
from oasmith.text import Text
from unit.docs.links import broken_links
from unit.docs.model import AT, OPTIONAL, STRING, api, content, field, name, payments, ref, said

FORMS: tuple[SampleForm, ...] = ("python", "curl")


@dataclass(frozen=True)
class Method:
    operation: ir.Operation
    path: str
    signature: Signature
    variant: ir.SchemaId | None = None
    is_stream: bool = False


def methods(model: ir.Api) -> tuple[Method, ...]:
    put, get = model.operations
    assert put.body is not None
    by_name = {
        p.wire_name: ParameterArgument(name=p.wire_name, parameter=p, type=p.type)
        for p in put.parameters
    }
    body = BodyArgument(name="body", body=put.body, type=put.body.contents[0].type)
    card = model.definitions[name("CardPayment")]
    assert isinstance(card, ir.Record)
    settings = MemberArgument(name="settings", field=card.fields[1], body_required=True)
    rest = (by_name["speed"], by_name["dry"])
    of_get = ParameterArgument(name="id", parameter=get.parameters[0], type=STRING)
    return (
        Method(put, "payments.put", Signature(positional=(by_name["id"],), keywords=(body, *rest))),
        Method(
            put,
            "payments.put_card",
            Signature(positional=(by_name["id"],), keywords=(settings, *rest)),
            card.id,
        ),
        Method(get, "payments.get", Signature(positional=(of_get,), keywords=())),
    )


def pages(model: ir.Api, of: tuple[Method, ...] = ()) -> dict[str, str]:
    connection = connect(model, "payments_client", base_url_env=None, auth_env={})
    docs = plan_docs(model, of, connection, FORMS)
    files = emit_docs(docs, "docs", render)
    return {file.path.removeprefix("docs/"): file.text for file in files}


def test_files() -> None:
    model = payments()
    assert [*pages(model, methods(model))] == [
        "index.md",
        "operations/payments/put.md",
        "operations/payments/get.md",
        "kinds/index.md",
        "kinds/card.md",
        "kinds/bank.md",
        "types/index.md",
        "types/shared.md",
    ]


def test_page_of_a_variant() -> None:
    model = payments()
    assert pages(model, methods(model))["kinds/card.md"] == (
        """\
[Payments](../index.md) / [Kinds](index.md)

# `card`

Pays by card.

At once.

## Speeds

- [`now`](#for-speed-now)

Compare: [Kinds and speeds](index.md)

<a id="for-speed-now"></a>

### `now`

| Name | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| [`settings.api_key`](#settings.api_key) | `string`<br>**secret** | no |  | The key. |
| [`settings.client_secret`](#settings.client_secret) | `string`<br>**secret** | no |  |  |
| [`settings.limit`](#settings.limit) | [`Limit`](#fields-settings.limit) | no |  |  |
| [`settings.tries`](#settings.tries) | `integer`<br>at least 1 | no | `3` | Try &#124; at most. |

- `settings`: Give exactly one of `api_key` and `client_secret`.

[Pay &lt;now&gt;](../operations/payments/put.md):

**Python**

```python
import os

from payments_client import Client

client = Client(api_key=os.environ["KEY"])

response = client.payments.put_card(
    "my-id",
    settings={"api_key": os.environ["CARD_API_KEY"]},
    speed="now",
)
print(response)
```

<details markdown="1">
<summary>curl</summary>

```bash
curl -X PUT "http://localhost:8080/pay/now/my-id" \\
  -H "Authorization: ApiKey $KEY" \\
  -H "Content-Type: application/json" \\
  --data-binary @- <<JSON
{
  "kind": "card",
  "settings": {
    "api_key": "$CARD_API_KEY"
  }
}
JSON
```

</details>

<a id="type-CardPayment"></a>

## Request body

| Name | Type | Required | Description |
| --- | --- | --- | --- |
| <a id="body.kind"></a>`kind` | `"card"` | yes |  |
| <a id="body.settings"></a>`settings` | [`CardSettings`](#type-CardSettings) | yes | Issuer. |

<a id="type-CardSettings"></a>

### `settings`

| Name | Type | Required | Default | Description |
| --- | --- | --- | --- | --- |
| <a id="settings.api_key"></a>`api_key` | `string`<br>**secret** | no |  | The key. |
| <a id="settings.client_secret"></a>`client_secret` | `string`<br>**secret** | no |  |  |
| <a id="settings.limit"></a>`limit` | [`Limit`](#fields-settings.limit) | no |  |  |
| <a id="settings.tries"></a>`tries` | `integer`<br>at least 1 | no | `3` | Try &#124; at most. |

**Rules**

- Give exactly one of `api_key` and `client_secret`.

<a id="fields-settings.limit"></a>

#### `settings.limit`

How much is paid.

| Name | Type | Required | Description |
| --- | --- | --- | --- |
| <a id="settings.limit.per_day"></a>`per_day` | `integer`<br>at least 1 | no |  |

## Response

<a id="type-CardReceipt"></a>

### CardReceipt

| Name | Type | Required | Description |
| --- | --- | --- | --- |
| <a id="answer.kind"></a>`kind` | `"card"` | yes |  |
| <a id="answer.id"></a>`id` | [`TypesId`](../types/shared.md#type-TypesId) | yes |  |

## Type notation

```ts
type CardPayment = {
  kind: "card"
  settings: CardSettings
}

type CardSettings = {
  api_key?: string  // secret
  client_secret?: string  // secret
  limit?: Limit
  tries?: integer  // >= 1, default 3
}

type Limit = {
  per_day?: integer  // >= 1
}

type CardReceipt = {
  kind: "card"
  id: TypesId
}
```
"""
    )


def test_matrix() -> None:
    assert """\
## Kinds and speeds

| `kind` | `now` | `soon` |
| --- | :-: | :-: |
| [`card`](card.md) | [✓](card.md#for-speed-now) |  |
| [`bank`](bank.md) | [✓](bank.md#for-speed-now) | [✓](bank.md#for-speed-soon) |
""" in pages(payments())["kinds/index.md"]


def test_page_of_an_operation() -> None:
    model = payments()
    page = pages(model, methods(model))["operations/payments/put.md"]
    assert "```http\nPUT /pay/{id}\nPUT /pay/{speed}/{id}\n```" in page
    assert "## Required authorization\n\n* `pay` &lt;script>alert(1)&lt;/script>" in page
    assert (
        "| [`card`](../../kinds/card.md) | [`now`](../../kinds/card.md#for-speed-now)"
        " | Pays by card. |" in page
    )
    assert "```ts\ntype Payment = CardPayment | BankPayment\n```" in page
    assert "`application/json`: [`Problem`](#type-Problem)" in page
    assert 'response = client.payments.put(\n    "my-id",\n    body={' in page


def page_of(model: ir.Api) -> str:
    (page,) = (text for path, text in pages(model).items() if path.startswith("operations/"))
    return page


def test_the_title_of_an_operation_is_not_said_again() -> None:
    model = payments()
    _, of_get = model.operations
    summed = replace(of_get, doc=ir.Doc(summary=Text("Look at a payment")))
    made = page_of(replace(model, operations=(summed,)))
    assert made.count("Look at a payment") == 1
    described = replace(of_get, doc=replace(summed.doc, description=Text("As it is now.")))
    made = page_of(replace(model, operations=(described,)))
    assert "\n# Look at a payment\n" in made
    assert "\nAs it is now.\n" in made


def test_shared_types_say_who_uses_them() -> None:
    model = payments()
    page = pages(model, methods(model))["types/shared.md"]
    assert (
        "Used by: [payments.get](../operations/payments/get.md),"
        " [`CardSettings`](../kinds/card.md#type-CardSettings),"
        " [`BankPayment`](../kinds/bank.md#type-BankPayment)" in page
    )


def test_links_lead_somewhere() -> None:
    model = payments()
    assert broken_links(pages(model, methods(model))) == []


def test_the_same_model_gives_the_same_pages() -> None:
    model = payments()
    assert pages(model) == pages(model)


def record(dotted: str, *fields: ir.Field, description: str | None = None) -> ir.Record:
    return ir.Record(id=name(dotted), fields=fields, doc=said(description), at=AT)


def get(id_: str, type_: ir.Use) -> ir.Operation:
    return ir.Operation(
        id=id_,
        namespace=None,
        method="GET",
        routes=(ir.Route(path=f"/{id_}", parameters=(), at=AT),),
        parameters=(),
        body=None,
        responses=(ir.Response(status="200", contents=(content(type_),), at=AT),),
        errors=(),
        auth=(),
        at=AT,
    )


def test_a_namespace_has_a_page_and_a_long_one_several() -> None:
    long = "words " * 20_000
    model = api(
        [
            record("_types.Small", field("a", STRING)),
            record("big.Able", field("a", STRING), description=long),
            record("big.Baker", field("a", ref("big.Able"), OPTIONAL), description=long),
            record("big.Charlie", field("a", STRING), description=long),
            record("big.Chuck", field("a", STRING), description=long),
        ],
        (get("first", ref("_types.Small")), get("second", ref("_types.Small"))),
    )
    made = pages(model)
    assert [path for path in made if path.startswith("types/")] == [
        "types/index.md",
        "types/types.md",
        "types/big/a.md",
        "types/big/b.md",
        "types/big/c/charlie.md",
        "types/big/c/chuck.md",
    ]
    assert "[`Able`](a.md#type-big.Able)" in made["types/big/b.md"]
    assert broken_links(made) == []


def test_recursion_ends() -> None:
    tree = record("Tree", field("children", ir.ListOf(item=ref("Tree"), at=AT)))
    made = pages(api([tree], (get("tree", ref("Tree")),)))
    assert "children: Tree[]" in made["operations/tree.md"]
    assert broken_links(made) == []


def test_a_document_without_anything() -> None:
    assert [*pages(api([], ()))] == ["index.md"]


HOSTILE = '</a><script>alert(1)</script> | ``` [x](javascript:alert(1)) "\n# head'


def test_names_of_a_document_are_text() -> None:
    hostile = record(HOSTILE.replace(".", ""), field(HOSTILE, STRING, description=HOSTILE))
    operation = replace(
        get("safe", ir.Ref(target=hostile.id, at=AT)),
        id=HOSTILE,
        doc=ir.Doc(summary=Text(HOSTILE), description=Text(HOSTILE)),
    )
    model = replace(api([hostile], (operation,)), title=Text(HOSTILE), version=Text(HOSTILE))
    made = pages(model)
    assert broken_links(made) == []
    for page in made.values():
        html = MarkdownIt("commonmark").enable("table").render(page)
        assert "<script" not in html
        assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.md", "types/index.md", "types/index.md"),
        ("types/index.md", "types/a.md", "a.md"),
        ("types/a/b.md", "types/c.md", "../c.md"),
        ("operations/a/b.md", "services/openai.md", "../../services/openai.md"),
    ],
)
def test_relative(page: str, target: str, link: str) -> None:
    assert relative(page, target) == link


def test_slugs_differ() -> None:
    made = slugs(["getFoo", "get-foo", "index", "Ünï", "plain"])
    assert made["plain"] == "plain"
    assert len({*made.values()}) == len(made)
    assert made["getFoo"].startswith("get-foo-")
    assert made["index"].startswith("index-")


def test_plural() -> None:
    assert [plural(w) for w in ("service", "category", "class", "key")] == [
        "services",
        "categories",
        "classes",
        "keys",
    ]
