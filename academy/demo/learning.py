"""What the people of the demo learn, so that a newcomer sees a class with people in it, a line, a request, a payment and a result.

Everything is asked for as people ask for it, through the use cases of enrolment, so that seats, histories and letters are right.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.demo.people import WINDESHEIM
from academy.enrolment import api as enrolment
from academy.kernel.clock import amsterdam_day
from academy.kernel.errors import Refusal
from academy.kernel.ids import new_id
from academy.kernel.money import Money

Person = tuple[str, str]  # name and address

LOTTE: Final = ("Lotte de Lerende", "learner@demo.example")
_WENDY: Final = ("Wendy Werkgever", "employer@demo.example")
DAAN: Final = ("Daan Docent", "teacher@demo.example")
EBRU: Final = ("Ebru Examencommissie", "examboard@demo.example")

# Colleagues whom their employer enrols together, and people who enrol themselves.
_TEAM: Final = (
    ("Milan Smit", "milan.smit@demo.example"),
    ("Fleur Bakker", "fleur.bakker@demo.example"),
    ("Yusuf Demir", "yusuf.demir@demo.example"),
    ("Anouk Visser", "anouk.visser@demo.example"),
    ("Joost Mulder", "joost.mulder@demo.example"),
)
_BRAM: Final = ("Bram Hendriks", "bram.hendriks@demo.example")
_SANNE: Final = ("Sanne Kuipers", "sanne.kuipers@demo.example")
_OTHERS: Final = (
    ("Imane El Amrani", "imane.elamrani@demo.example"),
    ("Pieter Vos", "pieter.vos@demo.example"),
    ("Rosa Martina", "rosa.martina@demo.example"),
)

_ENROLLED_BEFORE: Final = timedelta(weeks=3)  # the first day, by who has finished
_GRADES: Final = ("7.5", "8.2", "5.0", "6.8")


@dataclass(frozen=True)
class _Scene:
    """The transaction in which the demo is loaded, its moment, and the classes of Windesheim by the code of their module."""

    session: Session
    now: datetime
    classes: dict[str, tuple[catalogue.OfferingFacts, ...]]

    def actor(self, who: Person) -> Actor:
        """Return somebody of the demo, to act in their name; nobody signs in."""
        name, email = who
        person_id = accounts.register_person(self.session, email=email, name=name, password=None, language="nl", now=self.now)
        return Actor(person_id, new_id(), name, email, "nl")

    def open_class(self, module: str) -> str:
        """Return the code of the first class of a module in which one can enrol; "" for none, when the demo is old."""
        return next((each.code for each in self.classes.get(module, ()) if each.is_open(self.now)), "")

    def enrol(self, who: Person, code: str, *, statement: str = "") -> str:
        """Take a seat as far as the learner can; returns the code of the enrolment."""
        actor = self.actor(who)
        mine = enrolment.hold_seat(self.session, actor=actor, offering_code=code, request_key=None, now=self.now)
        enrolment.confirm(self.session, actor=actor, code=mine, statement=statement, now=self.now)
        return mine


def load_learning(session: Session, *, now: datetime) -> bool:
    """Let the people of the demo learn, once; returns whether they began now. Catalogue and accounts are there already.

    What a visitor made impossible meanwhile, such as taking the last seat, is left out.
    """
    session.flush()  # reading the facts lets go of what the session holds
    provider = catalogue.provider_by_slug(session, WINDESHEIM.slug)
    facts = catalogue.module_facts(session, today=date.min, provider_id=provider.id)
    scene = _Scene(session, now, {module.code: module.offerings for module in facts})
    if enrolment.my_enrolments(session, scene.actor(LOTTE)):
        return False
    scenes: Sequence[Callable[[_Scene], None]] = (_finished, _nearly_full, _full_with_line, _asks_admission)
    for played in scenes:
        with suppress(Refusal), session.begin_nested():
            played(scene)
    return True


def _finished(scene: _Scene) -> None:
    """Let a class end with results: three passed, one did not."""
    ended = [each for each in scene.classes["ICT-01"] if each.ends_on < amsterdam_day(scene.now)]
    if not ended:
        return
    code, starts_on = ended[-1].code, ended[-1].starts_on
    then = scene.now - (amsterdam_day(scene.now) - starts_on) - _ENROLLED_BEFORE
    before = _Scene(scene.session, then, scene.classes)
    mine = [before.enrol(who, code) for who in (LOTTE, *_OTHERS)]
    enrolment.finish_ended(scene.session, now=scene.now)
    grades = dict(zip(mine, _GRADES, strict=True))
    enrolment.enter_results(
        scene.session, actor=scene.actor(DAAN), provider_slug=WINDESHEIM.slug, code=code, scale=enrolment.ResultScale.GRADE_0_10,
        entries=[enrolment.Entry(each, grade, "") for each, grade in grades.items()], now=scene.now,
    )
    enrolment.make_final(
        scene.session, actor=scene.actor(EBRU), provider_slug=WINDESHEIM.slug, code=code, seen=grades, now=scene.now,
    )


def _nearly_full(scene: _Scene) -> None:
    """Fill nine of twelve seats: a team that its employer enrols, and four others."""
    code = scene.open_class("OFF-02")
    enrolment.enrol_group(
        scene.session, actor=scene.actor(_WENDY), offering_code=code, people=_TEAM, request_key=None, language="nl", now=scene.now,
    )
    for who in (LOTTE, *_OTHERS):
        scene.enrol(who, code)


def _full_with_line(scene: _Scene) -> None:
    """Fill a class of two: one still has to pay, of Lotte's seat her employer is asked; three wait."""
    code = scene.open_class("ICT-06")
    scene.enrol(_BRAM, code)
    scene.enrol(LOTTE, code)
    for who in (_SANNE, *_OTHERS[:2]):
        enrolment.join_waiting_list(
            scene.session, actor=scene.actor(who), offering_code=code, when_can_you=("tue-evening", "thu-evening"), most_price=Money(30_000),
            request_key=None, now=scene.now,
        )


def _asks_admission(scene: _Scene) -> None:
    """Let somebody without the module that is asked before ask to be admitted."""
    scene.enrol(
        _SANNE, scene.open_class("ICT-04"),
        statement="Ik werk vier jaar als netwerkbeheerder bij een logistiek bedrijf. Routers en firewalls richt ik elke week in.",
    )
