"""The embedded engine: tantivy in a folder, the default without any server. Only files in here import tantivy."""

from academy.search.embedded_engine.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
