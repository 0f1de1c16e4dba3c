"""Readable addresses: a title becomes a slug; where it is taken, a short code makes it its own."""

import re
from collections.abc import Sequence

from slugify import slugify
from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.catalogue.models import Module, Programme
from academy.kernel.ids import short_code
from academy.kernel.text import Localized

_LENGTH = 90
_PLAIN = re.compile(r"[A-Za-z0-9 -]*\Z")


def plain_slug(title: Localized) -> str:
    """Return the slug of a title, whether taken or not."""
    text = title.nl or title.en
    if len(text) <= _LENGTH and _PLAIN.match(text):  # most titles; slugify says the same, eight times as slowly
        return "-".join(text.lower().replace("-", " ").split()) or "module"
    return slugify(text, max_length=_LENGTH, word_boundary=True) or "module"


class Slugs:
    """Gives out slugs for the drafts of one batch."""

    def __init__(self, session: Session, table: type[Module | Programme], titles: Sequence[Localized]) -> None:
        self._plain = {title: plain_slug(title) for title in titles}
        self._taken = set(session.scalars(select(table.slug).where(table.slug.in_(set(self._plain.values())))))

    def for_title(self, title: Localized) -> str:
        """Return a slug that nobody has."""
        slug = self._plain[title]
        if slug in self._taken:
            slug = f"{slug}-{short_code(6).lower()}"
        self._taken.add(slug)
        return slug
