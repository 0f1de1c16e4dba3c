"""What happened to a module and what changed, in the reader's words."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from academy.catalogue import prerequisites, words
from academy.catalogue.drafts import ModuleDraft
from academy.catalogue.models import PublicationAct
from academy.catalogue.queries.publication import History, Step, Version
from academy.kernel.formats import credits_text, in_current_language, moment_text, money
from academy.kernel.translation import _, _l

_ACTS: Final = {
    PublicationAct.CREATED: _l("Begonnen met de module"), PublicationAct.SUBMITTED: _l("Ter controle gestuurd"),
    PublicationAct.SENT_BACK: _l("Teruggestuurd"), PublicationAct.PUBLISHED: _l("Gepubliceerd"),
    PublicationAct.CHANGED: _l("Wijzigingen gepubliceerd"), PublicationAct.ARCHIVED: _l("In het archief gezet"),
    PublicationAct.RESTORED: _l("Teruggehaald uit het archief"),
}


def history_values(found: History) -> dict[str, Any]:
    """Return the steps, and per version what differs from the one before."""
    former = {version.number: earlier for version, earlier in pairwise(found.versions)}
    return {
        "steps": [_step(step) for step in found.steps],
        "versions": [_version(version, former.get(version.number)) for version in found.versions],
    }


def _step(step: Step) -> dict[str, Any]:
    who = step.person or _("Import")
    return {
        "what": str(_ACTS[step.facts.act]), "at": moment_text(step.facts.at), "version": step.facts.version,
        "who": _("%(name)s, programmabureau", name=who) if step.facts.by_office else who, "why": step.facts.reason,
    }


def _version(version: Version, earlier: Version | None) -> dict[str, Any]:
    return {
        "number": version.number, "is_present": version.replaced_at is None,
        "until": "" if version.replaced_at is None else moment_text(version.replaced_at),
        "is_first": earlier is None, "differences": [] if earlier is None else differences(earlier.content, version.content),
    }


def differences(before: ModuleDraft, after: ModuleDraft) -> list[dict[str, Any]]:
    """Return per field that differs what it said and what it says."""
    old, new = _in_words(before), _in_words(after)
    return [{"field": name, "before": old[name], "after": new[name]} for name in new if old[name] != new[name]]


def _in_words(draft: ModuleDraft) -> dict[str, Sequence[str]]:
    """Return each field as lines."""
    return {
        _("Titel"): [draft.title.nl, draft.title.en], _("Samenvatting"): [draft.summary.nl, draft.summary.en],
        _("Omschrijving"): [draft.description.nl, draft.description.en], _("Voor wie"): [draft.entry.nl, draft.entry.en],
        _("Leerdoelen"): [in_current_language(one.text) for one in draft.outcomes],
        _("Vaardigheden"): [_("%(number)s gekoppeld", number=sum(len(one.skills) for one in draft.outcomes))],
        _("Soort"): [words.kind_word(draft.kind)], _("EC"): [credits_text(draft.ec)] if draft.ec is not None else [],
        _("Uren"): [str(draft.hours)] if draft.hours else [], _("Niveau"): [words.level_word(draft.nlqf)],
        _("Taal"): [words.language_word(one) for one in draft.languages], _("Taalniveau"): [draft.language_level],
        _("Manier van leren"): [words.mode_word(mode) for mode in draft.modes],
        _("Toets"): [words.assessment_word(form) for form in draft.assessments],
        _("Bewijs"): [words.certificate_word(draft.certificate)] if draft.certificate else [],
        _("Vakgebied"): [words.sector_word(sector) for sector in draft.sectors], _("Onderwerpen"): list(draft.topics),
        _("Prijs"): [money(draft.price)] if draft.price is not None else [draft.price_note], _("Code"): [draft.code],
        _("Website"): [draft.website],
        _("Instapeis"): [prerequisites.write(draft.prerequisites)] if draft.prerequisites else [],
    }
