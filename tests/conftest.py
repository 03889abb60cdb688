"""Where things are, and what every test may ask for.

The folder `tests/` is an import root, for pytest (`pythonpath`) and for mypy (`mypy_path`). A test
imports a module of its own folder by the folder's name, `from behaviour.server import serve`, and
the constants below with `from conftest import REPO`. No `__init__.py` is needed anywhere.

Facts and documents that nobody here wrote lie in `shared/`, beside the checkout. A test that reads
them asks for the fixture `shared`, or bears the mark `shared` and uses the constant `SHARED`. Where
the folder is absent the test is skipped; under continuous integration (`CI=true`) it fails. Do not
compute parameters of a test from the contents of `SHARED`: where it is absent they would be empty,
which is neither.
"""

import os
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
SHARED = REPO.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-snapshots",
        action="store_true",
        help="write what the generator says now over what the tests expect",
    )
    parser.addoption(
        "--every-document",
        action="store_true",
        help="compare models with JSON Schema for every document of shared/ (minutes)",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("shared"):
        require_shared()


def require_shared() -> Path:
    """Return `SHARED`; where it is absent, skip the running test, or fail it if `CI` is `true`."""
    if SHARED.is_dir():
        return SHARED
    reason = "shared/ is not beside this checkout"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of shared facts and documents."""
    return require_shared()


@pytest.fixture(scope="session")
def rewrite_snapshots(request: pytest.FixtureRequest) -> bool:
    """Say whether snapshots are to be rewritten (`make snapshots`) instead of compared."""
    return request.config.getoption("--rewrite-snapshots") is True
