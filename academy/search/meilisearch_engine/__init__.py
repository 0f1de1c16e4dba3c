"""The Meilisearch engine: a server beside ours, for production. Only files in here import meilisearch."""

from academy.search.meilisearch_engine.engine import MeilisearchEngine

__all__ = ["MeilisearchEngine"]
