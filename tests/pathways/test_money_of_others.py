"""What others pay of a route: an employer once, and a fund perhaps less than the sum of its courses."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from academy.funding.api import Situation
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from academy.pathways.pages.routes import totals
from academy.pathways.queries import gathering, offers
from academy.pathways.queries.supply import Supply
from tests.pathways.world import World

CAPPED = "Een fonds betaalt soms maar een bedrag per jaar. Dan betaal je meer."


@pytest.mark.parametrize(("typed", "counts"), [(None, True), (Money(0), False), (Money(500_00), False)])
def test_budgets_of_an_employer_are_left_out_where_somebody_says_what_their_employer_pays(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: Money | None, *, counts: bool,
) -> None:
    budget = new_id()
    asked: list[Situation] = []

    def courses_of(session: Session, supply: Supply, situation: Situation, *args: object, **more: object) -> object:
        asked.append(situation)
        return offers.courses_of(session, supply, situation, *args, **more)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(gathering, "courses_of", courses_of)
    monkeypatch.setattr("academy.funding.api.situation_of", lambda _session, _person_id: Situation(sector="ict", employer_sources=frozenset({budget})))
    pathway = world.pathway(of=world.learner, employer_money=typed)
    with world.database.reading() as session:
        gathering.gather(session, pathway, now=world.now)
    assert [each.employer_sources for each in asked] == [frozenset({budget}) if counts else frozenset()]
    assert [each.sector for each in asked] == ["ict"]


def test_the_total_says_that_a_fund_may_pay_less_where_others_pay_a_part(world: World, app: Flask) -> None:
    with world.database.reading() as session:
        found = gathering.gather(session, world.pathway(), now=world.now)
    course = found.problem.courses[0]
    facts = found.courses[course.key]
    assert facts.price is not None
    with app.test_request_context():
        notes = [
            next(note for what, _amount, note in totals(found, [course], [each]) if what == "Je betaalt")
            for each in (facts, replace(facts, full_price=facts.price + Money(1)), replace(facts, price=None))
        ]
    assert notes[:2] == ["", CAPPED]
    assert CAPPED not in notes[2]
