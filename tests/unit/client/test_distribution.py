"""The name and the version of a generated package."""

import pytest

from oasmith.targets.python.distribution import distribution_name, python_version
from oasmith.text import Text


@pytest.mark.parametrize(
    ("document", "package"),
    [
        ("1.2.3", "1.2.3"),
        ("v2", "2"),
        ("2024-08-01", "2024.8.1"),
        ("1.0.0-beta.2", "1.0.0b2"),
        ("1.0rc1", "1.0rc1"),
        ("3.1.0-preview", "3.1.0rc0"),
        ("1.0.post3", "1.0.post3"),
        ("1.0-SNAPSHOT", "1.0+snapshot"),
        ("1.0.0-alpha.1.exp", "1.0.0+alpha.1.exp"),
        ("latest", "0+latest"),
        ("Ünïcode", "0+n.code"),
        ("", "0"),
        ("  7 ", "7"),
    ],
)
def test_the_version_of_a_document_becomes_one_of_a_package(document: str, package: str) -> None:
    assert python_version(Text(document)) == package


def test_a_distribution_is_named_with_hyphens() -> None:
    assert distribution_name("Elasticsearch__inference.client") == "elasticsearch-inference-client"
