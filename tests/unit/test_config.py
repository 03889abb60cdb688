"""Settings: what is wrong is said with its place, before anything is done with it."""

from pathlib import Path

import pytest

from oasmith import cli, config
from oasmith.diagnostics import Diagnostics
from oasmith.targets.registry import TargetTables


def messages(folder: Path, text: str, name: str = "oasmith.toml") -> list[str]:
    """What is said of the settings: `line: message`."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    config.read(file, diagnostics, TargetTables())
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
        (
            '[targets.fake]\nfixture = "a b"',
            ["2: `fixture` must be the name of a function, such as "],
        ),
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
targets.client = {auth-env = {key = "KEY"}, media-types = {"application/json" = "text/json"}}
"""
    misspelt = """\
document = "openapi.yaml"
sensitive = ["tokn"]
names = {Pets = "Animal"}
durations = {Ag = {units = {s = 1}}}
operations = {pet = {}}
targets.client = {auth-env = {kee = "KEY"}, media-types = {"application/jsn" = "text/json"}}
"""
    (tmp_path / "oasmith.toml").write_text(settings, encoding="utf-8")
    assert cli.main(["generate", "--check"]) == 1
    assert "unmatched" not in capsys.readouterr().err

    (tmp_path / "oasmith.toml").write_text(misspelt, encoding="utf-8")
    assert cli.main(["generate", "--check"]) == 1
    assert capsys.readouterr().err.splitlines()[:-2] == [
        "oasmith: warning[unmatched]: durations: the document has no schema `Ag`",
        "  hint: did you mean `Age`?",
        "oasmith: warning[unmatched]: names: the document has no schema `Pets`",
        "  hint: did you mean `Pet`?",
        "oasmith: warning[unmatched]: operations: the document has no operation `pet`",
        "  hint: did you mean `pets`?",
        "oasmith: warning[unmatched]: sensitive: the document has no property `tokn`",
        "  hint: did you mean `token`?",
        "oasmith: warning[unmatched]: targets.client.auth-env: "
        "the document has no security scheme `kee`",
        "  hint: did you mean `key`?",
        "oasmith: warning[unmatched]: targets.client.media-types: "
        "the document has no media type `application/jsn`",
        "  hint: did you mean `application/json`?",
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


DOCUMENT = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def project(folder: Path, settings: str) -> Path:
    (folder / "a.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "b.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "oasmith.toml").write_text(settings, encoding="utf-8")
    (folder / "inner").mkdir()
    return folder


PACKAGES = """\
emit = ["models"]

[[package]]
document = "a.yaml"
output = "out/a"
package = "first"

[[package]]
document = "b.yaml"
output = "out/b"
package = "second"
"""


def test_several_packages_in_one_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project(tmp_path, PACKAGES) / "inner")
    assert cli.main(["generate"]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a", "b"}
    assert (tmp_path / "out/a/first/src/first/__init__.py").is_file()
    assert (tmp_path / "out/b/second/src/second/__init__.py").is_file()
    assert not (tmp_path / "out/a/docs").exists()  # `emit` is for both
    assert cli.main(["generate", "--check"]) == 0
    (tmp_path / "out/b/second/README.md").write_text("edited")
    assert cli.main(["generate", "--check"]) == 1


def test_a_fault_of_one_package_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project(tmp_path, PACKAGES))
    (tmp_path / "a.yaml").write_text("openapi: 9\n", encoding="utf-8")
    assert cli.main(["generate"]) == 1
    assert not (tmp_path / "out/a").exists()
    assert (tmp_path / "out/b").is_dir()


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        (PACKAGES, ["--output", "x"], "--output is for one package, and "),
        (PACKAGES.replace("out/b", "out/a"), [], "two packages write to out/a"),
        (PACKAGES.replace("out/b", "out/a/b"), [], "two packages write to out/a"),
        (PACKAGES.replace('document = "b.yaml"\n', ""), [], "no DOCUMENT is given"),
    ],
)
def test_several_packages_that_get_into_each_others_way(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: str,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(project(tmp_path, settings))
    assert cli.main(["generate", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_location_of_a_setting_in_the_second_package(tmp_path: Path) -> None:
    text = PACKAGES + "\n[package.targets.client]\nheders = {}\nauth-env = 3\n"
    assert messages(tmp_path, text) == [
        "14: there is no setting `heders`",
        "15: `auth-env` must be a table",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[client]\n", "it is `targets.client` now"),
        ("[docs]\n", "it is `targets.markdown` now"),
        ("[fake]\n", "it is `targets.fake` now"),
        ('[targets.fake.resources.a]\ncreate = "a"\nneeds = []\n', "it is `required-params` now"),
        ("[targets.clinet]\n", "did you mean `client`?"),
    ],
)
def test_an_earlier_place_names_the_new_one(tmp_path: Path, text: str, hint: str) -> None:
    file = tmp_path / "oasmith.toml"
    file.write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    config.read(file, diagnostics, TargetTables())
    assert [found.hint for found in diagnostics] == [hint]


def test_settings_of_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, "").joinpath("oasmith.toml").rename(tmp_path / "other.toml")
    (tmp_path / "other.toml").write_text('document = "b.yaml"\npackage = "other"\noutput = "o"\n')
    monkeypatch.chdir(tmp_path / "inner")
    assert cli.main(["generate", "--config", "../other.toml", "--emit", "models"]) == 0
    assert (tmp_path / "o/other").is_dir()


def test_strict_in_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = 'document = "a.yaml"\nnames = {Pet = "Animal"}\n'
    monkeypatch.chdir(project(tmp_path, settings + "strict = true\n"))
    assert cli.main(["generate"]) == 1
    assert "error[unmatched]" in capsys.readouterr().err
    (tmp_path / "oasmith.toml").write_text(settings, encoding="utf-8")
    assert cli.main(["generate"]) == 0
