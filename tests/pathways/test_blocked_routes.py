"""The programme office reads what stands in the way of routes, and can read from it of nobody in particular."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select

from academy.accounts.api import Actor
from academy.kernel.clock import utc_now
from academy.kernel.errors import NotFound
from academy.kernel.small_groups import LEAST_PEOPLE, by_fives
from academy.pathways.kinds import Limit
from academy.pathways.models import Pathway, RouteBlocker
from academy.pathways.queries.blocked import TOP, YEAR, BlockedRoutes, Within, blocked_routes
from academy.pathways.rules.small_groups import shown_groups
from academy.pathways.service import planning
from tests.pathways.demanding import DISTANCE, HOURS, PARTS, ROUTE, note, officer, page, signed_in, stuck
from tests.pathways.world import NETWORKS, World

PAGE, FILE = "/nl/office/blocked-routes", "/nl/office/blocked-routes.csv"
EVENINGS_NEARBY = Within(("parts", "distance"), "evening", 20)


@pytest.fixture
def office(world: World) -> Actor:
    return officer(world)


def read(world: World, actor: Actor) -> BlockedRoutes:
    with world.database.reading() as session:
        return blocked_routes(session, actor, now=world.now)


def people(found: BlockedRoutes) -> dict[str, int | None]:
    return {each.subject: each.people for each in found.top}


def hex_of(world: World, key: str) -> str:
    return world.modules[key].hex


def test_only_the_programme_office_reads_it(world: World, app: Flask) -> None:
    for actor in (world.learner, world.planner, world.board, world.owner):
        with pytest.raises(NotFound):
            read(world, actor)
    client = signed_in(app, world, world.learner)
    page(client, PAGE, status=404)
    page(client, FILE, status=404)


def test_the_limits_that_many_share_are_told_with_their_number(world: World, office: Actor) -> None:
    stuck(world, 31, "NET-01", limits=(PARTS, DISTANCE))
    (found,) = read(world, office).top
    assert (found.people, found.title.nl, found.within) == (30, "Module NET-01", ((EVENINGS_NEARBY, 30),))


@pytest.mark.parametrize(("number", "told"), [(1, None), (LEAST_PEOPLE - 1, None), (LEAST_PEOPLE, LEAST_PEOPLE)])
def test_a_group_of_few_people_stays_hidden_with_its_limits_and_the_total(world: World, office: Actor, number: int, told: int | None) -> None:
    stuck(world, number, "NET-01")
    found = read(world, office)
    assert people(found) == {hex_of(world, "NET-01"): told}
    assert found.people == told
    assert bool(found.top[0].within) is (told is not None)


def test_no_total_is_told_from_which_a_hidden_number_can_be_subtracted(world: World, office: Actor) -> None:
    stuck(world, 12, "NET-01")
    stuck(world, 3, "PRG-01")
    assert read(world, office).people is None
    stuck(world, 7, "PRG-01")
    assert read(world, office).people == 20


def test_whole_parts_and_total_are_by_fives_so_that_nothing_hidden_in_reports_is_found_beside_them(world: World, office: Actor) -> None:
    stuck(world, 34, "NET-01", limits=(PARTS, DISTANCE))
    stuck(world, 12, "NET-01", limits=(HOURS,))
    stuck(world, 41, "PRG-01")
    found = read(world, office)
    assert people(found) == {hex_of(world, "NET-01"): 45, hex_of(world, "PRG-01"): 40}
    assert [number for each in found.top for _within, number in each.within] == [35, 10, 40]
    assert found.people == 85


def test_a_number_for_some_limits_is_left_out_where_it_leaves_few_others(world: World, office: Actor) -> None:
    stuck(world, 12, "NET-01", limits=(PARTS, DISTANCE))
    stuck(world, 4, "NET-01", limits=(HOURS,))
    (found,) = read(world, office).top
    assert (found.people, found.within) == (15, ((EVENINGS_NEARBY, None),))
    stuck(world, 6, "NET-01", limits=(HOURS,))
    (found,) = read(world, office).top
    assert found.within == ((Within(("hours",)), 10), (EVENINGS_NEARBY, 10))


def test_what_is_told_of_a_group_never_leaves_one_to_nine_others() -> None:
    chance = random.Random(10)  # noqa: S311 - a fixed row of examples
    for _example in range(2_000):
        kinds = [kind for kind in "abcd" for _one in range(chance.choice((0, 1, 4, 9, 10, 11, 25)))]
        told = shown_groups(kinds, most=3)
        rest = len(kinds) - sum(number for _kind, number in told if number is not None)
        assert rest == 0 or rest >= LEAST_PEOPLE or not any(number for _kind, number in told)
        assert all(kinds.count(kind) >= LEAST_PEOPLE and number in {None, kinds.count(kind)} for kind, number in told)


def test_somebody_with_ten_pathways_is_one_person(world: World, office: Actor) -> None:
    stuck(world, LEAST_PEOPLE, "NET-01", of=world.learner)
    stuck(world, LEAST_PEOPLE - 2, "NET-01")
    assert people(read(world, office)) == {hex_of(world, "NET-01"): None}
    stuck(world, 1, "NET-01")
    assert people(read(world, office)) == {hex_of(world, "NET-01"): LEAST_PEOPLE}


def test_who_found_a_route_or_left_waits_no_more_and_nobody_waits_longer_than_a_year(world: World, office: Actor) -> None:
    found = stuck(world, 13, "NET-01")
    note(world, found[0], ROUTE)
    with world.database.writing() as session:
        session.execute(delete(Pathway).where(Pathway.id == found[1].id))
    assert people(read(world, office)) == {hex_of(world, "NET-01"): 10}
    world.now += YEAR + timedelta(seconds=1)
    assert read(world, office) == BlockedRoutes((), 0)


def test_somebody_who_makes_a_route_and_throws_it_away_ten_times_is_counted_no_time(world: World, office: Actor) -> None:
    for _each in range(LEAST_PEOPLE):
        [made] = stuck(world, 1, "NET-01", of=world.learner)
        world.run(planning.remove, key=made.edit_key, version=made.version)
    assert read(world, office) == BlockedRoutes((), 0)
    with world.database.reading() as session:
        assert session.scalars(select(RouteBlocker.ended_at).distinct()).all() == [world.now]


def test_the_ten_are_the_same_as_counted_by_hand(world: World, office: Actor) -> None:
    """The capability B6: the blockers of all unsolved routes give the ten that most people wait for."""
    chance, skills = random.Random(6), tuple(f"http://esco/{number}" for number in range(9))  # noqa: S311 - a fixed row of examples
    nodes = [*world.modules, *skills]
    for each in range(120):
        mine = chance.sample(nodes, chance.choice((1, 1, 2, 3)))
        (pathway,) = stuck(world, 1, *mine, of=world.learner if each % 40 == 0 else None, skills=skills)
        if each % 9 == 0:
            note(world, pathway, ROUTE)
    with world.database.reading() as session:
        everything = list(session.scalars(select(RouteBlocker)))
        owners: dict[UUID, UUID | None] = {row.id: row.person_id for row in session.execute(select(Pathway.id, Pathway.person_id))}
    waiting: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in everything:
        if row.ended_at is None and row.pathway_id is not None:
            waiting[row.subject].add(owners[row.pathway_id] or row.pathway_id)
    expected = sorted(waiting.items(), key=lambda one: (-len(one[1]), one[0]))[:TOP]
    assert people(read(world, office)) == {subject: by_fives(len(who)) if len(who) >= LEAST_PEOPLE else None for subject, who in expected}
    assert sum(number is not None for number in people(read(world, office)).values()) > 3  # else this would prove little


def test_times_and_distances_are_told_in_wide_bands_and_only_where_they_are_the_limit(world: World, office: Actor) -> None:
    def within(parts: Iterable[tuple[int, int]], *limits: Limit, distance: int | None = 18) -> Within:
        with world.database.writing() as session:
            session.execute(delete(RouteBlocker))
        stuck(world, LEAST_PEOPLE, "NET-01", parts=tuple(parts), limits=limits, distance=distance)
        return read(world, office).top[0].within[0][0]

    assert within([(0, 2), (3, 2)], PARTS) == Within(("parts",), "evening")
    assert within([(5, 0), (6, 2)], PARTS) == Within(("parts",), "weekend")
    assert within([(0, 0), (1, 1)], PARTS) == Within(("parts",), "day")
    assert within([(0, 0), (1, 2)], PARTS) == Within(("parts",))
    assert within([(0, 2)], HOURS) == Within(("hours",))
    assert within([], DISTANCE, distance=21) == Within(("distance",), "", 30)
    assert within([], DISTANCE, distance=900) == Within(("distance",))


def test_reading_it_takes_six_questions_however_many_rows(world: World, office: Actor, queries: Callable[[int], AbstractContextManager[list[str]]]) -> None:
    stuck(world, LEAST_PEOPLE, *world.modules, NETWORKS, skills=(NETWORKS,))
    with queries(6):
        read(world, office)


def test_the_page_has_a_finding_a_figure_a_table_and_a_file_that_say_the_same(world: World, office: Actor, app: Flask) -> None:
    world.now = utc_now()  # requests read the real clock
    client = signed_in(app, world, office)
    assert "Er liep nog geen route vast" in page(client, PAGE)
    stuck(world, 31, "NET-01", limits=(PARTS, DISTANCE))
    stuck(world, 7, "PRG-01")
    found = page(client, PAGE)
    assert "Module “Module NET-01”, ’s avonds, binnen 20 km: door dit ene vinden 30 mensen geen route." in found
    assert 'role="img"' in found
    assert found.count('<rect class="academy-chart__education"') == 1
    assert "’s avonds, binnen 20 km: 30 mensen" in found
    assert "&lt; 10" in client.get(PAGE).get_data(as_text=True)
    assert "38" not in found.split("<main")[1].split("</main")[0]  # 31 and 7
    file = client.get(FILE).get_data(as_text=True)
    assert "Module “Module NET-01”;Windesheim in Almere;30;’s avonds, binnen 20 km: 30 mensen" in file
    assert "Module “Module PRG-01”;Windesheim in Almere;< 10;" in file
    assert client.get(FILE).headers["Cache-Control"] == "no-store"
