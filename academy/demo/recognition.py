"""What people of the demo show that they can do already, so that a newcomer sees files in every phase, decisions that repeat, and what a board published.

Everything is done through the use cases of recognition, as people do it, so that states, clocks and letters are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue import api as catalogue
from academy.demo.learning import LOTTE, Person
from academy.demo.money import actor_of
from academy.demo.papers import keep_paper, page, picture
from academy.demo.people import DEMO_PASSWORD, WINDESHEIM
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.uploads import StoredFile
from academy.recognition.kinds import ALWAYS_MET, EvidenceKind, InstrumentKind, Judgement, Route
from academy.recognition.queries.approvals import patterns_to_approve
from academy.recognition.queries.board_file import seen_now
from academy.recognition.queries.files import file_of_learner
from academy.recognition.queries.outcomes import ModuleToClaim, modules_to_claim
from academy.recognition.queries.portfolio import evidence_of, outcomes_of
from academy.recognition.queries.slots import slots_on_offer
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import (
    agreeing,
    claiming,
    deciding,
    equivalences,
    evidence,
    guiding,
    judging,
    mapping,
    patterns,
    slots,
)
from academy.recognition.service.claiming import Said
from academy.recognition.service.evidence import EvidenceDraft

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_INTERVIEW: Final = timedelta(minutes=45)
_YES, _PARTLY, _NO = Judgement.YES, Judgement.PARTLY, Judgement.NO

GUIDE: Final = ("Gijs Begeleider", "guide@demo.example")
_IMANE, _PIETER, _ROSA = (
    ("Imane El Amrani", "imane.elamrani@demo.example"), ("Pieter Vos", "pieter.vos@demo.example"), ("Rosa Martina", "rosa.martina@demo.example"),
)
_BRAM, _SANNE = ("Bram Hendriks", "bram.hendriks@demo.example"), ("Sanne Kuipers", "sanne.kuipers@demo.example")
_MILAN, _FLEUR, _JOOST = (
    ("Milan Smit", "milan.smit@demo.example"), ("Fleur Bakker", "fleur.bakker@demo.example"), ("Joost Mulder", "joost.mulder@demo.example"),
)
_PLANNER: Final = "fatima@roc-flevoland.example"
_COLLEGE: Final = "roc-flevoland"

_DIPLOMA: Final = EvidenceDraft(EvidenceKind.DIPLOMA, "Mbo-diploma Allround medewerker IT systems and devices", "CREBO", "25605")
_REPORT: Final = EvidenceDraft(EvidenceKind.WORK, "Verslag: het netwerk van een garage", text="Wat ik tekende, instelde en opschreef voor een garage in Almere.")
_PHOTO: Final = EvidenceDraft(EvidenceKind.WORK, "Foto van een netwerkkast die ik inrichtte", text="Een kast met rijen groene kabels, netjes gebundeld.")
_LINES: Final = (
    "De garage heeft acht werkplekken en een kantoor.", "Ik tekende eerst hoe alles aan elkaar zit.", "Daarna stelde ik de router en de wifi in.",
    "Gasten krijgen een eigen netwerk.", "Voor mijn collega schreef ik op hoe je een storing zoekt.",
)
_PART: Final = "Een handleiding voor één apparaat, nog niet voor het hele netwerk."
_REASONS: Final = {
    _YES: "Gezien in het bewijs en in het gesprek.", _PARTLY: "Een deel is te zien, de rest nog niet.",
    _NO: "Hier is geen bewijs van. In het gesprek bleek dat dit nog nieuw is.",
}
_EXAMPLE: Final = "Op mijn werk doe ik dit elke week. De laatste keer was bij een garage met acht werkplekken."

Pieces = Sequence[tuple[EvidenceDraft, StoredFile | None]]


def load_recognition(session: Session, *, now: datetime) -> bool:
    """Let people of the demo ask for recognition, once; returns whether they did so now."""
    person_id = accounts.register_person(session, email=GUIDE[1], name=GUIDE[0], password=DEMO_PASSWORD, language="nl", now=now)
    if accounts.memberships_of(session, person_id):
        return False
    provider = catalogue.provider_by_slug(session, WINDESHEIM.slug)
    accounts.add_membership(session, person_id=person_id, organisation_id=provider.id, role=Role.ASSESSOR)
    accounts.give_app(session, person_id=person_id, now=now)
    scene = _Scene(session, now, Actor(person_id, new_id(), *GUIDE, "nl"), *(actor_of(session, f"{who}@demo.example", now) for who in ("assessor", "examboard")))
    network, data, security = (scene.module(code, WINDESHEIM.slug) for code in ("ICT-02", "ICT-03", "ICT-04"))
    scene.decided_before(network)
    scene.of_lotte(data, security)
    scene.under_way(network)
    scene.published(network, security)
    scene.agreed()
    scene.offer_weeks()
    return True


@dataclass(frozen=True)
class _Scene:
    """The transaction in which the demo is loaded, the moment, and who guides, judges and decides at Windesheim."""

    session: Session
    now: datetime
    guide: Actor
    assessor: Actor
    board: Actor

    def actor(self, who: Person) -> Actor:
        """Return somebody of the demo, to act in their name; nobody signs in."""
        name, email = who
        person_id = accounts.register_person(self.session, email=email, name=name, password=None, language="nl", now=self.now)
        return Actor(person_id, new_id(), name, email, "nl")

    def module(self, code: str, provider: str) -> ModuleToClaim:
        """Return a module by the code that its provider gave it."""
        key = catalogue.module_keys(self.session, provider, [code])[code]
        module_id = catalogue.modules_by_name(self.session, [(provider, key)])[provider, key]
        return modules_to_claim(self.session, [module_id])[module_id]

    def back(self, days: float) -> "_Scene":
        """Return the same scene some days ago."""
        return replace(self, now=self.now - days * _DAY)

    # What people asked, from the oldest to the newest

    def decided_before(self, module: ModuleToClaim) -> None:
        """Let three people have had a decision on the same diploma: two got everything, one did not; what all three got goes by itself from now on."""
        everything = (_YES,) * len(module.outcomes)
        all_but_last = (*everything[:-1], _PARTLY)
        for who, said, days in ((_IMANE, everything, 60), (_PIETER, everything, 45), (_JOOST, all_but_last, 30)):
            self.back(days).decide(who, self.back(days).to_board(who, module, [(_DIPLOMA, None)], said), said)
        approved = next((each for each in patterns_to_approve(self.session, module.provider_id, amsterdam_day(self.now)) if each.outcome_id == module.outcomes[0].id), None)
        if approved is not None:
            draft = patterns.ApprovalDraft(approved.key, "mbo-diploma, CREBO 25605", 2, amsterdam_day(self.now) + 365 * _DAY)
            patterns.approve_pattern(self.session, actor=self.board, provider_slug=WINDESHEIM.slug, draft=draft, now=self.now - 20 * _DAY)

    def of_lotte(self, data: ModuleToClaim, security: ModuleToClaim) -> None:
        """Let Lotte have one decision, with a no that says why, and one portfolio that she still has to send."""
        said = (_YES, _YES, _NO)
        work = [(_REPORT, keep_paper("verslag-netwerk-garage.pdf", page("Het netwerk van een garage", _LINES)))]
        self.back(12).decide(LOTTE, self.back(12).to_board(LOTTE, data, work, said), said)
        ago = self.back(5)
        code = ago.open(LOTTE, security, (_YES, _YES, _PARTLY, *(_NO,) * (len(security.outcomes) - 3)))
        ago.show(LOTTE, code, [(_PHOTO, keep_paper("netwerkkast.png", picture()))], security.outcomes[0].id)
        claiming.ask_intake(self.session, actor=self.actor(LOTTE), code=code, stated=False, now=ago.now)
        at, where = self.now - 3 * _DAY, {"provider_slug": WINDESHEIM.slug, "code": code}
        guiding.take_file(self.session, actor=self.guide, **where, now=at)
        guiding.advise_and_sign(self.session, actor=self.guide, **where, reason="Je kunt veel laten zien. Voeg nog een voorbeeld van phishing toe.", now=at + _HOUR)
        claiming.sign_agreement(self.session, actor=self.actor(LOTTE), code=code, now=at + _DAY)

    def under_way(self, module: ModuleToClaim) -> None:
        """Let others be at every desk: for a guide (one waits too long), for an assessor, with an interview that was, and for the board as twice before."""
        said = (_YES,) * len(module.outcomes)
        for who, days in ((_BRAM, 12), (_MILAN, 1)):
            ago = self.back(days)
            code = ago.open(who, module, said)
            claiming.ask_intake(self.session, actor=self.actor(who), code=code, stated=False, now=ago.now)
        self.back(1).send(_SANNE, module, [(_DIPLOMA, None)], said)
        self.back(7).judge(_FLEUR, module, [(_DIPLOMA, None)], said)
        self.back(0.5).to_board(_ROSA, module, [(_DIPLOMA, None)], said)

    def published(self, network: ModuleToClaim, security: ModuleToClaim) -> None:
        """Let the board have published what needs no file: a course of a firm, and an online course with a test here."""
        since, until = amsterdam_day(self.now) - 30 * _DAY, amsterdam_day(self.now) + 700 * _DAY
        equivalences.publish_equivalence(self.session, actor=self.board, provider_slug=WINDESHEIM.slug, draft=equivalences.EquivalenceDraft(
            EvidenceKind.COMPANY_COURSE, "Netwerken aansluiten", "Zilvermeeuw Techniek", "ZT-NET-1", network.slug, frozenset({network.outcomes[1].id}),
            "De cursus toetst dezelfde handelingen, met apparaten van hetzelfde soort.", since, until,
        ), now=self.now - 30 * _DAY)
        remote = self.module("MOOC-01", "open-universiteit")
        mapping.publish_mapping(self.session, actor=self.board, provider_slug=WINDESHEIM.slug, draft=mapping.MappingDraft(
            remote.slug, security.slug, frozenset({security.outcomes[1].id}), since, until,
        ), now=self.now - 30 * _DAY)

    def agreed(self) -> None:
        """Let Lotte ask that a module of a college counts: the college signed, the board has yet to."""
        home, host = self.module("ICT-06", WINDESHEIM.slug), self.module("ICT-07", _COLLEGE)
        at = self.now - 2 * _DAY
        code = agreeing.ask_agreement(
            self.session, actor=self.actor(LOTTE), home_slug=home.slug, outcome_ids=[home.outcomes[1].id], host=host.slug, language="nl", now=at,
        )
        agreeing.sign_host(self.session, actor=self.actor(("Fatima el Idrissi", _PLANNER)), provider_slug=_COLLEGE, code=code, now=at + _HOUR)

    def offer_weeks(self) -> None:
        """Offer interviews on Tuesday and Thursday afternoon for three weeks, and a test for eight."""
        days = [amsterdam_day(self.now) + number * _DAY for number in range(3, 24)]
        starts = [
            datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM) for day in days if day.weekday() in {1, 3} for hour in (13, 14, 15)
        ]
        draft = slots.SlotDraft(InstrumentKind.INTERVIEW, tuple(starts), _INTERVIEW, is_online=True)
        slots.offer_slots(self.session, actor=self.assessor, provider_slug=WINDESHEIM.slug, draft=draft, now=self.now)
        friday = next(day for day in days if day.weekday() == 4)  # noqa: PLR2004 - Friday
        test = datetime(friday.year, friday.month, friday.day, 10, tzinfo=AMSTERDAM)
        draft = slots.SlotDraft(InstrumentKind.TEST, (test,), 2 * _HOUR, where="Lokaal 2.14", capacity=8)
        slots.offer_slots(self.session, actor=self.assessor, provider_slug=WINDESHEIM.slug, draft=draft, now=self.now)

    # One file, step by step

    def open(self, who: Person, module: ModuleToClaim, said: tuple[Judgement, ...]) -> str:
        """Let somebody say what they can; returns the code of the file."""
        answers = {
            each.id: Said(judgement, "" if judgement is _NO else _EXAMPLE) for each, judgement in zip(module.outcomes, said, strict=True)
        }
        return claiming.open_file(
            self.session, actor=self.actor(who), module_slug=module.slug, route=Route.EDUCATION, answers=answers, now=self.now,
        )

    def show(self, who: Person, code: str, pieces: Pieces, *outcomes: UUID) -> None:
        """Let somebody show evidence, for these outcomes."""
        actor = self.actor(who)
        for draft, stored in pieces:
            added = evidence.add_evidence(self.session, actor=actor, draft=draft, stored=stored, now=self.now)
            evidence.use_evidence(self.session, actor=actor, code=code, evidence_id=added.evidence_id, outcome_ids=outcomes, now=self.now)

    def send(self, who: Person, module: ModuleToClaim, pieces: Pieces, said: tuple[Judgement, ...]) -> str:
        """Let somebody fill in everything at once, and book an interview; their guide signs, and with that it is sent."""
        actor, code = self.actor(who), self.open(who, module, said)
        self.show(who, code, pieces, *(each.id for each in module.outcomes))
        starts_at = (self.now + 3 * _DAY).replace(minute=0, second=0, microsecond=0)
        slots.offer_slots(
            self.session, actor=self.assessor, provider_slug=WINDESHEIM.slug,
            draft=slots.SlotDraft(InstrumentKind.INTERVIEW, (starts_at,), _INTERVIEW, is_online=True), now=self.now,
        )
        free = slots_on_offer(self.session, file_of_learner(self.session, actor, code), now=self.now)
        slots.book_slot(self.session, actor=actor, code=code, slot_code=free[0].code, now=self.now)
        claiming.ask_intake(self.session, actor=actor, code=code, stated=True, now=self.now)
        at = {"provider_slug": WINDESHEIM.slug, "code": code}
        guiding.take_file(self.session, actor=self.guide, **at, now=self.now + 2 * _HOUR)
        guiding.advise_and_sign(self.session, actor=self.guide, **at, reason="Je bewijs past bij de leeruitkomsten.", now=self.now + 3 * _HOUR)
        return code

    def judge(self, who: Person, module: ModuleToClaim, pieces: Pieces, said: tuple[Judgement, ...]) -> str:
        """As `send`, with a portfolio that is judged the next day: the interview is what comes."""
        code = self.send(who, module, pieces, said)
        at = {"provider_slug": WINDESHEIM.slug, "code": code}
        judging.take_assessment(self.session, actor=self.assessor, **at, now=self.now + _DAY)
        judging.judge_portfolio(
            self.session, actor=self.assessor, **at, answers=self.answers(who, code, said), notes="", now=self.now + _DAY + _HOUR,
        )
        return code

    def to_board(self, who: Person, module: ModuleToClaim, pieces: Pieces, said: tuple[Judgement, ...]) -> str:
        """As `judge`, four days before, with a report; the board is asked now."""
        before = self.back(4)
        code, actor = before.judge(who, module, pieces, said), self.actor(who)
        at = {"provider_slug": WINDESHEIM.slug, "code": code}
        answers = self.answers(who, code, said)
        judging.finish_instrument(self.session, actor=self.assessor, **at, answers=answers, notes="", now=self.now - _HOUR)
        judging.issue_report(self.session, actor=self.assessor, **at, answers=answers, now=self.now - _HOUR / 2)
        claiming.request_exemption(self.session, actor=actor, code=code, now=self.now)
        return code

    def decide(self, who: Person, code: str, said: tuple[Judgement, ...]) -> None:
        """Let the board decide a day later, as the assessors reported."""
        file = file_of_learner(self.session, self.actor(who), code)
        deciding.decide(
            self.session, actor=self.board, provider_slug=WINDESHEIM.slug, code=code, answers=self.answers(who, code, said), seen_digest=seen_now(self.session, file),
            now=self.now + _DAY,
        )

    def answers(self, who: Person, code: str, said: tuple[Judgement, ...]) -> list[Answer]:
        """Return what is said of each outcome of a file, on all its evidence."""
        file = file_of_learner(self.session, self.actor(who), code)
        shown = frozenset(each.id for each in evidence_of(self.session, file.id))
        return [
            Answer(outcome.id, judgement, _PART if judgement is _PARTLY else "", _REASONS[judgement], shown, frozenset() if judgement is _NO else ALWAYS_MET)
            for outcome, judgement in zip(outcomes_of(self.session, file.id), said, strict=True)
        ]
