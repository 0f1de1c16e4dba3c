"""What firms of the demo have made for them, so that a newcomer sees a request with proposals to compare, and one to propose for.

Everything is done through the use cases of employers, as people do it, so that states, clocks and letters are right.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.demo.money import actor_of
from academy.demo.people import WINDESHEIM
from academy.employers import service
from academy.employers.drafts import DemandDraft, ProposalDraft, RequestDraft
from academy.employers.kinds import Party
from academy.employers.rules.proposing import first_day, last_day
from academy.employers.service import proposing, requesting
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import Money

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_COLLEGE: Final = "roc-flevoland"
_EVENING: Final = "tue-evening"
_PLANNER: Final = ("Fatima el Idrissi", "fatima@roc-flevoland.example")
_LIFTS: Final = ("liften-op-hoogte", "Liften op Hoogte", "Daan Visser", "daan@liftenophoogte.example")


def load_tailoring(session: Session, *, now: datetime) -> bool:
    """Let two firms of the demo ask for something made to measure, once; returns whether they did so now."""
    person_id = accounts.register_person(session, email=_PLANNER[1], name=_PLANNER[0], password=None, language="nl", now=now)
    if accounts.memberships_of(session, person_id):
        return False
    college = catalogue.provider_by_slug(session, _COLLEGE)
    accounts.add_membership(session, person_id=person_id, organisation_id=college.id, role=Role.PLANNER)
    planners = {
        WINDESHEIM.slug: actor_of(session, "provider@demo.example", now), _COLLEGE: Actor(person_id, new_id(), *_PLANNER, "nl"),
    }
    scene = _Scene(session, planners, now)
    scene.to_compare(actor_of(session, "employer@demo.example", now))
    scene.to_propose(_lift_firm(session, now=now))
    return True


def _lift_firm(session: Session, *, now: datetime) -> Actor:
    slug, name, owner, email = _LIFTS
    person_id = accounts.register_person(session, email=email, name=owner, password=None, language="nl", now=now)
    organisation_id = accounts.register_organisation(session, slug=slug, name=name, kind=OrganisationKind.EMPLOYER)
    accounts.add_membership(session, person_id=person_id, organisation_id=organisation_id, role=Role.OWNER)
    return Actor(person_id, new_id(), owner, email, "nl")


@dataclass(frozen=True)
class _Scene:
    """The transaction in which the demo is loaded, who plans at the providers, and the moment."""

    session: Session
    planners: dict[str, Actor]
    now: datetime

    @property
    def _today(self) -> date:
        return amsterdam_day(self.now)

    def to_compare(self, buyer: Actor) -> None:
        """Let the demo's firm ask two providers, that both propose: so it can compare before the last day."""
        code = self._ask(
            buyer, "Onze lassers moeten dun plaatstaal kunnen lassen.", people=6, since=self.now - 4 * _DAY, draft=RequestDraft(
                "Dun plaatstaal lassen", "Onze lassers kunnen dik staal lassen. Straks moeten ze ook plaat van 1 mm lassen, zonder dat het kromtrekt.",
                self._today + _DAY, self._today + 10 * _DAY, place="Almere", in_company=True, budget=Money(3000_00),
            ),
        )
        asked_at = self.now - 3 * _DAY
        question = requesting.ask_question(
            self.session, actor=self.planners[_COLLEGE], provider_slug=_COLLEGE, request_code=code, text="Welk lasproces gebruiken jullie: TIG of MAG?", now=asked_at,
        )
        requesting.answer_question(
            self.session, actor=buyer, request_code=code, question_id=question, text="Nu vooral MAG. Voor dunne plaat willen we TIG leren.", now=asked_at + 5 * _HOUR,
        )
        self._propose(code, WINDESHEIM.slug, self._welding(
            "Plaatlassen op maat", "Acht avonden bij jullie in de werkplaats. We beginnen met TIG op proefplaat en eindigen met jullie eigen werk.",
            ("last dun plaatstaal met TIG", "voorkomt dat plaat kromtrekt", "keurt een las op het oog"), lessons=8, class_price=Money(2700_00), nlqf="4",
        ))
        self._propose(code, _COLLEGE, self._welding(
            "TIG voor dunne plaat", "Zes avonden bij jullie, met een lasinstructeur per drie mensen. Iedereen last elke avond.",
            ("stelt een TIG-apparaat in", "last dun plaatstaal met TIG"), lessons=6, seat_price=Money(395_00), nlqf="3",
        ))

    def to_propose(self, owner: Actor) -> None:
        """Let another firm ask the demo's provider and a second one; the demo's provider has yet to answer."""
        code = self._ask(
            owner, "Onze monteurs moeten liften kunnen keuren.", people=5, since=self.now - _DAY, draft=RequestDraft(
                "Liften keuren", "Onze monteurs onderhouden liften. Ze moeten ook kunnen keuren, en het rapport zelf schrijven.",
                self._today + 5 * _DAY, self._today + 12 * _DAY, place="Lelystad", guest_teacher=True,
            ),
        )
        requesting.ask_question(
            self.session, actor=self.planners[_COLLEGE], provider_slug=_COLLEGE, request_code=code, text="Hebben de monteurs al een opleiding elektrotechniek?",
            now=self.now - 2 * _HOUR,
        )

    def _ask(self, actor: Actor, words: str, *, people: int, since: datetime, draft: RequestDraft) -> str:
        demand = service.post_demand(
            self.session, draft=DemandDraft(Party.EMPLOYER, actor.email, "nl", words, people, (_EVENING, "thu-evening"), postcode="1315"), actor=actor,
            request_key=None, next_path="", now=since,
        )
        return requesting.request_for_demand(
            self.session, actor=actor, demand_code=demand, draft=draft, providers=(WINDESHEIM.slug, _COLLEGE), now=since + _HOUR,
        )

    def _welding(
        self, title: str, content: str, outcomes: tuple[str, ...], *, lessons: int, nlqf: str, class_price: Money | None = None, seat_price: Money | None = None,
    ) -> ProposalDraft:
        """Return lessons at the firm, from the first suitable evening after who asked has chosen."""
        starts_on = first_day(_EVENING, self._today + 10 * _DAY)
        mode = catalogue.DeliveryMode.IN_COMPANY.value
        return ProposalDraft(
            title, content, outcomes, starts_on, last_day(starts_on, lessons), _EVENING, mode, 6, 8, class_price=class_price, seat_price=seat_price,
            hours=lessons * 4, nlqf=nlqf,
        )

    def _propose(self, code: str, provider: str, draft: ProposalDraft) -> None:
        actor, at = self.planners[provider], self.now - _DAY
        made = proposing.begin_proposal(self.session, actor=actor, provider_slug=provider, request_code=code, draft=draft, now=at)
        proposing.send_proposal(self.session, actor=actor, provider_slug=provider, proposal_code=made, now=at)
