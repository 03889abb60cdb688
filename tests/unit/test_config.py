"""Settings: what is wrong is said with its place, before anything is done with it."""

from pathlib import Path

import pytest

from oasmith import cli, config
from oasmith.diagnostics import Diagnostics


def messages(folder: Path, text: str, name: str = "oasmith.toml") -> list[str]:
    """What is said of the settings: `line: message`."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    config.read(file, diagnostics)
    return [
        f"{found.location.position().line}: {found.message}"
        for found in diagnostics.sorted()
        if found.location is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('package = "a b"', ["1: 'a b' is no name of a package, such as `my_api`"]),
        ('package = ""', ["1: '' is no name of a package, such as `my_api`"]),
        ('package = "class"', ["1: 'class' is no name of a package, such as `my_api`"]),
        (
            'package = "email"',
            ["1: 'email' is a package that generated code imports, or one of Python's"],
        ),
        (
            'package = "pydantic"',
            ["1: 'pydantic' is a package that generated code imports, or one of Python's"],
        ),
        ("package = 3", ["1: `package` must be a string"]),
        ('package = "PetStore2"', []),
        ('[types]\n"format:money" = "my.types.Money"', []),
        (
            '[types]\nmoney = "my.Money"',
            ["2: `money` must be a format, such as `format:money`"],
        ),
        (
            '[types]\n"format:money" = "Money"',
            ["2: `format:money` must be a class and its module, such as `my_types.Money`"],
        ),
        (
            '[types]\n"format:money" = "my.class"',
            ["2: `format:money` must be a class and its module, such as `my_types.Money`"],
        ),
        ("\nemit = []", ["2: `emit` must be a list of models, client, docs"]),
        ('[names]\nA = "Fine_2"\nPet = "a b"', ["3: `Pet` must be the name of a class, such as "]),
        ('[names]\nPet = "None"', ["2: `Pet` must be the name of a class, such as "]),
        ('[fake]\nfixture = "a b"', ["2: `fixture` must be the name of a function, such as "]),
    ],
)
def test_names_that_python_refuses(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = messages(tmp_path, text)
    assert len(found) == len(expected)
    for message, start in zip(found, expected, strict=True):
        assert message.startswith(start)


def test_a_list_of_tables_is_no_table(tmp_path: Path) -> None:
    text = '[[tool.oasmith]]\ndocument = "a.yaml"\n'
    assert messages(tmp_path, text, "pyproject.toml") == ["1: `oasmith` must be a table"]


def test_words_in_a_text_are_no_table(tmp_path: Path) -> None:
    text = '[project]\ndescription = """\n[tool.oasmith]\n"""\n'
    assert messages(tmp_path, text, "pyproject.toml") == []


def test_a_package_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["generate", "openapi.yaml", "--package", "a-b"]) == 2
    assert "'a-b' is no name of a package, such as `my_api`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("title", "package"),
    [("Calendar", "calendar_api"), ("Import", "import_api"), ("Pet store", "pet_store")],
)
def test_a_title_that_python_has_a_module_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str, package: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\npaths: {{}}\n"
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    assert cli.main(["generate", "openapi.yaml", "--emit", "models"]) == 0
    assert (tmp_path / "generated" / package / "src" / package / "__init__.py").is_file()


def test_settings_for_what_the_document_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(
        """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /pets:
    get:
      operationId: pets
      responses: {'200': {description: d, content: {application/json: {schema: {
        $ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {token: {type: string}, age: {
      $ref: '#/components/schemas/Age'}}}
    Age: {type: string}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
""",
        encoding="utf-8",
    )
    settings = """\
document = "openapi.yaml"
sensitive = ["token"]
names = {Pet = "Animal"}
durations = {Age = {units = {s = 1}}}
operations = {pets = {}}
client = {auth-env = {key = "KEY"}, media-types = {"application/json" = "text/json"}}
"""
    misspelt = """\
document = "openapi.yaml"
sensitive = ["tokn"]
names = {Pets = "Animal"}
durations = {Ag = {units = {s = 1}}}
operations = {pet = {}}
client = {auth-env = {kee = "KEY"}, media-types = {"application/jsn" = "text/json"}}
"""
    (tmp_path / "oasmith.toml").write_text(settings, encoding="utf-8")
    assert cli.main(["generate", "--check"]) == 1
    assert "unmatched" not in capsys.readouterr().err

    (tmp_path / "oasmith.toml").write_text(misspelt, encoding="utf-8")
    assert cli.main(["generate", "--check"]) == 1
    assert capsys.readouterr().err.splitlines()[:-2] == [
        "oasmith: warning[unmatched]: client.auth-env: the document has no security scheme `kee`",
        "  hint: did you mean `key`?",
        "oasmith: warning[unmatched]: client.media-types: "
        "the document has no media type `application/jsn`",
        "  hint: did you mean `application/json`?",
        "oasmith: warning[unmatched]: durations: the document has no schema `Ag`",
        "  hint: did you mean `Age`?",
        "oasmith: warning[unmatched]: names: the document has no schema `Pets`",
        "  hint: did you mean `Pet`?",
        "oasmith: warning[unmatched]: operations: the document has no operation `pet`",
        "  hint: did you mean `pets`?",
        "oasmith: warning[unmatched]: sensitive: the document has no property `tokn`",
        "  hint: did you mean `token`?",
    ]

    assert cli.main(["generate", "--check", "--select", "path:*"]) == 1
    assert "unmatched" not in capsys.readouterr().err


def test_what_is_sensitive_and_cannot_be_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(
        """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Login:
      type: object
      properties:
        token: {$ref: '#/components/schemas/Token'}
        key: {type: [string, 'null']}
        code: {$ref: '#/components/schemas/Code'}
    Token: {type: string}
    Code: {type: string, format: password}
""",
        encoding="utf-8",
    )
    settings = 'document = "openapi.yaml"\nsensitive = ["token", "key", "code"]\n'
    (tmp_path / "oasmith.toml").write_text(settings, encoding="utf-8")
    assert cli.main(["generate"]) == 0
    assert [line for line in capsys.readouterr().err.splitlines() if "warning" in line] == [
        "openapi.yaml:9:9: warning[degraded]: `token` is not hidden, although it is `sensitive`: "
        "it is no plain string",
        "1 warning",
    ]
