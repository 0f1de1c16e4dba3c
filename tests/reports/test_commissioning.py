"""The programme office asks providers to fill a gap, and follows it to the first class."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import TrailEntry
from academy.catalogue.api import ModuleNotFound, ProviderNotFound
from academy.catalogue.models import Module, ModuleKind, Offering, OfferingState, PublicationState
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.errors import NotFound, Refusal
from academy.kernel.outbox import Event
from academy.kernel.text import Localized
from academy.reports.errors import CommissionEnded, CommissionNotFound, CommissionUnderWay, CommissionUnfit
from academy.reports.events import CommissionAnswered, CommissionSent
from academy.reports.facts import View
from academy.reports.kinds import CommissionState
from academy.reports.models import Commission
from academy.reports.queries import commissions as queries
from academy.reports.queries.fitting import fits
from academy.reports.service import commissioning as service
from tests.reports.commission_desk import NO, Desk, open_desk
from tests.reports.world import CLOUD, DUTCH, WELDING

_S = CommissionState


@pytest.fixture
def desk(database: Database, now: datetime) -> Desk:
    return open_desk(database, now)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Return what is announced from here on."""
    heard: list[Event] = []
    monkeypatch.setattr(service, "announce", lambda _session, event: heard.append(event))
    return heard


def test_each_provider_that_is_asked_hears_of_it_once(desk: Desk, news: list[Event]) -> None:
    code = desk.asks("windesheim", "aeres")
    commission_id = desk.id_of(code)
    assert set(news) == {CommissionSent(commission_id, desk.providers[slug]) for slug in ("windesheim", "aeres")}
    assert desk.state(code) is _S.OPEN
    assert desk.run(service.invite_more, actor=desk.office, code=code, provider_ids=set(desk.providers.values())) == 1
    assert news[2:] == [CommissionSent(commission_id, desk.providers["roc"])]
    assert desk.run(service.invite_more, actor=desk.office, code=code, provider_ids=[desk.providers["roc"]]) == 0


def test_a_gap_is_asked_once_at_a_time_for_an_area(desk: Desk) -> None:
    code = desk.asks()
    with pytest.raises(CommissionUnderWay):
        desk.asks("aeres")
    desk.asks(view=View("2026-3", "82"))
    desk.asks(subject=WELDING)
    desk.run(service.close_commission, actor=desk.office, code=code, reason="De vraag is weg.")
    desk.asks("aeres")


@pytest.mark.parametrize("wrong", [
    {"subject": "http://esco/is-not-there"}, {"subject": f"module:{uuid4().hex}"}, {"subject": "module:no-id"}, {"provider_ids": frozenset()},
    {"provider_ids": frozenset({uuid4()})}, {"wanted": -1}, {"answer_by": datetime.fromisoformat("2026-09-01T09:00:00+00:00")},
])
def test_what_is_asked_has_a_gap_providers_and_time_to_answer(desk: Desk, wrong: dict[str, object]) -> None:
    with pytest.raises(CommissionUnfit):
        desk.asks(**wrong)
    with desk.database.reading() as session:
        assert session.scalars(select(Commission)).all() == []


def test_a_module_without_skills_can_be_the_gap(desk: Desk) -> None:
    code = desk.asks(subject=f"module:{desk.modules['cloud'].hex}")
    assert desk.followed(code).facts.label.nl == "Cloud beheren"


@pytest.mark.parametrize("act", [
    lambda desk, _code: desk.run(service.start_commission, actor=desk.planners["roc"], draft=desk.draft(subject=DUTCH)),
    lambda desk, code: desk.run(service.invite_more, actor=desk.planners["roc"], code=code, provider_ids=[desk.providers["roc"]]),
    lambda desk, code: desk.run(service.close_commission, actor=desk.planners["windesheim"], code=code, reason="Nee"),
    lambda desk, code: desk.run(service.answer_commission, actor=desk.office, provider_slug="windesheim", code=code, answer=NO),
    lambda desk, code: desk.run(service.answer_commission, actor=desk.planners["aeres"], provider_slug="windesheim", code=code, answer=NO),
    lambda desk, code: desk.answers("roc", code),
], ids=["start", "invite", "close", "answer as the office", "answer for another", "answer unasked"])
def test_only_the_office_asks_and_only_who_was_asked_answers(desk: Desk, act: Callable[[Desk, str], object]) -> None:
    code = desk.asks("windesheim", "aeres")
    with pytest.raises(NotFound):
        act(desk, code)
    assert desk.steps(code) == [_S.OPEN]


def test_a_yes_with_a_module_is_followed_to_the_first_class_by_itself(desk: Desk, news: list[Event]) -> None:
    code, made = desk.asks(), desk.now
    desk.pass_days(1)
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    assert desk.state(code) is _S.MAKING
    assert news[-1] == CommissionAnswered(desk.id_of(code), desk.providers["windesheim"])
    desk.pass_days(6)
    desk.class_of(desk.modules["cloud"], in_days=30)
    desk.run(service.follow_modules, module_ids=[desk.modules["cloud"]])
    assert desk.state(code) is _S.PLANNED
    desk.pass_days(29)
    desk.run(service.follow_commission, commission_id=desk.id_of(code))
    assert desk.state(code) is _S.PLANNED, "the class begins tomorrow"
    desk.pass_days(1)
    desk.run(service.follow_commission, commission_id=desk.id_of(code))
    desk.run(service.follow_commission, commission_id=desk.id_of(code))
    assert desk.steps(code) == [_S.OPEN, _S.MAKING, _S.PLANNED, _S.STARTED]
    found = desk.followed(code)
    assert found.facts.ended_at == desk.now
    assert [found.reached.promised_at, found.reached.planned_at, found.reached.started_at] == [made + timedelta(days=days) for days in (1, 7, 37)]
    assert found.first_on == amsterdam_day(desk.now)


def test_a_class_that_is_there_already_is_planned_with_the_yes(desk: Desk) -> None:
    desk.class_of(desk.modules["cloud"])
    code = desk.asks()
    assert desk.state(code) is _S.OPEN, "nobody promised it"
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    assert desk.steps(code) == [_S.OPEN, _S.PLANNED]


def test_a_class_of_before_the_asking_fills_no_gap(desk: Desk) -> None:
    desk.class_of(desk.modules["cloud"], in_days=-1)
    code = desk.asks()
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    assert desk.state(code) is _S.MAKING


def test_a_class_that_is_not_public_does_not_count(desk: Desk) -> None:
    draft = desk.module("aeres", CLOUD, state=PublicationState.DRAFT)
    desk.class_of(draft)
    for state in (OfferingState.CONCEPT, OfferingState.CANCELLED, OfferingState.INACTIVE):
        desk.class_of(desk.modules["cloud"], state=state)
    code = desk.asks()
    desk.answers("aeres", code, module_id=draft)
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    assert desk.state(code) is _S.MAKING
    desk.sets(Module, draft, PublicationState.PUBLISHED)
    desk.run(service.follow_provider, provider_id=desk.providers["aeres"])
    assert desk.state(code) is _S.PLANNED


def test_what_falls_back_is_told_as_it_is(desk: Desk) -> None:
    offering = desk.class_of(desk.modules["cloud"])
    code = desk.asks()
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    desk.sets(Offering, offering, OfferingState.CANCELLED)
    desk.run(service.follow_class, offering_id=offering)
    desk.answers("windesheim", code, NO, note="De docent is ziek.")
    assert desk.steps(code) == [_S.OPEN, _S.PLANNED, _S.MAKING, _S.OPEN]
    found = desk.followed(code)
    assert found.reached.promised_at is None
    assert (found.invited[-1].facts.state, found.invited[-1].note) == (NO, "De docent is ziek.")


def test_one_who_withdraws_does_not_stop_another(desk: Desk) -> None:
    code = desk.asks()
    desk.answers("windesheim", code)
    desk.answers("aeres", code)
    desk.answers("windesheim", code, NO)
    assert desk.state(code) is _S.MAKING


def test_the_same_answer_again_tells_nobody_and_a_named_module_tells_no_second_time(desk: Desk, news: list[Event]) -> None:
    code = desk.asks()
    for _each in range(2):
        desk.answers("windesheim", code, note=" Graag. ")
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    assert [each for each in news if isinstance(each, CommissionAnswered)] == [CommissionAnswered(desk.id_of(code), desk.providers["windesheim"])]
    with desk.database.reading() as session:
        acts = list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.number)))
    assert acts[-3:] == ["commission-made", "commission-answered", "commission-answered"]


@pytest.mark.parametrize("kind", ["other", "archived", "tailored", "gone"])
def test_a_provider_names_modules_of_its_own_that_everybody_can_follow(desk: Desk, kind: str) -> None:
    modules = {
        "other": desk.modules["welding"], "archived": desk.module("windesheim", CLOUD, state=PublicationState.ARCHIVED),
        "tailored": desk.module("windesheim", CLOUD, kind=ModuleKind.TAILORED), "gone": uuid4(),
    }
    code = desk.asks()
    with pytest.raises(ModuleNotFound):
        desk.answers("windesheim", code, module_id=modules[kind])
    assert desk.state(code) is _S.OPEN


def test_nothing_changes_after_the_end(desk: Desk) -> None:
    offering = desk.class_of(desk.modules["cloud"], in_days=1)
    code, closed = desk.asks(), desk.asks(subject=WELDING)
    desk.answers("windesheim", code, module_id=desk.modules["cloud"])
    desk.answers("windesheim", closed, module_id=desk.modules["cloud"])
    desk.run(service.close_commission, actor=desk.office, code=closed, reason="Niet meer nodig.")
    desk.pass_days(1)
    desk.run(service.follow_class, offering_id=offering)
    assert (desk.state(code), desk.state(closed)) == (_S.STARTED, _S.CLOSED)
    acts: list[Callable[[str], object]] = [
        lambda one: desk.answers("aeres", one), lambda one: desk.run(service.invite_more, actor=desk.office, code=one, provider_ids=[desk.providers["roc"]]),
        lambda one: desk.run(service.close_commission, actor=desk.office, code=one, reason="Toch"),
    ]
    for one in (code, closed):
        for act in acts:
            with pytest.raises(CommissionEnded):
                act(one)
    desk.sets(Offering, offering, OfferingState.CANCELLED)
    desk.run(service.follow_class, offering_id=offering)
    assert desk.state(code) is _S.STARTED, "it began"


def test_giving_up_asks_for_a_reason_that_who_was_asked_reads(desk: Desk) -> None:
    code = desk.asks()
    with pytest.raises(CommissionUnfit):
        desk.run(service.close_commission, actor=desk.office, code=code, reason="  ")
    desk.run(service.close_commission, actor=desk.office, code=code, reason=" De vraag is weg. ")
    with desk.database.reading() as session:
        found = queries.to_answer(session, desk.planners["roc"], "roc", code)
    assert (found.asked.facts.state, found.asked.reason) == (_S.CLOSED, "De vraag is weg.")


def test_who_was_not_asked_reads_nothing(desk: Desk) -> None:
    code = desk.asks("windesheim")
    with desk.database.reading() as session:
        assert queries.asked_at(session, desk.planners["roc"], "roc")[1] == ()
        with pytest.raises(CommissionNotFound):
            queries.to_answer(session, desk.planners["roc"], "roc", code)
        with pytest.raises(ProviderNotFound):
            queries.asked_at(session, desk.office, "windesheim")
        for ask in (lambda who: queries.commission(session, who, code, today=amsterdam_day(desk.now)), lambda who: queries.commissions(session, who, has_ended=False, today=amsterdam_day(desk.now))):
            for who in (desk.stranger, desk.planners["windesheim"]):
                with pytest.raises(Refusal):
                    ask(who)


def test_the_list_says_how_far_each_is_and_what_was_answered(desk: Desk) -> None:
    first, second = desk.asks(), desk.asks("aeres", subject=WELDING)
    desk.answers("windesheim", first, module_id=desk.modules["cloud"])
    desk.answers("roc", first, NO)
    desk.class_of(desk.modules["cloud"], in_days=10)
    desk.run(service.follow_modules, module_ids=[desk.modules["cloud"]])
    with desk.database.reading() as session:
        rows = {row.facts.code: row for row in queries.commissions(session, desk.office, has_ended=False, today=amsterdam_day(desk.now))}
        assert queries.commissions(session, desk.office, has_ended=True, today=amsterdam_day(desk.now)) == []
    assert (rows[first].asked, rows[first].willing, rows[first].answered, rows[first].first_on) == (3, 1, 2, amsterdam_day(desk.now) + timedelta(days=10))
    assert (rows[second].asked, rows[second].willing, rows[second].first_on) == (1, 0, None)


def test_two_commissions_with_one_module_each_count_from_their_own_day(desk: Desk) -> None:
    first = desk.asks()
    desk.answers("windesheim", first, module_id=desk.modules["cloud"])
    desk.class_of(desk.modules["cloud"], in_days=2)
    desk.pass_days(3)
    second = desk.asks(subject=DUTCH)
    desk.answers("windesheim", second, module_id=desk.modules["cloud"])
    with desk.database.reading() as session:
        rows = {row.facts.code: row.first_on for row in queries.commissions(session, desk.office, has_ended=False, today=amsterdam_day(desk.now))}
    assert rows == {first: amsterdam_day(desk.now) - timedelta(days=1), second: None}
    desk.run(service.follow_modules, module_ids=[desk.modules["cloud"]])
    assert (desk.state(first), desk.state(second)) == (_S.STARTED, _S.MAKING)


def test_who_trains_it_is_proposed_first_then_who_trains_what_lies_beside_it_and_of_these_who_takes_part(desk: Desk) -> None:
    def proposed() -> list[tuple[str, int, int, bool]]:
        with desk.database.reading() as session:
            return [(each.provider.slug, each.direct, each.near, each.is_proposed) for each in fits(session, CLOUD)]

    assert proposed() == [("windesheim", 1, 0, True), ("aeres", 0, 1, True), ("roc", 0, 0, False)]
    desk.takes_part("aeres")
    desk.takes_part("roc")
    assert [slug for slug, *_rest in proposed()] == ["aeres", "windesheim", "roc"]


def test_the_keepers_of_a_module_are_proposed_for_it_and_then_who_gives_the_like_of_it(desk: Desk) -> None:
    def proposed() -> list[tuple[str, int, int]]:
        with desk.database.reading() as session:
            return [(each.provider.slug, each.direct, each.near) for each in fits(session, f"module:{desk.modules['welding'].hex}") if each.is_proposed]

    assert proposed()[0] == ("aeres", 1, 0)
    desk.module("roc", title=Localized("Lassen", "Welding"))
    assert ("roc", 0, 1) in proposed()


def test_what_can_be_named_begins_with_what_trains_the_skill(desk: Desk) -> None:
    code = desk.asks()
    draft = desk.module("windesheim", CLOUD, state=PublicationState.DRAFT)
    other = desk.module("windesheim", WELDING)
    with desk.database.reading() as session:
        found = queries.to_answer(session, desk.planners["windesheim"], "windesheim", code)
    trains = {module_id: trains for module_id, _title, trains in found.modules}
    assert trains == {desk.modules["cloud"]: True, draft: True, other: False}
    assert found.modules[-1][0] == other


def test_the_database_keeps_a_commission_honest(desk: Desk) -> None:
    code = desk.asks()
    with pytest.raises(IntegrityError, match="closed_with_a_reason"), desk.database.writing() as session:
        session.execute(update(Commission).where(Commission.code == code).values(state=_S.CLOSED, ended_at=desk.now))
