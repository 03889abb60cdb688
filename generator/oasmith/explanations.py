"""An example for each code of a message, as `oasmith explain` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, str]] = {
    "closed-part": """
allOf:
- {properties: {a: {type: string}}, additionalProperties: false}   # refuses `b`
- {properties: {b: {type: string}}}
# Close the whole instead: `unevaluatedProperties: false` beside `allOf`.""",
    "contradiction": """
{type: integer, minimum: 5, maximum: 1}""",
    "cyclic-reference": """
A: {$ref: '#/components/schemas/B'}
B: {$ref: '#/components/schemas/A'}""",
    "degraded": """
{type: array, items: {type: string}, contains: {const: x}}
# It becomes a list of texts; that `x` is among them is not checked.""",
    "discriminator": """
discriminator: {propertyName: kind}
oneOf: [{$ref: '#/components/schemas/Cat'}]   # Cat has no property `kind`""",
    "duplicate-key": """
get: {operationId: list}
get: {operationId: read}   # one of the two would be lost""",
    "duplicate-name": """
/a-b: {get: {operationId: get-x}}
/a_b: {get: {operationId: get_x}}   # both would be the method `get_x`
# In oasmith.toml: [operations.get-x] name = "get_other_x\"""",
    "duplicate-operation-id": """
/a: {get: {operationId: read}}
/b: {get: {operationId: read}}""",
    "duplicate-parameter": """
parameters:
- {name: page, in: query, schema: {type: integer}}
- {name: page, in: query, schema: {type: string}}""",
    "edited-output": """
$ echo '# mine' >> generated/my_api/README.md
$ oasmith generate openapi.yaml            # refused: the line would be lost
$ oasmith generate openapi.yaml --force    # overwrites it""",
    "example": """
{type: integer, example: "7"}   # a text; write 7""",
    "invalid-default": """
{type: integer, default: "7"}   # a text; write 7""",
    "misplaced-reference": """
parameters: [{$ref: '#/components/schemas/Page'}]   # belongs: #/components/parameters/...""",
    "name-collision": """
schemas: {fi: {type: object}, "\\uFB01": {type: object}}   # the same letters to Python
# In oasmith.toml: [names] "fi" = "Fi\"""",
    "no-formatter": """
$ python -m pip install ruff""",
    "not-openapi": """
asyncapi: 2.6.0   # where `openapi: 3.1.0` belongs""",
    "output-clash": """
# Two tags, `Users` and `USERS`, would both be the file users.py on a disk that folds case.""",
    "output-folder": """
$ oasmith generate openapi.yaml --output .           # refused
$ oasmith generate openapi.yaml --output generated""",
    "output-outside": """
# A path such as `../x.py`. No document leads to one: tell us if you see this.""",
    "path-parameter": """
/users/{id}:
  get: {parameters: [{name: user, in: path, required: true}]}   # no `user` in the path""",
    "pattern-not-checked": """
{type: string, pattern: '^(?!x-)[a-z-]+$'}   # look-around: not in Rust's `regex`
{type: string, pattern: '^(a{1000}){1000}$'}   # too large to compile
{type: string, pattern: '('}                   # not a regular expression""",
    "reference-outside": """
$ref: ../shared/types.yaml            # use --allow-outside, if that is intended
$ref: https://x.example/types.yaml    # use --allow-remote""",
    "remote-changed": """
# What is at the address is not what it was. If that is right, delete its line in oasmith.lock.""",
    "remote-unreadable": """
$ref: http://127.0.0.1/types.yaml   # no public address: never read""",
    "schema-structure": """
info: {titel: Pets}   # `titel` is no field of the info object""",
    "too-large": """
x-a: &a [x, x]
x-b: &b [*a, *a]   # and so on: thirty lines of this are a thousand million values""",
    "turned-text": """
description: "a\\u202Eb"   # U+202E turns what follows around; remove it""",
    "union-by-trial": """
oneOf: [{type: object, properties: {a: {}}}, {type: object, properties: {b: {}}}]
# Nothing is required, so both fit everything. Say `required`, or use a discriminator.""",
    "unknown-required": """
{required: [name], properties: {nmae: {type: string}}}""",
    "unknown-setting": """
[tool.oasmith]
ouput = "generated"   # output""",
    "unknown-value": """
{name: page, in: querry}   # query""",
    "unmatched": """
$ oasmith generate openapi.yaml --select tag:Uesrs   # no operation has this tag""",
    "unparsable": """
title: Pets: an API   # a second `: `; put the text in quotes""",
    "unreadable": """
$ oasmith generate opneapi.yaml   # there is no such file""",
    "unresolved-reference": """
$ref: '#/components/schemas/Pte'   # there is a Pet""",
    "unsupported-version": """
openapi: 3.1   # a number; write "3.1.0\"""",
    "unwritable": """
$ oasmith generate openapi.yaml --output /proc/x""",
    "wrong-setting": """
[tool.oasmith]
strict = "yes"   # true""",
    "wrong-type": """
info: [title, version]   # an object belongs here: {title: ..., version: ...}""",
}
