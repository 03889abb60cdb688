"""Templates print what was made safe, and decide nothing."""

import jinja2
import pytest
from jinja2 import nodes

from conftest import REPO
from oasmith.targets.python.code import literal
from oasmith.targets.rendering.render import UnprintableError, environment
from oasmith.text import Text

TEMPLATES = sorted((REPO / "templates").rglob("*.jinja"))


def test_code_is_printed() -> None:
    template = environment("py").from_string("{{ value }}")
    assert template.render(value=literal("a")) == '"a"'


@pytest.mark.parametrize("value", ["a", 1, None, b"a", ["a"], Text("a")])
def test_nothing_else_is(value: object) -> None:
    template = environment("py").from_string("{{ value }}")
    with pytest.raises(UnprintableError):
        template.render(value=value)


def test_text_passes_through_filters() -> None:
    template = environment("py").from_string("{{ t | literal }} {{ t | docstring(0) }}")
    assert template.render(t=Text('"')) == '\'"\' """\\""""'


def test_what_no_view_holds_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment("py").from_string("{% if missing %}{% endif %}").render()
    with pytest.raises(AttributeError):
        environment("py").from_string("{{ value.missing }}").render(value=literal(1))


DECISIONS = (
    nodes.Compare,
    nodes.BinExpr,
    nodes.And,
    nodes.Or,
    nodes.CondExpr,
    nodes.Getitem,
    nodes.Assign,
    nodes.AssignBlock,
    nodes.Test,
    nodes.Concat,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(REPO)))
def test_templates_lay_out_and_decide_nothing(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    kind = str(path).removesuffix(".jinja").rpartition(".")[2]
    tree = environment(kind).parse(text)
    for node in tree.find_all(nodes.Output):
        for printed in node.nodes:
            if not isinstance(printed, nodes.TemplateData):
                assert isinstance(printed, nodes.Name | nodes.Getattr | nodes.Filter | nodes.Call)
    calls = [node.node for node in tree.find_all(nodes.Call)]
    macros = {node.name for node in tree.find_all(nodes.Macro)}
    for imported in tree.find_all(nodes.FromImport):
        macros |= {name if isinstance(name, str) else name[1] for name in imported.names}
    assert all(isinstance(call, nodes.Name) and call.name in macros for call in calls)
    arguments = {
        id(argument)
        for node in tree.find_all((nodes.Filter, nodes.Include, nodes.Import, nodes.FromImport))
        for argument in node.iter_child_nodes()
    }
    decisions = [
        type(node).__name__ for node in tree.find_all(DECISIONS) if id(node) not in arguments
    ]
    assert decisions == []
