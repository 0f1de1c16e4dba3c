"""Drafts as bytes, for the ledger."""

import pickle

from academy.catalogue.api import ModuleDraft, PackedModule, pack
from academy.exchange.drafting.parsing import Draft


def packed(draft: Draft) -> bytes:
    """Return the draft as bytes; drafts that say the same give the same."""
    if isinstance(draft, ModuleDraft):
        return pack(draft).content
    return pickle.dumps(draft, protocol=5)


def unpacked(key: str, content: bytes) -> Draft | PackedModule:
    """Return the draft; a module stays packed, because the catalogue reads only those that differ."""
    if content.startswith(b"{"):
        return PackedModule(key, content)
    draft: Draft = pickle.loads(content)  # noqa: S301 - written by ourselves, in a file that nobody else can open
    return draft
