"""What was compiled of a template is used again, but never for another text or another maker."""

import marshal
import sys
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
import pytest

from oasmith.targets.rendering.compiled import Compiled


@pytest.fixture(autouse=True)
def _bytecode_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


def rendered(folder: Path, options: object = None) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), bytecode_cache=Compiled(folder, options)
    )
    return environment.get_template("a.md.jinja").render(name="x")


def planted(folder: Path, text: str) -> None:
    """Put what was compiled of another text in the place of what was compiled of `a`."""
    environment = jinja2.Environment()
    file = Path(cache_from_source(str(folder / "a.md.jinja")))
    made_by, checksum, _ = marshal.loads(file.read_bytes())
    code = environment.compile(text, "a.md.jinja", str(folder / "a.md.jinja"))
    file.write_bytes(marshal.dumps((made_by, checksum, code)))


def test_it_is_used_again(tmp_path: Path) -> None:
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    assert rendered(tmp_path) == "one x"
    planted(tmp_path, "kept {{ name }}")
    assert rendered(tmp_path) == "kept x"


def test_templates_elsewhere_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(tmp_path), bytecode_cache=Compiled(tmp_path / "ours", None)
    )
    assert environment.get_template("a.md.jinja").render(name="x") == "one x"
    assert [path.name for path in tmp_path.iterdir()] == ["a.md.jinja"]


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    rendered(tmp_path)
    (tmp_path / "a.md.jinja").write_text("two {{ name }}")
    assert rendered(tmp_path) == "two x"


def test_other_options_compile_anew(tmp_path: Path) -> None:
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    rendered(tmp_path)
    planted(tmp_path, "kept {{ name }}")
    assert rendered(tmp_path, {"trim_blocks": True}) == "one x"


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", marshal.dumps(1), marshal.dumps((1, 2, 3))])
def test_rubbish_is_passed_over(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    rendered(tmp_path)
    Path(cache_from_source(str(tmp_path / "a.md.jinja"))).write_bytes(rubbish)
    assert rendered(tmp_path) == "one x"


def test_nothing_is_written_where_python_shall_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "a.md.jinja").write_text("one {{ name }}")
    assert rendered(tmp_path) == "one x"
    assert [file.name for file in tmp_path.iterdir()] == ["a.md.jinja"]
