"""Targets of other packages and templates in place of ours, as a user sets them up."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oasmith import cli

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets: {get: {tags: [pets], operationId: pets.list, responses: {'200': {description: All.}}}}
  /toys: {get: {tags: [toys], operationId: toys.list, responses: {'200': {description: All.}}}}
"""

MODULE = '''\
from collections.abc import Iterable, Mapping
from pathlib import Path

from oasmith.config import Table
from oasmith.targets.client import Client
from oasmith.targets.contract import Context, Contributions, File, ReadmeSection, Render, Target
from oasmith.targets.rendering.markdown import Markdown, code


class TagSettings(Table, frozen=True, kw_only=True):
    folder: str = "tags"
    extra: str | None = None


class Tags(Target[TagSettings, Mapping[str, list[str]]]):
    """One file for each tag."""

    name = "tags"
    needs = (Client,)
    settings = TagSettings
    templates = Path(__file__).parent / "templates"

    def plan(self, context: Context[TagSettings]) -> Mapping[str, list[str]]:
        assert context.document is not None
        if context.settings.extra is not None:
            self.extra = context.settings.extra
        made: dict[str, list[str]] = {}
        for method in context.plan(Client).operations.methods:
            for tag in method.operation.tags:
                made.setdefault(f"{context.settings.folder}/{tag}.md", []).append(method.path)
        return made

    def contributions(self, plan: Mapping[str, list[str]]) -> Contributions:
        section = ReadmeSection(title="Tags", body=Markdown("One file each."))
        extras = {self.extra: ("tags>=1",)} if hasattr(self, "extra") else {}
        return Contributions(readme=(section,), scripts={"tags": "tags:run"}, extras=extras)

    def files(self, plan: Mapping[str, list[str]], render: Render) -> Iterable[File]:
        for path, methods in plan.items():
            yield File(path, render("tag.md.jinja", methods=[code(each) for each in methods]))
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project whose environment has a package with a target."""
    site = tmp_path / "site"
    (site / "tags" / "templates").mkdir(parents=True)
    (site / "tags" / "__init__.py").write_text(MODULE)
    (site / "tags" / "templates" / "tag.md.jinja").write_text(
        "{% for method in methods %}\n- {{ method }}\n{% endfor %}"
    )
    info = site / "tags-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tags\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[oasmith.targets]\ntags = tags:Tags\nbroken = tags:Missing\n"
    )
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(site)
    yield tmp_path
    sys.modules.pop("tags", None)


def run(project: Path, settings: str) -> int:
    text = f'document = "openapi.yaml"\noutput = "out"\npackage = "pets"\n{settings}\n'
    (project / "oasmith.toml").write_text(text)
    return cli.main(["generate"])


def test_a_target_of_another_package(project: Path) -> None:
    assert run(project, '[targets.tags]\nextra = "all"') == 0
    assert (project / "out/tags/pets.md").read_text() == "- `pets.list`\n"
    assert (project / "out/tags/toys.md").read_text() == "- `toys.list`\n"
    assert "\n## Tags\n\nOne file each.\n" in (project / "out/pets/README.md").read_text()
    pyproject = (project / "out/pets/pyproject.toml").read_text()
    assert '[project.scripts]\n"tags" = "tags:run"\n' in pyproject
    assert '"all" = [\n    "tags>=1",\n]' in pyproject


def test_a_target_that_no_setting_names_is_not_imported(project: Path) -> None:
    assert run(project, "") == 0
    assert "tags" not in sys.modules
    assert not (project / "out/tags").exists()


def test_settings_of_the_target_are_checked(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, '[targets.tags]\nfoldr = "a"\n[targets.broken]\n[targets.tag]') == 1
    said = capsys.readouterr().err
    assert "there is no setting `foldr`" in said
    assert "did you mean `folder`?" in said
    assert "the target `broken` cannot be loaded: module 'tags' has no attribute" in said
    assert "did you mean `tags`?" in said


def test_two_targets_that_add_different_things_under_one_name(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = '[targets.client.adapters]\nall = "elastic-transport"\n[targets.tags]\nextra = "all"'
    assert run(project, settings) == 1
    assert "the targets `client` and `tags` both add the extra `all`" in capsys.readouterr().err


def test_a_changed_target_makes_the_output_anew(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, "[targets.tags]") == 0
    assert run(project, "[targets.tags]") == 0
    assert capsys.readouterr().out.endswith("out is current\n")
    template = project / "site/tags/templates/tag.md.jinja"
    template.write_text("# Tag\n" + template.read_text())
    assert run(project, "[targets.tags]") == 0
    assert (project / "out/tags/pets.md").read_text() == "# Tag\n- `pets.list`\n"


def test_a_template_in_place_of_ours_extends_it(project: Path) -> None:
    folder = project / "own" / "package"
    folder.mkdir(parents=True)
    (folder / "README.md.jinja").write_text(
        '{% extends "oasmith/package/README.md.jinja" %}\n'
        "{% block terms %}\n\n## Support\n\nAsk {{ readme.name }}.\n{% endblock %}\n"
    )
    assert run(project, 'templates = "own"') == 0
    readme = (project / "out/pets/README.md").read_text()
    assert "## Use\n" in readme
    assert readme.endswith("\n## Support\n\nAsk `pets`.\n")
    assert "## Terms" not in readme
    assert sorted(path.name for path in (project / "own").rglob("*")) == [
        "README.md.jinja",
        "package",
    ]
    (folder / "README.md.jinja").write_text("New.\n")
    assert run(project, 'templates = "own"') == 0
    assert (project / "out/pets/README.md").read_text() == "New.\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md.jinja", "{{ readme.nothing }}"),
        ("README.md.jinja", "{% if %}"),
        ("README.md.jinja", "{{ readme.has_client }}"),
        ("__init__.py.jinja", "import os\n"),
    ],
)
def test_a_template_that_does_not_fit(
    name: str, text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project / "own" / "package"
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    assert run(project, 'templates = "own"') == 1
    assert "error[wrong-setting]: a template does not fit" in capsys.readouterr().err
    assert not (project / "out").exists()


def test_a_folder_of_templates_that_is_missing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, 'templates = "own"') == 1
    assert "own:1:1: error[unreadable]: there is no such folder" in capsys.readouterr().err
