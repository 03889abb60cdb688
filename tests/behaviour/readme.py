"""The example that README.md begins with."""

import re

from conftest import REPO


def example() -> str:
    """Return the program."""
    found = re.search(r"```python\n(.+?)```", (REPO / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]
