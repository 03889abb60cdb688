"""Templates hold layout: loops, branches on what a view has decided, filters, parts of pages."""

import pytest
from jinja2 import Environment, nodes

from oasmith.targets.rendering import render, templates

LAYOUT = (
    nodes.Template,
    nodes.Extends,
    nodes.Block,
    nodes.Include,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.Name,
    nodes.Getattr,
    nodes.Filter,
    nodes.Const,
)
PATHS = sorted(path.relative_to(templates.folder()) for path in templates.folder().rglob("*.jinja"))


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_template_decides_nothing(path: object) -> None:
    environment = Environment()
    environment.filters.update(dict.fromkeys(("comment", "docstring", "literal"), str))
    tree = environment.parse((templates.folder() / str(path)).read_text("utf-8"))
    others = {type(node) for node in tree.find_all(nodes.Node)} - set(LAYOUT)
    assert others == set()


@pytest.mark.parametrize("kind", ["md", "py", "toml"])
@pytest.mark.parametrize("value", ["text", 1, None])
def test_plain_values_are_not_printed(kind: str, value: object) -> None:
    template = render.environment(kind).from_string("{{ value }}")
    with pytest.raises(render.UnprintableError):
        template.render(value=value)


def test_every_template_was_looked_at() -> None:
    assert len(PATHS) >= 15
