"""What the demo's firms ask for together, so that a newcomer sees pools in every state and questions that wait for an answer.

Everything is asked for as firms ask for it, through the use cases of employers, so that states, clocks and letters are right.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, OrganisationKind, Role
from academy.catalogue import api as catalogue
from academy.demo.courses import load_course
from academy.demo.money import actor_of
from academy.demo.people import EMPLOYER, WINDESHEIM
from academy.employers import service
from academy.employers.drafts import Agreed, DemandDraft, PledgeDraft
from academy.employers.kinds import Party, PledgeState
from academy.employers.queries import demand_to_act_on, pledges_of, pool_by_code
from academy.kernel.clock import amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import FREE

_DAY: Final = timedelta(days=1)
_ALMERE: Final = "1315"


@dataclass(frozen=True)
class DemoFirm:
    """A firm of the demo, and who asks for it."""

    slug: str
    name: str
    owner: str
    email: str


@dataclass(frozen=True)
class Wish:
    """What a firm promises to a pool: seats, at any of these moments of the week."""

    firm: DemoFirm
    seats: int
    slots: tuple[str, ...]


_WENDY: Final = DemoFirm(EMPLOYER.slug, EMPLOYER.name, "Wendy Werkgever", "employer@demo.example")
_GARAGE: Final = DemoFirm("garage-nobelhorst", "Garage Nobelhorst", "Mehmet Yilmaz", "mehmet@garage-nobelhorst.example")
_INSTALL: Final = DemoFirm("stad-en-land-installaties", "Stad & Land Installaties", "Carla Peters", "carla@stadenland.example")
_PLUMBER: Final = DemoFirm("loodgieter-poort", "Loodgietersbedrijf Poort", "Henk de Jong", "henk@loodgieterpoort.example")
LIFTS: Final = DemoFirm("liftservice-flevo", "Liftservice Flevo", "Petra Bos", "petra@liftserviceflevo.example")
COOLING: Final = DemoFirm("koeltechniek-almere", "Koeltechniek Almere", "Rachid Bouali", "rachid@koeltechniekalmere.example")
_BUILDER: Final = DemoFirm("bouwbedrijf-oosterwold", "Bouwbedrijf Oosterwold", "Ilse Kramer", "ilse@bouwoosterwold.example")
_FIRMS: Final = (_GARAGE, _INSTALL, _PLUMBER, LIFTS, COOLING, _BUILDER)

_EVENINGS: Final = ("tue-evening", "thu-evening")
# Gathers: seven seats on Tuesday evening of the twelve that it needs; ten in all, for fewer would hide in reports what the others ask.
_SOLAR: Final = (
    Wish(_INSTALL, 3, _EVENINGS), Wish(_PLUMBER, 2, ("tue-evening", "sat-morning")), Wish(_BUILDER, 2, ("tue-evening",)), Wish(COOLING, 3, ("sat-morning",)),
)
# The largest gap, wanted soon: twenty seats, of which no evening has twelve.
_SENSORS: Final = (
    Wish(_GARAGE, 5, ("tue-evening",)), Wish(LIFTS, 5, ("tue-evening",)), Wish(_INSTALL, 5, ("sat-morning",)), Wish(COOLING, 5, ("sat-morning",)),
)
_SOON: Final = timedelta(days=70)
# Enough on Thursday evening: its provider is asked.
_ENGINEERING: Final = (
    Wish(_GARAGE, 3, ("thu-evening",)), Wish(LIFTS, 4, _EVENINGS), Wish(COOLING, 2, ("thu-evening", "fri-afternoon")), Wish(_INSTALL, 3, ("thu-evening",)),
)
# Its provider accepted: three firms confirmed, and Wendy has yet to.
_BUILDING: Final = (
    Wish(_BUILDER, 4, ("mon-evening",)), Wish(_PLUMBER, 3, ("mon-evening", "wed-evening")), Wish(_INSTALL, 3, ("mon-evening",)), Wish(_WENDY, 2, ("mon-evening",)),
)


def load_pooling(session: Session, *, now: datetime) -> bool:
    """Let the firms of the demo ask and gather, once; returns whether they did so now."""
    if accounts.memberships_of(session, accounts.register_person(session, email=_GARAGE.email, name=_GARAGE.owner, password=None, language="nl", now=now)):
        return False
    scene = _Scene(session, {firm.slug: begin_firm(session, firm, now=now) for firm in (_WENDY, *_FIRMS)})
    scene.gather("LOS-08", "roc-flevoland", _SOLAR, "Onze monteurs moeten zonnepanelen kunnen plaatsen en aansluiten.", now=now - 9 * _DAY)
    scene.gather(
        "ENG-07", WINDESHEIM.slug, _SENSORS, "Onze monteurs moeten sensoren kunnen aansluiten en uitlezen.", now=now - 9 * _DAY,
        wanted_by=amsterdam_day(now) + _SOON,
    )
    scene.gather("ENG-01", WINDESHEIM.slug, _ENGINEERING, "Onze monteurs moeten storingen aan machines kunnen vinden.", now=now - timedelta(hours=3))
    scene.accepted("BOU-01", WINDESHEIM.slug, _BUILDING, "Onze mensen moeten de juiste bouwmaterialen kunnen kiezen.", now=now - 2 * _DAY)
    scene.ask(COOLING, "Onze monteurs moeten warmtepompen kunnen inregelen.", people=3, slots=("wed-evening",), now=now - 8 * _DAY)
    load_course(session, actor=scene.actors[_WENDY.slug], now=now)
    return True


def begin_firm(session: Session, firm: DemoFirm, *, now: datetime) -> Actor:
    """Make a firm with its owner, and return who acts for it; Wendy's is there."""
    if firm is _WENDY:
        return actor_of(session, firm.email, now)
    person_id = accounts.register_person(session, email=firm.email, name=firm.owner, password=None, language="nl", now=now)
    organisation_id = accounts.register_organisation(session, slug=firm.slug, name=firm.name, kind=OrganisationKind.EMPLOYER)
    accounts.add_membership(session, person_id=person_id, organisation_id=organisation_id, role=Role.OWNER)
    return Actor(person_id, new_id(), firm.owner, firm.email, "nl")


@dataclass(frozen=True)
class _Scene:
    """The transaction in which the demo is loaded, and who acts for each firm."""

    session: Session
    actors: dict[str, Actor]

    def ask(self, firm: DemoFirm, words: str, *, people: int, slots: tuple[str, ...], now: datetime, wanted_by: date | None = None) -> str:
        """Let a firm ask for something; returns the code of its demand."""
        draft = DemandDraft(Party.EMPLOYER, firm.email, "nl", words, people, slots, postcode=_ALMERE, wanted_by=wanted_by)
        return service.post_demand(self.session, draft=draft, actor=self.actors[firm.slug], request_key=None, next_path="", now=now)

    def gather(self, code: str, provider: str, wishes: tuple[Wish, ...], words: str, *, now: datetime, wanted_by: date | None = None) -> str:
        """Let the first firm begin a pool for a module, and the others join; returns the code of the pool."""
        first = wishes[0]
        asked = self.ask(first.firm, words, people=first.seats, slots=first.slots, now=now, wanted_by=wanted_by)
        demand = demand_to_act_on(self.session, self.actors[first.firm.slug], asked)
        pool = service.begin_pool(self.session, demand=demand, module=self._module(code, provider), now=now)
        for number, wish in enumerate(wishes):
            draft = PledgeDraft(Party.EMPLOYER, wish.firm.email, "nl", wish.seats, wish.slots)
            service.make_pledge(
                self.session, pool_code=pool, draft=draft, actor=self.actors[wish.firm.slug], demand_id=None if number else demand.id, next_path="",
                now=now + timedelta(minutes=number),
            )
        return pool

    def accepted(self, code: str, provider: str, wishes: tuple[Wish, ...], words: str, *, now: datetime) -> None:
        """As `gather`, with a provider that accepted, and all but the last firm that confirmed."""
        pool = self.gather(code, provider, wishes, words, now=now)
        module = self._module(code, provider)
        draft = _class_draft(module, now=now)
        service.accept_pool(
            self.session, actor=actor_of(self.session, "provider@demo.example", now), provider_slug=provider, pool_code=pool, module_slug=module.slug,
            slot="mon-evening", draft=draft, now=now,
        )
        for pledge in pledges_of(self.session, pool_by_code(self.session, pool).id, [PledgeState.ASKED]):
            if pledge.email != wishes[-1].firm.email:
                service.confirm_pledge(self.session, pledge_id=pledge.id, by=pledge.person_id, agreed=Agreed(draft.price or FREE), now=now)

    def _module(self, code: str, provider: str) -> catalogue.ModuleCard:
        key = catalogue.module_keys(self.session, provider, [code])[code]
        module_id = catalogue.modules_by_name(self.session, [(provider, key)])[provider, key]
        return catalogue.module_cards(self.session, [module_id])[module_id]


def _class_draft(module: catalogue.ModuleCard, *, now: datetime) -> catalogue.OfferingDraft:
    """Return ten Monday evenings, from the first Monday seven weeks from now."""
    today = amsterdam_day(now)
    starts_on = today + 49 * _DAY
    starts_on += (7 - starts_on.weekday()) % 7 * _DAY
    draft = catalogue.OfferingDraft(
        starts_on=starts_on, ends_on=starts_on + 63 * _DAY, mode=catalogue.DeliveryMode.ON_CAMPUS, language="nl", seats=16, price=module.price,
        periods=(catalogue.PeriodDraft(closes_on=starts_on - 7 * _DAY),), part_of_day=catalogue.PartOfDay.EVENING, weekdays=("mon",),
    )
    return replace(draft, min_seats=12)
