"""oasmith as a library, the way a build tool uses it."""

import gc
import inspect
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import oasmith
from oasmith.targets.client import Client

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets: {get: {operationId: list_pets, responses: {'200': {description: All.}}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT)
    (tmp_path / "oasmith.toml").write_text('document = "openapi.yaml"\noutput = "out"\n')
    return tmp_path


def test_a_build_tool_generates_a_package(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    [config] = oasmith.read_settings(project / "oasmith.toml")
    assert not oasmith.is_current(config)
    result = oasmith.generate(config)
    assert "pets/src/pets/__init__.py" in {file.path for file in result.files}
    assert result.summary == "1 operation, 0 schemas, 0 degraded"
    assert {change.verb for change in result.compare()} == {"missing"}
    assert not (project / "out").exists()
    assert result.write() == len(result.files)
    assert result.compare() == []
    assert oasmith.is_current(config)
    assert capfd.readouterr() == ("", "")


def test_the_model_and_a_plan_can_be_read(project: Path) -> None:
    [config] = oasmith.read_settings(project / "oasmith.toml")
    assert [operation.id for operation in oasmith.load(config).operations] == ["list_pets"]
    methods = oasmith.plan(config, Client).operations.methods
    assert [method.path for method in methods] == ["list_pets"]


def test_what_is_wrong_is_a_value(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "bad.toml").write_text('document = "openapi.yaml"\nstrict = 1\n')
    with pytest.raises(oasmith.GenerationError, match="`strict` must be true or false"):
        oasmith.read_settings(project / "bad.toml")
    (project / "bad.toml").write_text("strict = true\n")
    with pytest.raises(oasmith.GenerationError, match="there is no `document`"):
        oasmith.read_settings(project / "bad.toml")
    config = oasmith.Config(
        document=project / "missing.yaml", output=project / "out", package="pets"
    )
    for function in (oasmith.load, oasmith.generate):
        with pytest.raises(oasmith.GenerationError) as raised:
            function(config)
        [found] = raised.value.diagnostics
        assert (found.code, found.severity) == ("unreadable", oasmith.Severity.ERROR)
    assert capfd.readouterr() == ("", "")


def test_settings_are_found_from_the_current_folder_up(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(project / "a" / "b")
    [config] = oasmith.read_settings()
    assert config.document == project / "openapi.yaml"
    (project / "oasmith.toml").unlink()
    with pytest.raises(FileNotFoundError):
        oasmith.read_settings()


def test_a_file_of_ours_that_was_edited_is_not_overwritten(project: Path) -> None:
    [config] = oasmith.read_settings(project / "oasmith.toml")
    oasmith.generate(config).write()
    readme = next((project / "out").glob("*/README.md"))
    readme.write_text("mine")
    (project / "openapi.yaml").write_text(DOCUMENT.replace("Pets", "Toys"))
    with pytest.raises(oasmith.GenerationError, match="changed by hand"):
        oasmith.generate(
            oasmith.Config(
                document=config.document, output=config.output, package=readme.parent.name
            )
        ).write()
    assert readme.read_text() == "mine"


def test_several_threads_make_what_one_makes(project: Path) -> None:
    [config] = oasmith.read_settings(project / "oasmith.toml")
    before = gc.isenabled()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: oasmith.generate(config).files, range(8)))
    assert made == [oasmith.generate(config).files] * 8
    assert gc.isenabled() is before


def test_every_public_name_is_documented() -> None:
    for name in set(oasmith.__all__) - {"__version__"}:
        value = getattr(oasmith, name)
        assert value.__doc__, name
        members = vars(value).items() if inspect.isclass(value) else ()
        for member, function in [(name, value), *members]:
            if inspect.isfunction(function) and not member.startswith("_"):
                assert function.__doc__, (name, member)
                assert "return" in inspect.get_annotations(function), (name, member)
    for function in (oasmith.generate, oasmith.load, oasmith.plan, oasmith.read_settings):
        assert "Raises:\n" in (function.__doc__ or "")
    assert set(dir(oasmith)) == set(oasmith.__all__)
    with pytest.raises(AttributeError):
        _ = oasmith.nothing


def _seconds(program: str) -> float:
    """Return the least time that a fresh interpreter takes for a program, of several tries."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def test_the_import_loads_next_to_nothing() -> None:
    program = "import sys; old = {*sys.modules}; import oasmith; print(*{*sys.modules} - old)"
    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    loaded = run.stdout.split()
    assert sorted(loaded) == ["__future__", "oasmith", "oasmith.version"]
    assert _seconds("import oasmith") - _seconds("pass") < 0.015
