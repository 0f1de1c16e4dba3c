"""What counted without a file is taken back by the board that awards it: by a new decision, with a reason, and by nobody else."""

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.api import Role, add_membership
from academy.kernel.errors import NotFound
from academy.recognition.errors.patterns import DecisionStands
from academy.recognition.kinds import AgreementState, LocalTestState
from academy.recognition.models import Decision
from academy.recognition.service.agreed_results import book_agreed_results
from academy.recognition.service.revoking import revoke_decision
from tests.employers.request_desk import words
from tests.recognition.hosting import Hosting, make_hosting
from tests.recognition.test_every_role import _client
from tests.recognition.test_local_tests import book, judge
from tests.recognition.world import SLUG, World


@pytest.fixture
def hosting(world: World) -> Hosting:
    return make_hosting(world)


def number_of(world: World) -> str:
    with world.database.reading() as session:
        return session.scalars(select(Decision.number).order_by(Decision.id.desc())).first() or ""


def passed_test(hosting: Hosting) -> str:
    code = book(hosting, hosting.publish(), hosting.slot())
    hosting.world.pass_time(days=7, hours=1)
    judge(hosting, code)
    return code


def booked_agreement(hosting: Hosting) -> str:
    code = hosting.signed()
    hosting.world.run(book_agreed_results, module_id=hosting.row(code).host_module_id, results={hosting.world.learner.person_id: True}, by=None)
    return code


def test_a_test_on_a_false_certificate_counts_no_more_and_can_be_booked_again(hosting: Hosting) -> None:
    code = passed_test(hosting)
    number = number_of(hosting.world)
    newer = hosting.world.run(revoke_decision, actor=hosting.world.other_of_board, provider_slug=SLUG, number=number, reason="Het certificaat is niet echt.")
    assert hosting.credits() == {}
    assert hosting.total() == 0
    row = hosting.test(code)
    assert (row.state, row.decision_id, row.reason) == (LocalTestState.FAILED, None, "Het certificaat is niet echt.")
    with pytest.raises(DecisionStands):
        hosting.world.run(revoke_decision, actor=hosting.world.board, provider_slug=SLUG, number=number, reason="Nog eens.")
    with pytest.raises(DecisionStands):
        hosting.world.run(revoke_decision, actor=hosting.world.board, provider_slug=SLUG, number=newer, reason="Nog eens.")


def test_an_agreement_whose_result_was_wrong_ends_with_its_decision(hosting: Hosting) -> None:
    code = booked_agreement(hosting)
    assert len(hosting.credits()) == 2
    hosting.world.run(revoke_decision, actor=hosting.world.board, provider_slug=SLUG, number=number_of(hosting.world), reason="De school vergiste zich.")
    assert hosting.credits() == {}
    row = hosting.row(code)
    assert (row.state, row.decision_id, row.reason) == (AgreementState.ENDED, None, "De school vergiste zich.")


@pytest.mark.parametrize("who", ["owner", "assessor", "learner", "stranger"])
def test_only_the_board_that_awards_it_takes_it_back(hosting: Hosting, who: str) -> None:
    passed_test(hosting)
    with pytest.raises(NotFound):
        hosting.world.run(revoke_decision, actor=getattr(hosting.world, who), provider_slug=SLUG, number=number_of(hosting.world), reason="Zomaar.")
    assert len(hosting.credits()) == 1


def test_nobody_takes_back_what_is_about_themselves_or_without_a_reason(hosting: Hosting) -> None:
    passed_test(hosting)
    for reason in ("", "  "):
        with pytest.raises(DecisionStands):
            hosting.world.run(revoke_decision, actor=hosting.world.board, provider_slug=SLUG, number=number_of(hosting.world), reason=reason)
    with hosting.world.database.writing() as session:
        add_membership(session, person_id=hosting.world.learner.person_id, organisation_id=hosting.world.provider_id, role=Role.EXAM_BOARD)
    with pytest.raises(DecisionStands):
        hosting.world.run(revoke_decision, actor=hosting.world.learner, provider_slug=SLUG, number=number_of(hosting.world), reason="Toch niet.")


def test_the_board_takes_it_back_on_the_page_of_the_decision(app: Flask, hosting: Hosting) -> None:
    passed_test(hosting)
    app.config["WTF_CSRF_ENABLED"] = False
    client, address = _client(app, hosting.world, hosting.world.board), f"/nl/provider/{SLUG}/exam-board/decisions/{number_of(hosting.world)}"
    assert "Dit besluit intrekken" in words(client.get(address))
    answer = client.post(address, data={"reason": " "})
    assert (answer.status_code, "Schrijf op waarom." in words(answer)) == (422, True)
    page = words(client.post(address, data={"reason": "Het certificaat is niet echt."}, follow_redirects=True))
    assert "Het besluit is ingetrokken." in page
    assert "Dit besluit intrekken" not in page
    assert hosting.credits() == {}
