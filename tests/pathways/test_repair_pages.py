"""What changed for a route as a page: what would change is seen first, as little as possible changes, and one button takes it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.catalogue.models import Module, Offering, OfferingState, PublicationState
from academy.pathways import solving
from academy.pathways.kinds import ChangeKind
from academy.pathways.models import PathwayChange, PathwayStep
from academy.pathways.service import following
from academy.recognition.models import Credit
from tests.pathways.visiting import EVENINGS, Made, Visit, sign_in
from tests.pathways.world import AUTUMN, WINTER, Class, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is written is tried on both in test_following.py
MANY_HOURS = EVENINGS | {"hours": "40", "when": ["evenings", "days"]}


@pytest.fixture(scope="module")
def pool() -> Iterator[solving.SolverPool]:
    found = solving.SolverPool()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _at_the_worlds_moment(app: Flask, world: World, pool: solving.SolverPool, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    solving.set_solver(pool)
    for module in ("views.building", "views.changing", "views.having", "views.following", "forms.building"):
        monkeypatch.setattr(f"academy.pathways.{module}.utc_now", lambda: world.now)


@pytest.fixture
def made(app: Flask, world: World) -> Made:
    """A route of four modules of the core and two of choice, that somebody without an account chose."""
    found = Visit(app.test_client(), world).begin(**MANY_HOURS)
    found.choose()
    assert len(found.steps) == 6
    return found


def call_off(world: World, code: str) -> None:
    with world.database.writing() as session:
        offering_id = session.scalars(select(Offering.id).where(Offering.code == code)).one()
        session.execute(update(Offering).where(Offering.id == offering_id).values(state=OfferingState.CANCELLED))
    world.run(following.follow_class, offering_id=offering_id)


def changes(made: Made) -> str:
    return made.visit.get(f"/nl/route/{made.key}/changes")


def take(made: Made, page: str, **other: object) -> str:
    """Press the button of a page that was shown."""
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    return made.visit.post(f"/nl/route/{made.key}/changes/take", **({"version": made.now.version, "shown": shown} | other))


def open_kinds(world: World) -> list[ChangeKind]:
    with world.database.reading() as session:
        return list(session.scalars(select(PathwayChange.kind).where(PathwayChange.settled_at.is_(None))))


def test_where_nothing_changed_there_is_no_band_and_nothing_to_do(made: Made) -> None:
    assert "Er is iets veranderd" not in made.look()
    assert "Er is niets veranderd waar je naar moet kijken." in changes(made)


def test_of_a_locked_step_whose_class_is_gone_the_route_says_that_it_was_locked(made: Made, world: World) -> None:
    slug = world.slugs["NET-01"]
    call_off(world, made.steps[slug])
    assert "Je had deze stap vastgezet" not in made.look()
    with world.database.writing() as session:
        session.execute(update(PathwayStep).where(PathwayStep.course_key == made.steps[slug]).values(is_locked=True))
    assert "Je had deze stap vastgezet, maar dat lukt niet meer." in made.look()


def test_of_a_class_that_is_called_off_only_that_step_moves(made: Made, world: World) -> None:
    before, slug = made.steps, world.slugs["NET-01"]
    call_off(world, before[slug])
    assert "De groep voor Module NET-01 gaat niet door." in made.look()
    page = changes(made)
    assert made.steps == before, "looking changes nothing"
    assert "Wordt anders: Module NET-01" in page.replace("<span>", "").replace("</span>", "")
    assert "5 stappen blijven zoals ze zijn." in page
    page = take(made, page)
    assert "Dit is nu jouw route." in page
    assert "Er is iets veranderd" not in page
    assert {key: course for key, course in made.steps.items() if key != slug} == {key: course for key, course in before.items() if key != slug}
    assert made.steps[slug] != before[slug]
    assert open_kinds(world) == []


def test_a_module_that_is_withdrawn_is_swapped_and_the_rest_stays(made: Made, world: World) -> None:
    before = made.steps
    chosen = next(key for key in ("SEC-01", "UX-01") if world.slugs[key] in before)
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id == world.modules[chosen]).values(state=PublicationState.ARCHIVED))
    world.run(following.follow_modules, module_ids=[world.modules[chosen]])
    page = changes(made)
    assert f"Gaat eruit: <span>Module {chosen}" in page
    assert "Komt erbij: <span>Module" in page
    take(made, page)
    assert world.slugs[chosen] not in made.steps
    kept = [key for key, course in made.steps.items() if before.get(key) == course]
    assert len(kept) == 5


def test_where_no_route_is_left_the_page_says_so_and_changes_nothing(made: Made, world: World) -> None:
    before = made.steps
    with world.database.writing() as session:
        session.execute(update(Module).where(Module.id == world.modules["DAT-01"]).values(state=PublicationState.ARCHIVED))
    world.run(following.follow_modules, module_ids=[world.modules["DAT-01"]])
    page = changes(made)
    assert "Er is nu geen route meer die past" in page
    assert "Neem deze route" not in page
    take(made, page)
    assert made.visit.status == 409
    assert made.steps == before


def test_a_step_that_was_granted_may_go_and_what_is_locked_stays(app: Flask, world: World) -> None:
    made = sign_in(app, world, world.learner).begin(**MANY_HOURS)
    made.choose()
    made.change("lock", world.slugs["PRG-01"])
    before = made.steps
    world.recognised(world.learner, "NET-01")
    with world.database.reading() as session:
        decision_id = session.scalars(select(Credit.decision_id)).first()
    world.run(following.follow_decision, person_id=world.learner.person_id, decision_id=decision_id)
    page = changes(made)
    assert "Je krijgt 5 EC voor Module NET-01." in page
    assert "Gaat eruit: <span>Module NET-01" in page
    take(made, page)
    assert set(made.steps) == set(before) - {world.slugs["NET-01"]}
    assert [each.course_key for each in made.now.steps if each.is_locked] == [before[world.slugs["PRG-01"]]]


def test_what_was_failed_is_planned_again_and_what_one_follows_stays(app: Flask, world: World) -> None:
    made = sign_in(app, world, world.learner).begin(**MANY_HOURS)
    made.choose()
    net, prg = world.slugs["NET-01"], world.slugs["PRG-01"]
    world.run(following.follow_seat, enrolment_id=world.enrol(world.learner, "PRG-01", "tue"))
    world.run(following.follow_result, enrolment_id=world.passed(world.learner, "NET-01", "mon", is_passed=False))
    world.now += timedelta(days=130)
    page = changes(made)
    assert "Je hebt Module NET-01 niet gehaald." in page
    take(made, page)
    assert made.steps[prg] == world.classes["PRG-01", "tue"], "a step that is under way stays in the route"
    first = next(each.first_on for each in made.now.steps if each.module_id == world.modules["NET-01"])
    assert first > AUTUMN
    assert made.steps[net] != world.classes["NET-01", "mon"]


def test_a_step_that_one_follows_stands_in_the_route_as_such_and_the_next_one_is_to_be_enrolled_in(app: Flask, world: World) -> None:
    made = sign_in(app, world, world.learner).begin(**MANY_HOURS)
    made.choose()
    first = min(made.now.steps, key=lambda each: (each.first_on, each.last_on))
    key, weekday = next(key for key, code in world.classes.items() if code == first.course_key)
    assert "Schrijf je in voor stap 1" in made.look()
    world.enrol(world.learner, key, weekday)
    page = made.look()
    assert "Je volgt deze module nu." in page
    assert "Deze groep is er niet meer" not in page
    assert "Deze route klopt niet meer" not in page
    assert "Schrijf je in voor stap 2" in page
    before = made.steps
    for act in ("lock", "unlock"):
        made.change(act, world.slugs["DAT-01"])
        assert made.steps == before


def test_an_expected_class_that_is_planned_takes_its_place(made: Made, world: World) -> None:
    with world.database.writing() as session:
        session.execute(update(Offering).where(Offering.code == world.classes["DAT-01", "mon"]).values(state=OfferingState.INACTIVE))
    world.open_class(Class("DAT-01", WINTER + timedelta(days=2), "mon"))
    world.run(following.follow_modules, module_ids=[world.modules["DAT-01"]])
    page = changes(made)
    take(made, page)
    assert "Er is iets veranderd" not in made.look()


def test_a_repair_that_became_another_one_is_shown_before_it_is_taken(made: Made, world: World) -> None:
    world.open_class(Class("PRG-01", AUTUMN, "fri"))
    call_off(world, made.steps[world.slugs["NET-01"]])
    page = changes(made)
    call_off(world, made.steps[world.slugs["PRG-01"]])
    before = made.steps
    again = take(made, page)
    assert made.visit.status == 409
    assert made.steps == before
    assert "De groep voor Module PRG-01 gaat niet door." in again
    take(made, again)
    assert made.steps != before


def test_of_two_browsers_the_second_is_told_that_the_route_changed(made: Made, world: World) -> None:
    call_off(world, made.steps[world.slugs["NET-01"]])
    page = changes(made)
    version = made.now.version
    made.change("lock", world.slugs["DAT-01"])
    take(made, page, version=version)
    assert made.visit.status == 409


def test_who_leaves_the_route_as_it_is_sees_the_change_no_more(made: Made, world: World) -> None:
    before = made.steps
    call_off(world, before[world.slugs["NET-01"]])
    page = made.visit.post(f"/nl/route/{made.key}/changes/leave", version=made.now.version)
    assert "Je route blijft zoals hij was." in page
    assert open_kinds(world) == []
    assert made.steps == before


def test_what_was_noted_since_the_page_was_made_is_not_looked_after_by_a_button_on_it(made: Made, world: World) -> None:
    call_off(world, made.steps[world.slugs["NET-01"]])
    page, seen = changes(made), made.now.version
    call_off(world, made.steps[world.slugs["PRG-01"]])
    before = made.steps
    presses: list[Callable[[], str]] = [
        lambda: made.visit.post(f"/nl/route/{made.key}/changes/leave", version=seen), lambda: take(made, page, version=seen),
        lambda: made.choose(version=seen), lambda: made.change("lock", world.slugs["DAT-01"], version=seen),
        lambda: made.visit.post(f"/nl/route/{made.key}/open", version=seen, limit="hours", value=50),
        lambda: made.visit.post(f"/nl/route/{made.key}/life", **(MANY_HOURS | {"version": seen})),
    ]
    for press in presses:
        press()
        assert made.visit.status == 409
        assert open_kinds(world) == [ChangeKind.CLASS_CANCELLED] * 2
    assert made.steps == before
    assert "De groep voor Module PRG-01 gaat niet door." in made.look()
    made.visit.post(f"/nl/route/{made.key}/changes/leave", version=made.now.version)
    assert open_kinds(world) == []


def test_noting_the_same_again_leaves_the_page_that_somebody_has_open_as_good_as_it_was(made: Made, world: World) -> None:
    code, version = made.steps[world.slugs["NET-01"]], made.now.version
    call_off(world, code)
    assert made.now.version == version + 1
    call_off(world, code)
    assert made.now.version == version + 1


def test_a_route_that_was_not_chosen_yet_has_nothing_to_mend_and_one_that_is_not_there_is_not_found(made: Made) -> None:
    other = made.visit.begin(**EVENINGS)
    changes(other)
    assert made.visit.address == f"/nl/route/{other.key}"
    for path in ("changes", "changes/take", "changes/leave"):
        _page = made.visit.get("/nl/route/bestaat-niet/changes") if path == "changes" else made.visit.post(f"/nl/route/bestaat-niet/{path}", version=1, shown="x")
        assert made.visit.status == 404
