"""Security schemes for people: where their credentials go."""

from __future__ import annotations

from typing import assert_never

from oasmith.ir import types as ir
from oasmith.targets.markdown.addresses import fragment
from oasmith.targets.markdown.connection import scheme_word
from oasmith.targets.rendering.markdown import Markdown, code, external
from oasmith.text import Text


def scheme_anchor(name: str) -> str:
    """Return the anchor of a scheme on the start page."""
    return fragment(f"auth-{name}")


def sent_as(scheme: ir.SecurityScheme) -> Markdown:
    """Say how requests bear the credential (OpenAPI 3.1, security scheme object)."""
    match scheme:
        case ir.ApiKeyAuth(place=where, wire_name=name):
            return Markdown(f"{where} {code(name)}")
        case ir.HttpAuth(scheme=word):
            return Markdown(f"header {code(f'Authorization: {scheme_word(word)} …')}")
        case ir.OAuth2(token_url=url):
            return Markdown("OAuth 2.0") if url is None else external("OAuth 2.0", Text(url))
        case ir.OpenIdConnect(url=url):
            return external("OpenID Connect", url)
        case _:
            assert_never(scheme)
