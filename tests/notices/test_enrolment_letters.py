"""Letters about seats: to the right reader, in their language, true when written, with the way on, and without a stranger's words."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.queries import Actor
from academy.catalogue import api as catalogue
from academy.catalogue.models import Module, Offering, Provider
from academy.enrolment import events, queries, service
from academy.enrolment.kinds import EnrolmentState, ResultScale, WaitsFor, Why
from academy.enrolment.models import Enrolment, Result, StudyGroup
from academy.enrolment.service import together as group_service
from academy.enrolment.service import withdrawing
from academy.enrolment.service.changes import change
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.kernel.outbox import OutboxMessage
from academy.kernel.text import Localized
from academy.kernel.worker import Worker
from academy.notices import service as post
from academy.notices.enrolment_letters import LETTERS, classes, leaving, money, seats, together
from academy.notices.gateway import Letter
from tests import builders
from tests.enrolment.vat import decide_vat

DAY = timedelta(days=1)
LURE = "Win €€€ op evil.example"


class School:
    """A class of one seat with people around it, in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.provider_id = builders.provider(session)
        session.execute(update(Provider).values(contact_email="hulp@windesheim.example"))
        self.offering = builders.offering(session, now, seats=1, provider_id=self.provider_id)

    def learner(self, **about: str) -> Actor:
        return builders.actor(self.session, self.now, **about)

    def planner(self) -> Actor:
        person = self.learner()
        accounts.add_membership(self.session, person_id=person.person_id, organisation_id=self.provider_id, role=accounts.Role.PLANNER)
        return person

    def price(self, cents: int) -> None:
        self.session.flush()
        self.session.execute(update(Offering).values(price=Money(cents)))
        decide_vat(self.session, self.now)
        self.session.expire_all()

    def hold(self, sam: Actor) -> queries.EnrolmentFacts:
        code = service.hold_seat(self.session, actor=sam, offering_code=self.offering, request_key=None, now=self.now)
        return self.facts(sam, code)

    def enrol(self, sam: Actor) -> queries.EnrolmentFacts:
        held = self.hold(sam)
        service.confirm(self.session, actor=sam, code=held.code, now=self.now)
        return self.facts(sam, held.code)

    def wait(self, noor: Actor) -> queries.EnrolmentFacts:
        code = service.join_waiting_list(
            self.session, actor=noor, offering_code=self.offering, when_can_you=[], most_price=None, request_key=None, now=self.now,
        )
        return self.facts(noor, code)

    def facts(self, who: Actor, code: str) -> queries.EnrolmentFacts:
        self.session.flush()
        self.session.expire_all()
        return queries.my_enrolment(self.session, who, code)

    def become(self, facts: queries.EnrolmentFacts, to: EnrolmentState, why: Why, **values: Any) -> None:
        assert change(self.session, facts.id, facts.state, to, why=why, by=None, now=self.now, **values)
        self.session.flush()
        self.session.expire_all()


@pytest.fixture
def school(app: Flask, session: Session, now: datetime) -> Iterable[School]:
    with app.app_context():
        yield School(session, now)


def _one(letters: Iterable[Letter], to: Actor) -> Letter:
    """Return the one letter, which has the same sentences as text and as HTML."""
    (letter,) = letters
    assert letter.to == to.email
    assert "http://127.0.0.1:8000/" in letter.text
    assert "Groet van AD Academy Almere" in letter.text or letter.language == "en"
    return letter


def test_who_has_a_seat_hears_what_was_agreed_and_how_to_get_out_of_it(school: School, now: datetime) -> None:
    sam = school.learner()
    facts = school.enrol(sam)
    event = events.EnrolmentConfirmed(facts.id)
    letter = _one(seats.confirmed(school.session, event, now), sam)
    assert letter.key == f"enrolment-confirmed-{facts.id}"
    assert letter.subject == "Je plek is bevestigd: Netwerkbeheer"
    for words in ("gratis", facts.code, "di 15 september 2026", f"/nl/withdraw?code={facts.code}"):
        assert words in letter.text
    service.cancel(school.session, actor=sam, code=facts.code, now=now)
    assert seats.confirmed(school.session, event, now) == []  # it is so no more
    assert "geannuleerd" in _one(leaving.cancelled(school.session, events.EnrolmentCancelled(facts.id), now), sam).subject


def test_a_seat_that_an_organisation_bought_promises_no_fourteen_days(school: School, now: datetime) -> None:
    facts = school.enrol(school.learner())
    school.session.execute(update(Enrolment).values(is_business=True))
    (letter,) = seats.confirmed(school.session, events.EnrolmentConfirmed(facts.id), now)
    assert "withdraw" not in letter.text


def test_who_withdrew_has_proof_to_the_second(school: School, now: datetime) -> None:
    sam, at = school.learner(), now + timedelta(hours=3, seconds=7)
    school.price(40_000)
    facts = school.enrol(sam)
    assert leaving.withdrawn(school.session, events.EnrolmentWithdrawn(facts.id), at) == []
    withdrawing.withdraw(school.session, actor=sam, code=facts.code, email=sam.email, now=at)
    school.facts(sam, facts.code)
    letter = _one_without_link(leaving.withdrawn(school.session, events.EnrolmentWithdrawn(facts.id), at + DAY), sam)
    assert "herroepen" in letter.subject
    for words in ("1 sep 2026, 14:00:07", facts.code, sam.email, "Het kost je niets."):
        assert words in letter.text
        assert words in letter.html


def _one_without_link(letters: Iterable[Letter], to: Actor) -> Letter:
    (letter,) = letters
    assert letter.to == to.email
    return letter


def test_who_can_not_withdraw_hears_why(school: School, now: datetime) -> None:
    sam = school.learner()
    facts = school.enrol(sam)
    letter = _one(leaving.withdrawal_refused(school.session, events.WithdrawalRefused(facts.id), now + 20 * DAY), sam)
    assert "Je kon herroepen tot en met di 15 september 2026." in letter.text


def test_who_waits_hears_the_place_and_then_of_the_seat_and_can_leave_without_signing_in(school: School, now: datetime) -> None:
    sam, noor = school.learner(), school.learner(language="en")
    mine, hers = school.enrol(sam), school.wait(noor)
    waits = _one(seats.put_in_line(school.session, events.PutInLine(hers.id), now), noor)
    assert (waits.language, "/en/" in waits.text, "1" in waits.text) == ("en", True, True)
    service.cancel(school.session, actor=sam, code=mine.code, now=now)
    school.facts(noor, hers.code)
    assert seats.put_in_line(school.session, events.PutInLine(hers.id), now) == []
    offer = events.SeatOffered(hers.id)
    letter = _one(seats.offered(school.session, offer, now), noor)
    assert "11:00" in letter.text  # the hour at which the two days are over
    assert f"/en/my/enrolments/{hers.code}/check" in letter.text
    assert letter.text.count("/en/") == 2
    assert seats.offered(school.session, offer, now + timedelta(hours=48)) == []


def test_admission_is_told_to_the_learner_and_to_the_planners(school: School, now: datetime) -> None:
    sam, planner = school.learner(), school.planner()
    facts = school.hold(sam)
    school.become(
        facts, EnrolmentState.REQUESTED, Why.ADMISSION_ASKED, waits_for=WaitsFor.PROVIDER, until=now + 7 * DAY, statement=LURE,
    )
    event = events.AdmissionAsked(facts.id)
    told = seats.admission_asked(school.session, event, now)
    assert [letter.to for letter in told] == [sam.email, planner.email]
    assert len({letter.key for letter in told}) == 2
    assert "/nl/provider/windesheim/requests" in told[1].text
    assert not any(LURE in letter.text or sam.name in letter.text for letter in told)
    school.become(school.facts(sam, facts.code), EnrolmentState.REFUSED, Why.NOT_ADMITTED, note="Je mist wiskunde.")
    assert seats.admission_asked(school.session, event, now) == []
    refused = _one(seats.admission_refused(school.session, events.AdmissionRefused(facts.id), now), sam)
    assert "Je mist wiskunde." in refused.text
    assert "hulp@windesheim.example" in refused.text


def test_who_promised_to_pay_hears_how_much_until_when_and_where(school: School, now: datetime) -> None:
    sam = school.learner()
    school.price(12_500)
    facts = school.enrol(sam)
    event = events.PaymentPromised(facts.id)
    letter = _one(money.payment_promised(school.session, event, now), sam)
    for words in ("€\N{NO-BREAK SPACE}125", "1 sep 2026, 12:00", "/nl/payments/", f"/nl/withdraw?code={facts.code}"):
        assert words in letter.text
    school.become(facts, EnrolmentState.CONFIRMED, Why.PAID)
    assert money.payment_promised(school.session, event, now) == []


def test_whose_seat_an_organisation_pays_hears_that_and_gets_no_link_to_pay(school: School, now: datetime) -> None:
    sam = school.learner()
    school.price(12_500)
    held = school.hold(sam)
    school.session.execute(update(Enrolment).values(is_business=True))
    service.confirm(school.session, actor=sam, code=held.code, now=now)
    school.facts(sam, held.code)
    letter = _one(money.payment_promised(school.session, events.PaymentPromised(held.id), now), sam)
    assert "betaalt bij de aanbieder" in letter.text
    assert "8 sep 2026, 11:00" in letter.text
    assert "/payments/" not in letter.text
    assert "withdraw" not in letter.text


@pytest.mark.parametrize(("waited_for", "says"), [
    ("learner", None), ("offer", "De plek gaat nu naar de volgende."), ("provider", "niet op tijd beslist"), ("payment", "betaling niet op tijd"),
    ("employer", "Wie zou meebetalen"),
])
def test_who_lost_a_seat_hears_why_except_after_a_quarter_of_an_hour(school: School, now: datetime, waited_for: str, says: str | None) -> None:
    sam = school.learner()
    facts = school.hold(sam)
    school.become(facts, EnrolmentState.EXPIRED, Why.TIME_RAN_OUT)
    told = seats.hold_expired(school.session, events.HoldExpired(facts.id, waited_for), now)
    assert told == [] if says is None else says in _one(told, sam).text


def test_a_guest_gets_the_way_to_the_seat_and_no_name_that_somebody_typed(school: School, now: datetime) -> None:
    person_id = accounts.expect_person(school.session, email="gast@voorbeeld.nl", name=LURE, language="nl", now=now)
    link_id = accounts.make_link(school.session, email="gast@voorbeeld.nl", language="nl", next_path="/nl/", now=now)
    sam = school.learner()
    facts = school.hold(sam)
    school.session.execute(update(Enrolment).values(person_id=person_id))
    school.session.expire_all()
    event = events.SeatHeldForGuest(facts.id, link_id)
    (letter,) = seats.held_for_guest(school.session, event, now)
    assert letter.to == "gast@voorbeeld.nl"
    assert f"/nl/sign-in/link/{accounts.token_for(link_id)}" in letter.text
    assert LURE not in letter.text + letter.subject + letter.html
    assert seats.held_for_guest(school.session, event, now + DAY) == []  # the link is over


def test_news_of_room_is_told_as_long_as_one_can_enrol(school: School, now: datetime) -> None:
    noor = school.learner()
    of = catalogue.offering_for_enrolment(school.session, school.offering)
    event = events.NewsWanted(noor.person_id, of.offering.id)
    letter = _one(seats.news_wanted(school.session, event, now), noor)
    assert f"/nl/offerings/{school.offering}/enrol" in letter.text
    assert seats.news_wanted(school.session, event, now + 60 * DAY) == []


def test_each_of_a_group_and_who_made_it_gets_one_letter_without_names_that_somebody_typed(school: School, now: datetime) -> None:
    maker = school.learner(name=LURE, email="baas@voorbeeld.nl")
    school.offering = builders.offering(school.session, now, seats=3, external_id="NET-01", provider_id=school.provider_id)
    people = [("Baas", maker.email), (LURE, "een@voorbeeld.nl"), (LURE, "twee@voorbeeld.nl")]
    group_service.enrol_group(
        school.session, actor=maker, offering_code=school.offering, people=people, request_key=None, language="nl", now=now,
    )
    group_id = school.session.scalars(select(Enrolment.group_id)).first()
    assert group_id is not None
    told = together.group_enrolled(school.session, events.GroupEnrolled(group_id), now)
    assert sorted(letter.to for letter in told) == ["baas@voorbeeld.nl", "een@voorbeeld.nl", "twee@voorbeeld.nl"]
    assert len({letter.key for letter in told}) == 3
    assert not any(LURE in letter.text + letter.html + letter.subject for letter in told)
    assert all("b…@voorbeeld.nl heeft je ingeschreven" in letter.text for letter in told if letter.to != maker.email)
    assert "Er zijn 3 plekken voor je groep." in told[-1].text


def test_who_takes_a_seat_over_and_who_had_it_both_hear(school: School, now: datetime) -> None:
    sam, noor = school.learner(email="sam@voorbeeld.nl"), school.learner()
    former = school.enrol(sam)
    school.become(former, EnrolmentState.CANCELLED, Why.SUBSTITUTED)
    school.offering = builders.offering(school.session, now, external_id="NET-01", provider_id=school.provider_id)
    taken = school.enrol(noor)
    told = together.taken_over(school.session, events.SeatTakenOver(taken.id, former.id), now)
    assert [letter.to for letter in told] == [noor.email, sam.email]
    assert "s…@voorbeeld.nl heeft een plek" in told[0].text
    assert sam.name not in told[0].text


def test_who_is_in_a_class_hears_whether_it_goes_ahead_later_or_elsewhere(school: School, now: datetime) -> None:
    sam = school.learner()
    facts = school.enrol(sam)
    assert "di 29 september 2026" in _one(classes.goes_ahead(school.session, events.ClassGoesAhead(facts.id), now), sam).text
    school.session.execute(update(Offering).values(decides_on=amsterdam_day(now) + 10 * DAY))
    school.session.expire_all()
    later = _one(classes.extended(school.session, events.ClassExtended(facts.id), now), sam)
    assert "Op vr 11 september 2026 weet je" in later.text
    assert "gratis teruggeven" in later.text
    assert "gratis teruggeven" in _one(classes.moved(school.session, events.SeatMoved(facts.id), now), sam).text


def test_planners_are_asked_to_decide_until_the_class_is_sure(school: School, now: datetime) -> None:
    planner = school.planner()
    school.enrol(school.learner())
    of = catalogue.offering_for_enrolment(school.session, school.offering)
    event = events.ClassUndecided(of.offering.id)
    letter = _one(classes.undecided(school.session, event, now), planner)
    assert "Er is 1 plek bezet." in letter.text
    assert f"/nl/provider/windesheim/offerings/{school.offering}" in letter.text
    school.session.execute(update(Offering).values(guaranteed=True))
    school.session.expire_all()
    assert classes.undecided(school.session, event, now) == []


def test_a_result_is_announced_without_the_grade(school: School, now: datetime) -> None:
    sam = school.learner()
    facts = school.enrol(sam)
    event = events.ResultFinal(facts.id)
    school.session.add(Result(
        enrolment_id=facts.id, scale=ResultScale.GRADE_0_10, grade="9.3", is_passed=True, ec=None, entered_at=now, entered_by=sam.person_id,
    ))
    school.session.flush()
    assert classes.result_final(school.session, event, now) == []
    school.session.execute(update(Result).values(final_at=now, final_by=sam.person_id))
    letter = _one(classes.result_final(school.session, event, now), sam)
    assert f"/nl/my/enrolments/{facts.code}" in letter.text
    assert not any(grade in letter.text + letter.html for grade in ("9.3", "9,3", "gehaald", "geslaagd"))


def test_a_study_group_is_proposed_to_who_arranges_it_and_told_to_who_wants_it(school: School, now: datetime) -> None:
    sam, planner = school.learner(), school.planner()
    facts = school.enrol(sam)
    school.session.execute(update(Enrolment).values(wants_study_group=True))
    offering_id = facts.of.offering.id
    possible = events.StudyGroupPossible(offering_id)
    assert "1 persoon wil Netwerkbeheer samen leren" in _one(classes.study_group_possible(school.session, possible, now), planner).text
    opened = events.StudyGroupOpened(offering_id)
    assert classes.study_group_opened(school.session, opened, now) == []
    school.session.add(StudyGroup(
        id=new_id(), offering_id=offering_id, room="De Voetnoot, lokaal 2", weekday="fri", starts_at=time(10), ends_at=time(12),
        first_on=amsterdam_day(now), last_on=amsterdam_day(now) + 60 * DAY, opened_at=now,
        opened_by=planner.person_id,
    ))
    school.session.flush()
    letter = _one(classes.study_group_opened(school.session, opened, now), sam)
    for words in ("De Voetnoot, lokaal 2", "10:00 tot 12:00", "vr 4 september 2026"):
        assert words in letter.text
    assert classes.study_group_possible(school.session, possible, now) == []
    school.session.execute(update(StudyGroup).values(room="Elders"))
    school.session.expire_all()
    assert _one(classes.study_group_opened(school.session, opened, now), sam).key != letter.key


def test_what_is_gone_gets_no_letter(school: School, now: datetime) -> None:
    nobody = new_id()
    for event_type, write in LETTERS.values():
        words = {"waited_for": "offer", "reminder": 0, "day": "2026-09-01"}  # what an event says beside ids
        more = {name: words[name] for name in words.keys() & event_type.__dataclass_fields__.keys()}
        ids = {name: nobody for name in event_type.__dataclass_fields__ if name.endswith("_id")}
        assert list(write(school.session, event_type(**ids, **more), now)) == [], event_type.name


def test_a_title_with_markup_stays_text(school: School, now: datetime) -> None:
    sam = school.learner()
    facts = school.enrol(sam)
    school.session.execute(update(Module).values(title=Localized("<b>Netwerk</b>")))
    school.session.expire_all()
    (letter,) = seats.confirmed(school.session, events.EnrolmentConfirmed(facts.id), now)
    assert "<b>Netwerk</b>" not in letter.html
    assert "&lt;b&gt;Netwerk&lt;/b&gt;" in letter.html


class Post:
    """Keeps what is sent, and fails as often as it is told to."""

    def __init__(self, failures: int) -> None:
        self.failures, self.sent = failures, list[Letter]()

    def send(self, letter: Letter) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError
        self.sent.append(letter)


def test_a_letter_that_fails_is_sent_again_under_the_same_key(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        sam = builders.actor(session, now)
        builders.enrol(session, actor=sam, offering_code=builders.offering(session, now), now=now)
    carrier = Post(failures=1)
    post.set_carrier(carrier)
    with app.app_context():
        Worker(database, []).drain()
        assert carrier.sent == []
        with database.writing() as session:
            session.execute(update(OutboxMessage).values(due_at=now))
        Worker(database, []).drain()
    assert [letter.to for letter in carrier.sent] == [sam.email]
