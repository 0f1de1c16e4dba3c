"""What the people of the demo thought of the classes of the paid year, and who came: enough to be told. And one class of which the questions are still open.

Everything is asked, answered and noted through the use cases, at the moment at which it would have happened.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor, PersonFacts
from academy.catalogue import api as catalogue
from academy.catalogue.api import OfferingFacts
from academy.demo.learning import DAAN
from academy.demo.people import WINDESHEIM
from academy.enrolment import api as enrolment
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.ids import new_id
from academy.reports.kinds import Side
from academy.reports.models import Questionnaire, QuestionnaireInvite
from academy.reports.rules.asking import QUESTIONS, WAVES, asked_on, last_day
from academy.reports.service import monitoring

_PAID: Final = ("BOU-08", "BOU-04", "BOU-05", "BOU-11")  # modules of the classes of the paid year
_OPEN: Final = "ICT-01"  # of a class that some finished
_LEARNERS_SAY: Final = ((5, 4, 4, 5, 5), (4, 5, 3, 4, 4), (4, 4, 2, 4, 4), (5, 5, 4, 3, 5), (3, 4, 3, 4, 3), (4, 5, 4, 5, 4), (5, 4, 3, 5, 5))
_OTHERS_SAY: Final = (4, 4, 3, 5, 4)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_ANSWERS: Final = 10
_ABSENT: Final = 5  # one in so many learners misses a meeting


def load_experience(session: Session, *, now: datetime) -> bool:
    """Let the classes of the paid year be judged, once; returns whether they were now. Catalogue, people and what they learned are there already."""
    if session.scalar(select(Questionnaire.id).limit(1)) is not None:
        return False
    session.flush()  # reading the facts lets go of what the session holds
    provider = catalogue.provider_by_slug(session, WINDESHEIM.slug)
    classes = {module.code: module.offerings for module in catalogue.module_facts(session, today=date.min, provider_id=provider.id)}
    over = amsterdam_day(now)
    for code in _PAID:
        for offering in (each for each in classes.get(code, ()) if each.ends_on < over and enrolment.seats(session, [each.id])):
            for wave in WAVES:
                _ask_and_answer(session, offering, wave, now=now)
    for offering in classes.get(_OPEN, ())[:1]:
        monitoring.open_wave(session, offering.id, WAVES[-1], now=now)
    return True


def _at(day: date) -> datetime:
    """Return ten in the morning of a day in Amsterdam."""
    return datetime.combine(day, datetime.min.time().replace(hour=10), AMSTERDAM)


def _note_who_came(session: Session, offering: OfferingFacts, person_ids: Iterable[UUID], *, now: datetime) -> None:
    """Let the teacher note after the last meeting who was there: at each meeting some were not."""
    name, email = DAAN
    teacher = Actor(accounts.register_person(session, email=email, name=name, password=None, language="nl", now=now), new_id(), name, email, "nl")
    codes = [_code_of(session, each, offering) for each in accounts.people(session, person_ids).values()]
    days = (offering.starts_on + timedelta(days=number) for number in range((offering.ends_on - offering.starts_on).days + 1))
    for number, day in enumerate(each for each in days if _WEEKDAYS[each.weekday()] in offering.weekdays):
        for code in sorted(codes)[number % _ABSENT :: _ABSENT]:
            enrolment.note_attendance(
                session, actor=teacher, provider_slug=WINDESHEIM.slug, code=offering.code, day=day, enrolment_code=code, was_there=False, now=now,
            )
        enrolment.note_rest(session, actor=teacher, provider_slug=WINDESHEIM.slug, code=offering.code, day=day, now=now)


def _code_of(session: Session, who: PersonFacts, offering: OfferingFacts) -> str:
    mine = enrolment.my_enrolments(session, Actor(who.id, new_id(), who.name, who.email, "nl"))
    return next(each.code for each in mine if each.of.offering.id == offering.id)


def _ask_and_answer(session: Session, offering: OfferingFacts, wave: int, *, now: datetime) -> None:
    """Let a wave be asked on its day and answered by nearly everybody, and close it when its last day is past."""
    opens_on = asked_on(wave, starts_on=offering.starts_on, ends_on=offering.ends_on)
    if opens_on is None:
        return
    then = _at(opens_on)
    monitoring.open_wave(session, offering.id, wave, now=then)
    session.flush()
    if wave == WAVES[-1]:
        learners = session.scalars(_of_wave(offering.id, Side.LEARNER, wave, QuestionnaireInvite.person_id)).all()
        _note_who_came(session, offering, learners, now=then)
    for side in Side:
        invited = session.scalars(_of_wave(offering.id, side, wave, QuestionnaireInvite.id).limit(_MOST_ANSWERS)).all()
        _answer(session, side, offering.starts_on.month + wave, invited, now=then)
    if last_day(opens_on) < amsterdam_day(now):
        monitoring.close(session, now=now)


def _of_wave(offering_id: UUID, side: Side, wave: int, wanted: InstrumentedAttribute[UUID]) -> Select[UUID]:
    return (
        select(wanted).join(Questionnaire, Questionnaire.id == QuestionnaireInvite.questionnaire_id)
        .where(Questionnaire.offering_id == offering_id, Questionnaire.side == side, Questionnaire.wave == wave).order_by(QuestionnaireInvite.id)
    )


def _answer(session: Session, side: Side, first: int, invite_ids: Iterable[UUID], *, now: datetime) -> None:
    """Let these answer, beginning somewhere else in what people say for each class: no two are judged alike."""
    said = islice(cycle(_LEARNERS_SAY if side is Side.LEARNER else (_OTHERS_SAY,)), first, None)
    for invite_id, scores in zip(invite_ids, said, strict=False):
        monitoring.answer(session, invite_id=invite_id, scores=dict(zip(QUESTIONS[side], scores, strict=True)), now=now)
