"""Files that are too large or too deep, and odd YAML and JSON.

Each is told with its place; the empty message says that there is nothing to complain of.
"""
# ruff: noqa: E501 - messages stand in full

from pathlib import Path

import pytest

from hostile.running import CANARY, first_line, generate, is_safe_to_print

OK = '{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}'
YAML = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'
BOMB = "x-a0: &a0 [x,x]\n" + "".join(
    f"x-a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)
MERGE_BOMB = "x-m0: &m0 {a: 1}\n" + "".join(
    f"x-m{n}: &m{n}\n  <<: [{','.join([f'*m{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
CASES: dict[str, tuple[str, str, str]] = {
    "yaml_named_as_json": (
        "openapi.json",
        YAML,
        "openapi.json:1:1: error[unparsable]: expected a value: object, list, string in double quotes, number, ...",
    ),
    "tabs_as_json_in_yaml": (
        "openapi.yaml",
        '{\n\t"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}',
        "",
    ),
    "multi_docs": (
        "openapi.yaml",
        YAML + '---\nopenapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:4:1: error[unparsable]: a second YAML document starts here",
    ),
    "multi2": (
        "openapi.yaml",
        '---\nopenapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n...\n---\na: 1\n',
        "openapi.yaml:6:1: error[unparsable]: a second YAML document starts here",
    ),
    "json_two": (
        "openapi.json",
        '{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}',
        "openapi.json:1:66: error[unparsable]: there is more text after the end of the document",
    ),
    "json_in_yaml_two": (
        "openapi.yaml",
        '{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}\n{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}',
        "openapi.yaml:2:1: error[unparsable]: did not find expected <document start>",
    ),
    "dup_key": (
        "openapi.yaml",
        YAML + "info: {title: b, version: '2'}\n",
        "openapi.yaml:4:1: error[duplicate-key]: the key `info` is already in this object",
    ),
    "dup_as_json": (
        "openapi.json",
        OK[:-1] + ',"paths":{}}',
        "openapi.json:1:66: error[duplicate-key]: the key `paths` is already in this object",
    ),
    "dup_3": (
        "openapi.yaml",
        YAML + "paths: {}\npaths: {}\n",
        "openapi.yaml:4:1: error[duplicate-key]: the key `paths` is already in this object",
    ),
    "dup_escaped": (
        "openapi.json",
        '{"a":1,"\\u0061":2,"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}',
        "openapi.json:1:8: error[duplicate-key]: the key `a` is already in this object",
    ),
    "yes": (
        "openapi.yaml",
        YAML
        + "components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n        a: {type: string, enum: [no, on, yes, off, 2020-01-01, 010, 0o10, 0x10, 1:30, 1_000, .5, 1e3, ~, null, True]}\n        no: {type: string}\n        on: {type: string}\n        2020-01-01: {type: string}\n        010: {type: string}\n        1:30: {type: string}\n        1.0: {type: string}\n        ~: {type: string}\n        true: {type: string}\n",
        "openapi.yaml:9:64: warning[invalid-default]: this value is an integer, the type is string",
    ),
    "response_int": (
        "openapi.yaml",
        'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths:\n  /a:\n    get:\n      operationId: no\n      tags: [on, 1]\n      responses:\n        200: {description: 1}\n        on: {description: x}\n        0200: {description: x}\n        99: {description: y}\n\n',
        "openapi.yaml:7:18: error[wrong-type]: this must be a string, not an integer",
    ),
    "pytag": (
        "openapi.yaml",
        YAML + "x-a: !!python/object/apply:os.system ['touch CANARY']\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!python/object/apply:os.system is refused",
    ),
    "pytag2": (
        "openapi.yaml",
        YAML + "x-a: !!python/name:os.system\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!python/name:os.system is refused",
    ),
    "binary": (
        "openapi.yaml",
        YAML + "x-a: !!binary aGk=\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!binary is refused",
    ),
    "timestamp": (
        "openapi.yaml",
        YAML + "x-a: !!timestamp 2020-01-01\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!timestamp is refused",
    ),
    "float_tag": (
        "openapi.yaml",
        YAML + "x-a: !!float 1\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!float is refused",
    ),
    "int_tag": (
        "openapi.yaml",
        YAML + "x-a: !!int '1'\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!int is refused",
    ),
    "local_tag": (
        "openapi.yaml",
        YAML + "x-a: !include /etc/passwd\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !include is refused",
    ),
    "tag_dir": (
        "openapi.yaml",
        '%TAG ! tag:yaml.org,2002:python/\n---\nopenapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\nx-a: !object/apply:os.system [x]\n',
        "openapi.yaml:6:6: error[unparsable]: the tag !!python/object/apply:os.system is refused",
    ),
    "set_tag": (
        "openapi.yaml",
        YAML + "x-a: !!set {a, b}\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!set is refused",
    ),
    "tag_on_key": (
        "openapi.yaml",
        YAML + "!!python/name:os.system x-a: 1\n",
        "openapi.yaml:4:1: error[unparsable]: the tag !!python/name:os.system is refused",
    ),
    "merge_list": (
        "openapi.yaml",
        YAML + "x-a: {<<: 1}\n",
        "openapi.yaml:4:11: error[unparsable]: a merge key `<<` needs objects to merge",
    ),
    "yaml_1_1_dir": (
        "openapi.yaml",
        '%YAML 1.1\n---\nopenapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "",
    ),
    "yaml_3": (
        "openapi.yaml",
        '%YAML 3.0\n---\nopenapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n',
        "openapi.yaml:1:1: error[unparsable]: found incompatible YAML document",
    ),
    "tag_map_seq": (
        "openapi.yaml",
        YAML + "x-a: !!map [1]\n",
        "openapi.yaml:4:6: error[unparsable]: the tag !!map is refused",
    ),
    "tag_str": ("openapi.yaml", YAML + "x-a: !!str 1\n", ""),
    "deep_as_json": (
        "openapi.json",
        "[" * 10_000 + "]" * 10_000,
        "openapi.json:1:10000: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_yaml": (
        "openapi.yaml",
        YAML + "x-a: " + "[" * 10_000 + "]" * 10_000,
        "openapi.yaml:4:205: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_yaml_block": (
        "openapi.yaml",
        YAML + "x-a:\n" + "".join(" " * n + "a:\n" for n in range(1, 2000)),
        "openapi.yaml:204:201: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_as_json_obj": (
        "openapi.json",
        OK[:-1] + ',"x-a":' + '{"a":' * 100_000 + "1" + "}" * 100_001,
        "openapi.json:1:500067: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_open_only": (
        "openapi.json",
        "[" * 200_000,
        "openapi.json:1:200000: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_open_only_yaml": (
        "openapi.yaml",
        "[" * 200_000,
        "openapi.yaml:1:201: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_braces": (
        "openapi.yaml",
        "{" * 100_000,
        "openapi.yaml:1:2: error[unparsable]: a key must be a text, not a list, an object or an alias",
    ),
    "deep_dash": (
        "openapi.yaml",
        "- " * 100_000,
        "openapi.yaml:1:401: error[too-large]: objects and lists are nested more than 200 deep",
    ),
    "deep_mark": (
        "openapi.yaml",
        "? " * 50_000,
        "openapi.yaml:1:3: error[unparsable]: a key must be a text, not a list, an object or an alias",
    ),
    "bomb": (
        "openapi.yaml",
        YAML + BOMB,
        "openapi.yaml:11:12: error[too-large]: with this alias the document holds more than 2,000,000 values",
    ),
    "bomb_small": ("openapi.yaml", YAML + "".join(BOMB.splitlines(keepends=True)[:5]), ""),
    "merge_bomb": (
        "openapi.yaml",
        YAML + MERGE_BOMB,
        "openapi.yaml:18:8: error[too-large]: with this alias the document holds more than 2,000,000 values",
    ),
    "self_alias": (
        "openapi.yaml",
        YAML + "x-a: &a [*a]\n",
        "openapi.yaml:4:10: error[unparsable]: the alias *a stands inside its own value",
    ),
    "huge_int": (
        "openapi.yaml",
        YAML + "x-a: " + "9" * 5000,
        "openapi.yaml:4:6: error[unparsable]: this number has more than 1000 digits",
    ),
    "huge_int_as_json": (
        "openapi.json",
        OK[:-1] + ',"x-a":' + "9" * 5000 + "}",
        "openapi.json:1:72: error[unparsable]: this number has more than 1000 digits",
    ),
    "1e999": (
        "openapi.yaml",
        YAML + "x-a: 1e999\n",
        "openapi.yaml:4:6: error[unparsable]: 1e999 is too large for a number",
    ),
    "1e999_as_json": (
        "openapi.json",
        OK[:-1] + ',"x-a":1e999}',
        "openapi.json:1:72: error[unparsable]: 1e999 is too large for a number",
    ),
    "nan": (
        "openapi.yaml",
        YAML + "x-a: .nan\n",
        "openapi.yaml:4:6: error[unparsable]: .nan is no JSON number",
    ),
    "inf_as_json": (
        "openapi.json",
        OK[:-1] + ',"x-a":-Infinity}',
        "openapi.json:1:72: error[unparsable]: -Infinity is no JSON number",
    ),
    "hex_huge": (
        "openapi.yaml",
        YAML + "x-a: 0x" + "f" * 100_000,
        "openapi.yaml:4:6: error[unparsable]: this number has more than 1000 digits",
    ),
    "long_exp": (
        "openapi.yaml",
        YAML + "x-a: 1e" + "9" * 1000,
        "openapi.yaml:4:6: error[unparsable]: this number has more than 1000 digits",
    ),
    "neg_exp": ("openapi.yaml", YAML + "x-a: 1e-999\n", ""),
    "octal_huge": (
        "openapi.yaml",
        YAML + "x-a: 0o" + "7" * 100_000,
        "openapi.yaml:4:6: error[unparsable]: this number has more than 1000 digits",
    ),
    "float_huge_digits": (
        "openapi.yaml",
        YAML + "x-a: " + "1" * 5000 + ".5",
        "openapi.yaml:4:6: error[unparsable]: this number has more than 1000 digits",
    ),
    "sexagesimal": (
        "openapi.yaml",
        YAML
        + "components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n        a: {type: integer, minimum: 1:30}\n",
        "openapi.yaml:9:37: warning[wrong-type]: `minimum` must be a number, not a string",
    ),
    "control_yaml": (
        "openapi.yaml",
        YAML + "x-a: \u0001\n",
        "openapi.yaml:4:6: error[unparsable]: this control character is not allowed in YAML",
    ),
    "nel_yaml": (
        "openapi.yaml",
        YAML + "x-a: a\u0085b\n",
        "openapi.yaml:5:1: error[unparsable]: this line is neither a `key: value` nor does it continue the value above",
    ),
    "long_line": ("openapi.yaml", YAML + "x-a: " + "a" * 1_000_000, ""),
    "lone_surrogate_yaml": (
        "openapi.yaml",
        YAML + 'x-a: "\\ud800"\n',
        "openapi.yaml:4:9: error[unparsable]: found invalid Unicode character escape code",
    ),
    "lone_key": (
        "openapi.json",
        OK[:-1] + ',"x-\\ud800":1}',
        "openapi.json:1:66: error[unparsable]: half of a surrogate pair is no character",
    ),
    "long_text_often": (
        "openapi.yaml",
        YAML + f"x-a: &a {'x' * 200_000}\nx-b: [{','.join(['*a'] * 1500)}]\n",
        "openapi.yaml:5:3001: error[too-large]: with this alias the document holds more than 2,000,000 values",
    ),
    "many_values_as_json": (
        "openapi.json",
        OK[:-1] + ',"x-a":[' + "[]," * 2_000_000 + "[]]}",
        "openapi.json:1:1: error[too-large]: the document holds more than 2,000,000 values",
    ),
    "commas_in_text_are_no_values": (
        "openapi.json",
        OK[:-1] + f',"x-a":"{"[," * 1_500_000}"}}',
        "",
    ),
    "line_end_in_text": (
        "openapi.json",
        OK[:-1] + ',"x-a":"a\nb"}',
        "openapi.json:1:74: error[unparsable]: invalid control character at",
    ),
    "half_an_escape": (
        "openapi.json",
        OK[:-1] + ',"x-a":"a\\u12"}',
        "openapi.json:1:74: error[unparsable]: invalid \\uXXXX escape",
    ),
    "merge_in_the_middle": (
        "openapi.yaml",
        YAML + "x-a:\n  <<: text\n  b: 1\n  c: 2\n",
        "openapi.yaml:5:7: error[unparsable]: a merge key `<<` needs objects to merge",
    ),
    "pair_as_json_in_yaml": (
        "openapi.yaml",
        YAML + 'x-a: "\\ud83d\\ude00"\n',
        "openapi.yaml:4:9: error[unparsable]: found invalid Unicode character escape code",
    ),
}


@pytest.mark.parametrize(("name", "document", "message"), CASES.values(), ids=CASES)
def test_it_is_told(
    name: str,
    document: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = generate(tmp_path, document, monkeypatch, capsys, name=name)
    assert first_line(run) == message
    assert run.code == (1 if "error[" in message else 0)
    assert (tmp_path / "generated").exists() is (run.code == 0)
    assert not (tmp_path / CANARY).exists()
    assert is_safe_to_print(run.out + run.err)
    assert len(run.err) < 20_000
