"""The wheel, installed alone, generates what the checkout generates."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from architecture import checkout
from conftest import REPO

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{name}:
    get:
      operationId: pets.get
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: The pet.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, age: {type: integer}}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", folder], cwd=REPO, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the scripts folder of an environment where only the wheel was installed.

    Its dependencies come from the environment of the tests, through a path file: that finds their
    modules, but not `oasmith`, which is there through a path file itself. So no network is needed.
    """
    root = tmp_path_factory.mktemp("environment")
    venv.create(root, symlinks=True)
    places = sysconfig.get_paths(vars={"base": str(root), "platbase": str(root)})
    site_packages, scripts = Path(places["purelib"]), Path(places["scripts"])

    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python")]
    install = ["install", "--no-deps", "--no-index", "--no-compile", "--quiet", str(wheel)]
    subprocess.run([*pip, *install], check=True, capture_output=True)

    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (scripts / "ruff").symlink_to(Path(sysconfig.get_path("scripts")) / "ruff")
    return scripts


def run(*command: Path | str, cwd: Path) -> str:
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=outside, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def generate(*program: Path | str, cwd: Path) -> dict[str, bytes]:
    """Generate from `DOCUMENT` in the new folder `cwd` and return every file with its content."""
    cwd.mkdir()
    (cwd / "pets.yaml").write_text(DOCUMENT)
    run(*program, "generate", "pets.yaml", "--output", "out", "--package", "pets", cwd=cwd)
    out = cwd / "out"
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def test_it_holds_the_package_and_the_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        name.removeprefix("generator/")
        if name.startswith("generator/")
        else name.replace("templates/", "oasmith/templates/", 1)
        for name in checkout.tracked_or_new("generator/oasmith", "templates")
    }
    assert "oasmith/py.typed" in shipped
    assert shipped == expected


def test_the_environment_runs_the_installed_copy(environment: Path, tmp_path: Path) -> None:
    code = "import oasmith, jinja2; print(oasmith.__file__)"
    imported = Path(run(environment / "python", "-c", code, cwd=tmp_path).strip())
    assert imported.is_relative_to(environment.parent)


def test_it_generates_what_the_checkout_generates(environment: Path, tmp_path: Path) -> None:
    by_module = generate(environment / "python", "-m", "oasmith", cwd=tmp_path / "module")
    by_script = generate(environment / "oasmith", cwd=tmp_path / "script")
    by_checkout = generate(sys.executable, "-m", "oasmith", cwd=tmp_path / "checkout")

    assert b"class Pet(" in b"".join(by_module.values())
    assert by_module == by_script == by_checkout
