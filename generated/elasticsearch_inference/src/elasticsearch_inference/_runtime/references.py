"""`env:NAME` in place of a secret: the environment variable NAME, read when the secret is sent."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Final

MASK: Final = "**********"
"""What is shown in place of a secret."""

_REFERENCE: Final = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


class SecretUnavailable(ValueError):
    """A secret was to be sent that is not there."""


def is_reference(value: str) -> bool:
    """Say whether a value refers to an environment variable."""
    return _REFERENCE.fullmatch(value) is not None


def resolve(value: str) -> str:
    """Give the value, or what it refers to.

    Raises:
        SecretUnavailable: The variable is not set, or is empty.
    """
    reference = _REFERENCE.fullmatch(value)
    if reference is None:
        return value
    name = reference[1]
    resolved = os.environ.get(name)
    if not resolved:
        state = "not set" if resolved is None else "empty"
        raise SecretUnavailable(f"the environment variable {name} is {state}")
    return resolved


def masked(text: bytes, secrets: Iterable[str]) -> bytes:
    """Give the text with every one of the secrets masked, where a server echoes what it got."""
    for secret in secrets:
        # Masking a letter or two would only make the text unreadable.
        if len(secret) >= 4:
            text = text.replace(secret.encode(), MASK.encode())
    return text
