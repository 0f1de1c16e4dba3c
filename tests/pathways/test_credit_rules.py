"""An exam board says what credits must be to count for a degree of its own; nobody else does, and it is on record."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.api import Actor, Role
from academy.accounts.models import TrailEntry
from academy.catalogue import api as catalogue
from academy.pathways.models import CreditRule
from academy.pathways.queries.credit_rules import CreditRuleFacts, board_at, credit_rule_of
from academy.pathways.service.credit_rules import set_credit_rule
from tests.pathways.demanding import page, signed_in
from tests.pathways.world import OTHER, SLUG, World

RULE = CreditRuleFacts("5", 10)
LIST = f"/nl/provider/{SLUG}/programmes/credits"


def keep(world: World, rule: CreditRuleFacts = RULE, actor: Actor | None = None, **what: Any) -> None:
    world.run(set_credit_rule, **({"actor": actor or world.board, "provider_slug": SLUG, "programme_slug": world.programme_slug, "rule": rule} | what))


def kept(world: World) -> CreditRuleFacts:
    with world.database.reading() as session:
        return credit_rule_of(session, world.programme_id)


def acts(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).where(TrailEntry.act == "credit-rule-changed")) or 0


def test_without_a_rule_every_level_and_every_age_counts(world: World) -> None:
    assert kept(world) == CreditRuleFacts("", None)


def test_the_board_of_the_provider_sets_it_and_changes_it(world: World) -> None:
    keep(world)
    assert kept(world) == RULE
    keep(world, CreditRuleFacts("", 5))
    assert kept(world) == CreditRuleFacts("", 5)
    with world.database.reading() as session:
        (row,) = session.scalars(select(CreditRule))
        assert (row.changed_by, row.changed_at) == (world.board.person_id, world.now)
        (there,) = board_at(session, world.board, SLUG).programmes
    assert there.rule == CreditRuleFacts("", 5)


def test_nobody_else_sets_or_sees_it(world: World) -> None:
    elsewhere = world.person("Bo Bord", Role.EXAM_BOARD, at=world.other_id)
    for actor in (world.learner, world.planner, world.owner, elsewhere):
        with pytest.raises(catalogue.ProviderNotFound):
            keep(world, actor=actor)
        with world.database.reading() as session, pytest.raises(catalogue.ProviderNotFound):
            board_at(session, actor, SLUG)
    with pytest.raises(catalogue.ProgrammeNotFound):  # a board has nothing to say about the degree of another
        keep(world, actor=elsewhere, provider_slug=OTHER)
    assert kept(world) == CreditRuleFacts()


def test_a_change_is_on_record_with_what_was_before_and_saving_the_same_is_none(world: World) -> None:
    keep(world)
    keep(world)
    assert acts(world) == 1
    with world.database.reading() as session:
        (entry,) = session.scalars(select(TrailEntry).where(TrailEntry.act == "credit-rule-changed"))
        assert (entry.actor_id, entry.organisation_id, entry.about_id) == (world.board.person_id, world.provider_id, world.programme_id)
        assert entry.details == {"before": {"nlqf": "", "years": None}, "after": {"nlqf": "5", "years": 10}}


def test_the_board_fills_it_in_and_reads_it_back_in_words(world: World, app: Flask) -> None:
    client = signed_in(app, world, world.board)
    assert "Elk niveau, hoe oud ook." in page(client, LIST)
    address = f"/nl/provider/{SLUG}/programmes/{world.programme_slug}/credits"
    assert "Wat meetelt voor AD ICT" in page(client, address)
    answer = client.post(address, data={"least_nlqf": "5", "valid_years": "10"}, follow_redirects=True)
    assert "Minstens niveau 5 (Associate degree). Hooguit 10 jaar oud." in answer.get_data(as_text=True)
    assert kept(world) == RULE
    assert f'href="{LIST}"' in page(client, f"/nl/provider/{SLUG}/exam-board")


@pytest.mark.parametrize(("data", "said"), [
    ({"least_nlqf": "5", "valid_years": "0"}, "Kies een getal van 1 tot en met 50."), ({"least_nlqf": "5", "valid_years": "-3"}, "Kies een getal van 1 tot en met 50."),
    ({"least_nlqf": "5", "valid_years": "2,5"}, "Schrijf een heel getal"), ({"least_nlqf": "99"}, "Fout"),
])
def test_what_can_not_be_is_told_and_not_kept(world: World, app: Flask, data: dict[str, str], said: str) -> None:
    answer = signed_in(app, world, world.board).post(f"/nl/provider/{SLUG}/programmes/{world.programme_slug}/credits", data=data)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert kept(world) == CreditRuleFacts()


def test_a_planner_finds_no_such_page(world: World, app: Flask) -> None:
    client = signed_in(app, world, world.planner)
    page(client, LIST, status=404)
    page(client, f"/nl/provider/{SLUG}/programmes/{world.programme_slug}/credits", status=404)
