"""Finished values for the pages with evidence: the library, a piece, the evidence of a file, who may see it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from babel.numbers import format_decimal
from flask import url_for
from markupsafe import Markup

from academy.accounts.api import PersonFacts, TrailFacts
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.contents import FileKind
from academy.kernel.formats import Shown, moment_text, paragraphs, short_day, shown
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.uploads import StoredFile
from academy.recognition.facts import ClaimedOutcome, EvidenceFacts, FileFacts
from academy.recognition.forms.evidence import form_for
from academy.recognition.kinds import OPEN_TO_EVIDENCE, FileState, Judgement
from academy.recognition.queries.library import LOOKS, Piece, Shared, Taken, UsedIn
from academy.recognition.service.evidence import MOST_BYTES_TOGETHER, MOST_PIECES, OPEN_TO_ASSESSORS
from academy.recognition.words import evidence_word, judgement_word, state_look, state_word

_KB, _MB = 1024, 1024**2
_PICTURES: Final = {FileKind.JPEG.name, FileKind.PNG.name}
_STAND_STILL: Final = {FileState.ASSESSMENT_PLANNED, FileState.ASSESSED, FileState.SECOND_PLANNED, FileState.SECOND_DONE}


@dataclass(frozen=True)
class EvidenceShown:
    """A piece as a page shows it; `preview` is `img`, `iframe` or nothing, `said` what a statement says of each outcome, as (outcome, answer)."""

    id: UUID
    title: str
    kind: str
    origin: str
    text: Markup
    link: str
    file_url: str
    download_url: str
    file_note: str
    preview: str
    outcomes: tuple[Shown, ...]
    said: tuple[tuple[Shown, str], ...]


def evidence_values(
    facts: Iterable[EvidenceFacts], outcomes: Sequence[ClaimedOutcome] = (), said: Mapping[UUID, Mapping[UUID, Judgement]] | None = None,
) -> list[EvidenceShown]:
    """Return pieces for the macro `evidence_list`: `outcomes` are those of the file, `said` is what `queries.library.said_of` found."""
    words = {each.id: shown(each.wording) for each in outcomes}
    return [_shown(each, words, (said or {}).get(each.id, {})) for each in facts]


def _shown(piece: EvidenceFacts, words: Mapping[UUID, Shown], said: Mapping[UUID, Judgement]) -> EvidenceShown:
    stored, address = stored_file(piece), url_for("recognition_library.file", evidence_id=piece.id)
    is_shown = stored is not None and stored.is_shown
    return EvidenceShown(
        piece.id, piece.title, evidence_word(piece.kind), origin_of(piece), paragraphs(piece.text), piece.url, address if is_shown else "",
        f"{address}?download=1" if stored else "", f"{stored.kind.label}, {size_text(piece.size)}" if stored else "",
        ("img" if piece.media in _PICTURES else "iframe") if is_shown else "",
        tuple(words[each] for each in words if each in piece.outcomes), tuple((words[each], judgement_word(said[each])) for each in words if each in said),
    )


def stored_file(piece: EvidenceFacts) -> StoredFile | None:
    """Return the file of a piece, as it is kept; None without one."""
    return StoredFile(piece.stored_name, piece.filename, FileKind[piece.media], piece.size, piece.sha256) if piece.stored_name else None


def origin_of(piece: EvidenceFacts) -> str:
    """Return who gave it, by what name and when: `CREBO · 25648 · 1 jul 2019`."""
    return " · ".join(each for each in (piece.source, piece.code, short_day(piece.earned_on) if piece.earned_on else "") if each)


def size_text(size: int) -> str:
    """Return a number of bytes as people read it: `340 kB`, `2,4 MB`."""
    if size < _MB:
        return f"{max(1, round(size / _KB))} kB"
    return f"{format_decimal(Decimal(size) / _MB, '0.#', locale=reading_language())} MB"


def library_values(pieces: Sequence[Piece], taken: Taken, cards: Mapping[UUID, catalogue.ModuleCard]) -> dict[str, Any]:
    """Return the library: each piece in a line, and how much room is left."""
    return {
        "pieces": [_line(each, cards) for each in pieces],
        "room": _("%(pieces)s van %(most)s bewijzen, %(size)s van %(together)s.", pieces=taken.pieces, most=MOST_PIECES, size=size_text(taken.size),
                  together=size_text(MOST_BYTES_TOGETHER)),
    }


def _line(piece: Piece, cards: Mapping[UUID, catalogue.ModuleCard]) -> dict[str, Any]:
    facts = piece.facts
    return {
        "title": facts.title, "kind": evidence_word(facts.kind), "origin": origin_of(facts), "url": url_for("recognition_library.piece", evidence_id=facts.id),
        "added": short_day(amsterdam_day(facts.added_at)), "used": _used_words(piece.used_in, cards), "is_kept": facts.is_kept,
    }


def _used_words(uses: Sequence[UsedIn], cards: Mapping[UUID, catalogue.ModuleCard]) -> str:
    if not uses:
        return _("nog nergens gebruikt")
    if len(uses) == 1:
        return _("gebruikt voor %(module)s", module=shown(cards[uses[0].module_id].title).text)
    return ngettext("gebruikt in %(num)s aanvraag", "gebruikt in %(num)s aanvragen", len(uses))


def piece_values(piece: Piece, cards: Mapping[UUID, catalogue.ModuleCard], looks: Iterable[TrailFacts], known: Collection[UUID]) -> dict[str, Any]:
    """Return one piece for its owner: what it is, where it is used, who looked, and what can be done with it."""
    facts, is_free = piece.facts, not any(each.holds for each in piece.used_in)
    return {
        "shown": evidence_values([facts])[0], "is_kept": facts.is_kept, "added": moment_text(facts.added_at), "is_free": is_free,
        "edit_url": url_for("recognition_library.edit", evidence_id=facts.id) if is_free and form_for(facts) else "",
        "uses": [
            {
                "module": shown(cards[each.module_id].title), "state": state_word(FileState.LAPSED if each.is_lapsed else each.state),
                "look": state_look(FileState.LAPSED if each.is_lapsed else each.state), "url": url_for("recognition_library.for_file", code=each.code),
            }
            for each in piece.used_in
        ],
        "looks": [look_line(each, known) for each in looks],
    }


def look_line(look: TrailFacts, known: Collection[UUID]) -> dict[str, str]:
    """Return who looked, and when: a guide or assessor whom the learner knows by name, of others the organisation that answers for them."""
    what = _("gedownload") if look.act == LOOKS[1] else _("bekeken")
    names = (look.actor_name if look.actor_id in known else "", look.organisation_name)
    who = ", ".join(each for each in names if each) or _("Iemand die niet meer bij AD Academy is")
    return {"when": moment_text(look.at), "what": what, "who": who}


def for_file_values(  # noqa: PLR0917 - what one page is made of
    file: FileFacts, card: catalogue.ModuleCard, outcomes: Sequence[ClaimedOutcome], used: Sequence[EvidenceFacts], library: Sequence[Piece],
    said: Mapping[UUID, Mapping[UUID, Judgement]],
) -> dict[str, Any]:
    """Return the evidence of a file for its learner: what is used, for what, and what the library has besides."""
    there = {each.id for each in used}
    covered = {each for piece in used for each in piece.outcomes}
    return {
        "code": file.code, "module": shown(card.title), "is_open": file.state in OPEN_TO_EVIDENCE, "state": state_word(file.state),
        "look": state_look(file.state),
        "is_draft": file.state is FileState.DRAFT,
        "outcomes": [{"id": each.id, "words": shown(each.wording), "has_some": each.id in covered, "missing": each.missing} for each in outcomes],
        "used": list(zip(evidence_values(used, outcomes, said), (each.outcomes for each in used), strict=True)),
        "others": [(each.facts, evidence_word(each.facts.kind)) for each in library if each.facts.id not in there],
    }


def outcome_choices(outcomes: Iterable[ClaimedOutcome]) -> list[tuple[str, str]]:
    """Return the outcomes of a file for check boxes, as (id, words)."""
    return [(str(each.id), shown(each.wording).text) for each in outcomes]


def sharing_values(
    file: FileFacts, card: catalogue.ModuleCard, shares: Sequence[Shared], assessors: Sequence[PersonFacts], names: Mapping[UUID, PersonFacts],
) -> dict[str, Any]:
    """Return with whom a file is shared, was shared, and can be."""
    now = {each.assessor_id for each in shares if each.taken_back_at is None}
    return {
        "code": file.code, "module": shown(card.title), "provider": card.provider_name, "guide": _name(names, file.guide_id),
        "is_open": file.state in OPEN_TO_ASSESSORS, "is_judged_now": file.state in _STAND_STILL,
        "shares": [
            {
                "id": each.assessor_id, "name": _name(names, each.assessor_id), "since": _moment(each.given_at), "until": _moment(each.taken_back_at),
            }
            for each in shares
        ],
        "others": [{"id": each.id, "name": each.name} for each in assessors if each.id not in now] if file.state in OPEN_TO_ASSESSORS else [],
    }


def _name(names: Mapping[UUID, PersonFacts], person_id: UUID | None) -> str:
    found = names.get(person_id) if person_id is not None else None
    return found.name if found is not None else ""


def _moment(value: datetime | None) -> str:
    return moment_text(value) if value is not None else ""
