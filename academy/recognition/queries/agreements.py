"""Agreements on modules elsewhere: loading one and checking who asks, in one go."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.kernel.clock import amsterdam_day
from academy.kernel.text import Localized
from academy.recognition.errors.agreeing import AgreementNotFound, NotTheirSignature
from academy.recognition.kinds import AgreementState
from academy.recognition.models import Agreement, AgreementOutcome, Decision, DecisionAnswer
from academy.recognition.queries.files import Desk, desk_for
from academy.recognition.queries.outcomes import ModuleToClaim, OutcomeNow, modules_to_claim
from academy.recognition.rules.patterns import wording_digest

MOST_FOUND: Final = 5  # modules of a name
MOST_LISTED: Final = 200
MOST_WORDS: Final = 200  # characters
SIGN_AS_HOST: Final = (Role.EXAM_BOARD, Role.OWNER, Role.PLANNER)
_S = AgreementState


@dataclass(frozen=True)
class AgreementFacts:
    """An agreement as it stands. The host is a module here, or a school elsewhere by name; its e-mail address is for the letter and the board at home."""

    id: UUID
    code: str
    person_id: UUID
    home_provider_id: UUID
    home_module_id: UUID
    host_module_id: UUID | None
    host_name: str
    host_course: str
    host_code: str
    language: str
    state: AgreementState
    asked_at: datetime
    until: datetime
    home_signed_at: datetime | None
    home_signed_by: UUID | None
    host_signed_at: datetime | None
    host_signed_by: UUID | None
    ended_at: datetime | None
    reason: str
    decision_id: UUID | None
    outcomes: tuple[tuple[UUID, str], ...]  # (id, digest of its words when it was asked)

    @property
    def is_elsewhere(self) -> bool:
        return self.host_module_id is None

    def can_sign(self, now: datetime) -> bool:
        """Tell whether a signature can still come."""
        return self.state is _S.ASKED and now < self.until

    @property
    def was_too_late(self) -> bool:
        """Whether it ended because its time was over, not because somebody ended it."""
        return self.state is _S.ENDED and self.ended_at is not None and self.ended_at >= self.until


@dataclass(frozen=True)
class AgreementInFull:
    """An agreement with its modules as they are today, its outcomes that are still there, and the names of those who may be named; `granted` is what its decision gave, in EC."""

    facts: AgreementFacts
    home: ModuleToClaim
    host: ModuleToClaim | None
    outcomes: tuple[OutcomeNow, ...]
    learner: str
    decision_number: str
    granted: Decimal

    @property
    def as_agreed(self) -> tuple[OutcomeNow, ...]:
        """The outcomes that still say what was agreed on."""
        digests = dict(self.facts.outcomes)
        return tuple(each for each in self.outcomes if wording_digest(each.wording.in_language("nl")) == digests[each.id])

    @property
    def is_reworded(self) -> bool:
        """Whether an outcome is not any more what was agreed on, or has left the module."""
        return is_reworded(self.facts, self.home)


@dataclass(frozen=True)
class AgreementAtDesk:
    """An agreement for one of two parties: `as_home` its exam board, else who gives the module. `host_email` is where a school elsewhere is written to, for home only."""

    desk: Desk
    full: AgreementInFull
    as_home: bool
    host_email: str


@dataclass(frozen=True)
class AgreementLine:
    """An agreement in a list."""

    facts: AgreementFacts
    home_title: Localized
    host_title: Localized | None
    learner: str
    as_home: bool


def is_reworded(facts: AgreementFacts, home: ModuleToClaim) -> bool:
    """Tell whether the outcomes at home are other than what was agreed on."""
    now = {each.id: wording_digest(each.wording.in_language("nl")) for each in home.outcomes}
    return any(now.get(outcome_id) != digest for outcome_id, digest in facts.outcomes)


def facts_of(row: Agreement, outcomes: Sequence[tuple[UUID, str]]) -> AgreementFacts:
    """Copy a row."""
    return AgreementFacts(
        row.id, row.code, row.person_id, row.home_provider_id, row.home_module_id, row.host_module_id, row.host_name, row.host_course, row.host_code, row.language,
        row.state, row.asked_at, row.until, row.home_signed_at, row.home_signed_by, row.host_signed_at, row.host_signed_by, row.ended_at, row.reason, row.decision_id,
        tuple(outcomes),
    )


def agreements_where(session: Session, *conditions: ColumnElement[bool], most: int = MOST_LISTED) -> list[AgreementFacts]:
    """Return agreements, the oldest first: two statements."""
    wanted = select(Agreement).where(*conditions).order_by(Agreement.asked_at, Agreement.id).limit(most)
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    return [facts_of(row, outcomes) for row, outcomes in zip(rows, _outcomes_of(session, [row.id for row in rows]), strict=True)]


def _outcomes_of(session: Session, ids: Sequence[UUID]) -> list[list[tuple[UUID, str]]]:
    found: dict[UUID, list[tuple[UUID, str]]] = {each: [] for each in ids}
    if ids:
        rows = select(AgreementOutcome.agreement_id, AgreementOutcome.outcome_id, AgreementOutcome.wording_digest).where(AgreementOutcome.agreement_id.in_(ids))
        for agreement_id, outcome_id, digest in session.execute(rows.order_by(AgreementOutcome.outcome_id)):
            found[agreement_id].append((outcome_id, digest))
    return [found[each] for each in ids]


def agreement_by_id(session: Session, agreement_id: UUID | None) -> AgreementFacts:
    """Return an agreement, for whom it is already known that they may have it. Raises AgreementNotFound."""
    return _one(session, select(Agreement).where(Agreement.id == agreement_id))


def agreement_of_learner(session: Session, actor: Actor, code: str) -> AgreementFacts:
    """Return the actor's own agreement. Raises AgreementNotFound."""
    return _one(session, select(Agreement).where(Agreement.code == code.upper(), Agreement.person_id == actor.person_id))


def agreement_by_link(session: Session, agreement_id: UUID | None, *, reader_id: UUID | None) -> AgreementFacts:
    """Return an agreement for the school elsewhere that has the link; `reader_id` is who is signed in there, if anybody.

    Raises AgreementNotFound, also for one whose host is here, and NotTheirSignature for its learner.
    """
    found = _one(session, select(Agreement).where(Agreement.id == agreement_id, Agreement.host_module_id.is_(None)))
    if found.person_id == reader_id:
        raise NotTheirSignature
    return found


def agreement_at(session: Session, actor: Actor, provider_slug: str, code: str) -> tuple[Desk, AgreementFacts, bool]:
    """Return an agreement for the exam board at home (True) or for who gives the module, and their desk. Raises AgreementNotFound, ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    found = _one(session, select(Agreement).where(Agreement.code == code.upper()))
    if desk.rights.decide and found.home_provider_id == desk.provider_id:
        return desk, found, True
    if not (desk.rights.decide or desk.rights.manage) or found.host_module_id is None:
        raise AgreementNotFound
    if catalogue.module_cards(session, [found.host_module_id])[found.host_module_id].provider_id != desk.provider_id:
        raise AgreementNotFound
    return desk, found, False


def agreement_to_sign(session: Session, actor: Actor, provider_slug: str, code: str) -> AgreementAtDesk:
    """Return what the page of who signs says. Raises AgreementNotFound, ProviderNotFound."""
    desk, facts, as_home = agreement_at(session, actor, provider_slug, code)
    email = session.scalars(select(Agreement.host_email).where(Agreement.id == facts.id)).one() if as_home and facts.is_elsewhere else ""
    return AgreementAtDesk(desk, in_full(session, facts), as_home, email)


def in_full(session: Session, facts: AgreementFacts) -> AgreementInFull:
    """Return what a page about one agreement says: six statements."""
    modules = modules_to_claim(session, {each for each in (facts.home_module_id, facts.host_module_id) if each is not None})
    home, agreed = modules[facts.home_module_id], {outcome_id for outcome_id, _digest in facts.outcomes}
    learner = accounts.people(session, [facts.person_id])
    decided = select(Decision.number, func.sum(DecisionAnswer.ec)).join(DecisionAnswer, DecisionAnswer.decision_id == Decision.id).where(Decision.id == facts.decision_id)
    number, granted = session.execute(decided.group_by(Decision.number)).one() if facts.decision_id else ("", Decimal(0))
    return AgreementInFull(
        facts, home, None if facts.host_module_id is None else modules[facts.host_module_id], tuple(each for each in home.outcomes if each.id in agreed),
        learner[facts.person_id].name, number, granted,
    )


def agreements_of_learner(session: Session, actor: Actor) -> list[AgreementLine]:
    """Return the actor's own agreements, the newest first."""
    return _lines(session, agreements_where(session, Agreement.person_id == actor.person_id)[::-1], home_of=None)


def agreements_for_desk(session: Session, desk: Desk) -> list[AgreementLine]:
    """Return the agreements that a provider is a party to, at home or as the host, the oldest first: its exam board sees both, who manages it those it hosts."""
    ours = catalogue.published_module_ids(session, provider_id=desk.provider_id)
    hosted = Agreement.host_module_id.in_(ours)
    theirs = or_(Agreement.home_provider_id == desk.provider_id, hosted) if desk.rights.decide else hosted
    return _lines(session, agreements_where(session, theirs), home_of=desk.provider_id)


def _lines(session: Session, found: Sequence[AgreementFacts], *, home_of: UUID | None) -> list[AgreementLine]:
    cards = catalogue.module_cards(session, {each for one in found for each in (one.home_module_id, one.host_module_id) if each is not None})
    names = accounts.people(session, {one.person_id for one in found}) if found and home_of is not None else {}
    return [
        AgreementLine(
            one, cards[one.home_module_id].title, None if one.host_module_id is None else cards[one.host_module_id].title,
            names[one.person_id].name if one.person_id in names else "", one.home_provider_id == home_of,
        )
        for one in found
    ]


def signers_at(session: Session, provider_id: UUID, *roles: Role) -> bool:
    """Tell whether anybody here can sign for a provider in one of these roles."""
    return bool(accounts.people_in_role(session, *roles, organisation_id=provider_id))


@dataclass(frozen=True)
class Asked:
    """What a learner looks for: modules by their address or by words of their title, at home and elsewhere. "" for what is not said."""

    home: str
    home_words: str
    host: str
    host_words: str

    @classmethod
    def from_address(cls, said: MappingOf[str, str]) -> "Asked":
        """Read it from the parameters of an address."""
        return cls(*(said.get(name, "").strip()[:MOST_WORDS] for name in ("home", "home_words", "host", "host_words")))


@dataclass(frozen=True)
class Candidates:
    """What was found at home and elsewhere; elsewhere nothing may be found, for a school that is not here."""

    asked: Asked
    homes: tuple[ModuleToClaim, ...]
    hosts: tuple[ModuleToClaim, ...]

    @property
    def is_asked_whole(self) -> bool:
        """Whether both modules were asked for; the one elsewhere by any words."""
        return bool((self.asked.home or self.asked.home_words) and (self.asked.host or self.asked.host_words))


def modules_to_agree_on(session: Session, asked: Asked, *, now: datetime) -> Candidates:
    """Return what a learner can choose from: at most five modules at home, which have credits, and at most five elsewhere of other providers."""
    homes = [each for each in _found(session, asked.home, asked.home_words, now=now) if each.ec]
    hosts = _found(session, asked.host, asked.host_words, now=now) if homes else []
    others = [each for each in hosts if len(homes) > 1 or each.provider_id != homes[0].provider_id]
    return Candidates(asked, tuple(homes[:MOST_FOUND]), tuple(others[:MOST_FOUND]))


def _found(session: Session, slug: str, words: str, *, now: datetime) -> list[ModuleToClaim]:
    """Return modules by their address, else by words: public ones with outcomes."""
    if slug:
        ids = [named.id for named in catalogue.modules_by_slug(session, [slug]).values()]
    else:
        ids = [each.id for each in catalogue.modules_by_words(session, words.split(), today=amsterdam_day(now), limit=MOST_FOUND * 2)] if words else []
    found = modules_to_claim(session, ids) if ids else {}
    return [found[each] for each in ids if found[each].is_public and found[each].outcomes]


def desk_to_sign(session: Session, actor: Actor, provider_slug: str) -> Desk:
    """Return the desk of a provider to who can sign there, in its exam board or for what it gives. Raises ProviderNotFound."""
    desk = desk_for(session, actor, provider_slug)
    if not (desk.rights.decide or desk.rights.manage):
        raise catalogue.ProviderNotFound
    return desk


def _one(session: Session, wanted: Select[Agreement]) -> AgreementFacts:
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise AgreementNotFound
    return facts_of(row, _outcomes_of(session, [row.id])[0])
