"""What was read of one provider into the catalogue."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.exchange.loading import Archive, load_supply
from academy.exchange.provider_feeds.reading import ProviderFeed
from academy.exchange.report import ImportReport, Tally


def load_feed(session: Session, feed: ProviderFeed, *, dry_run: bool, now: datetime) -> ImportReport:
    """Load a feed in the caller's transaction; a dry run takes it back. A feed without courses is reported and makes no provider.

    What the source no longer has is archived only when all of it was given. Raises ProviderUnknown, or ProviderSlugNotValid for a new
    provider.
    """
    if feed.is_empty:
        return ImportReport(
            kind="supply", file="", shape=feed.supply.shape, encoding="", provider=feed.slug, source=feed.source, dry_run=dry_run, rows=0,
            merged=0, refused=0, withheld=0, **Tally().counts(), problems=(), notices=feed.supply.notices.all(),
        )
    return load_supply(
        session, feed.supply, provider_slug=feed.slug, provider_name=feed.name, provider_kind=feed.kind, source=feed.source,
        dry_run=dry_run, archive=Archive.GUARDED if feed.is_whole else Archive.NOTHING, now=now,
    )
