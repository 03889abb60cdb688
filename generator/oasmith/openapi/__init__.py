"""The document: what only this layer knows about OpenAPI."""

from oasmith.openapi.check import check
from oasmith.openapi.document import Document
from oasmith.openapi.loading import load
from oasmith.openapi.node import Node
from oasmith.openapi.reading import Limits

__all__ = ["Document", "Limits", "Node", "check", "load"]
