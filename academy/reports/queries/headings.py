"""What stands on the front of a report, in both languages."""

from academy.kernel.text import Localized
from academy.kernel.translation import _
from academy.reports.facts import View
from academy.reports.kinds import EVERY, SnapshotKind
from academy.reports.rules.quarters import before
from academy.reports.words import area_words, in_both, sector_words, view_words


def title_of(kind: SnapshotKind, view: View) -> Localized:
    """Return the title of a report."""
    return in_both(lambda: _title(kind, view))


def about_of(kind: SnapshotKind, view: View) -> Localized:
    """Return which period, area and sector a report is about; the years stand in the title of one that is made every year."""
    if kind is SnapshotKind.CHOSEN:
        return in_both(lambda: view_words(view))
    return in_both(lambda: " · ".join((area_words(view.area), sector_words(view.sector)))) if (view.area, view.sector) != (EVERY, EVERY) else in_both(_everywhere)


def _title(kind: SnapshotKind, view: View) -> str:
    if kind is SnapshotKind.YEARLY:
        return _("Jaarrapport %(year)s", year=view.period)
    if kind is SnapshotKind.TWO_YEARLY:
        return _("Tweejaarsrapport %(first)s–%(last)s", first=before(view.period), last=view.period)
    return _("Rapport over vraag en aanbod")


def _everywhere() -> str:
    return _("Alle gebieden en sectoren")
