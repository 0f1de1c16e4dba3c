"""A module is published when it says what someone needs to choose; an offering whose days contradict each other is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from academy.catalogue import completeness as rules
from academy.catalogue.completeness import Lacking, OfferingFault, completeness, offering_faults
from academy.catalogue.drafts import ModuleDraft, OfferingDraft, OutcomeDraft, PeriodDraft, SessionDraft
from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    DeliveryMode,
    ModuleKind,
    OfferingState,
    PartOfDay,
    TargetGroup,
)
from academy.kernel.money import Money
from academy.kernel.text import Localized

TODAY = date(2026, 9, 1)
SHORTEST = ModuleDraft(
    external_id="A", code="", kind=ModuleKind.LOOSE_MODULE, title=Localized("Netwerken"), summary=Localized("Na deze module kun je het."),
    ec=Decimal("2.5"), nlqf="4", languages=("nl",), outcomes=(OutcomeDraft(Localized("Je richt een netwerk in.")),),
)
CLASS = OfferingDraft(
    starts_on=date(2026, 10, 6), ends_on=date(2026, 12, 8), mode=DeliveryMode.ON_CAMPUS, language="nl", seats=16, price=Money(0),
    periods=(PeriodDraft(date(2026, 10, 5)),), weekdays=("tue",), state=OfferingState.CONCEPT,
)


def lacks(draft: ModuleDraft = SHORTEST, *offerings: OfferingDraft, code_taken: bool = False) -> dict[Lacking, bool]:
    """Return what lacks, and whether publishing waits for it."""
    found = completeness(draft, offerings, today=TODAY, is_code_taken=code_taken)
    return {lack.what: lack.is_hard for lack in found.lacks}


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(rules.WEIGHTS.values()) == 100


def test_the_shortest_way_with_a_class_is_enough_and_without_one_is_not() -> None:
    with_class = completeness(SHORTEST, [CLASS], today=TODAY)
    assert (with_class.score, with_class.is_enough) == (85, True)
    without = completeness(replace(SHORTEST, price=Money(0), modes=(DeliveryMode.ONLINE,)), [], today=TODAY)
    assert (without.score, without.is_enough) == (75, False)
    assert not any(lack.is_hard for lack in without.lacks)
    assert without.lacks[0].what is Lacking.CLASS  # what brings most stands first


def test_everything_told_is_a_hundred() -> None:
    whole = replace(
        SHORTEST, description=Localized("x" * 200), entry=Localized("Voor jou."), assessments=(AssessmentForm.PROJECT,),
        certificate=CertificateKind.CERTIFICATE, sectors=("ict",),
        outcomes=tuple(OutcomeDraft(Localized(text), ("urn:skill",)) for text in ("a", "b", "c")),
    )
    found = completeness(whole, [CLASS], today=TODAY)
    assert (found.score, found.lacks) == (100, ())


@pytest.mark.parametrize(("changes", "what"), [
    ({"title": Localized()}, Lacking.TITLE), ({"summary": Localized()}, Lacking.SUMMARY), ({"outcomes": ()}, Lacking.OUTCOMES),
    ({"ec": None}, Lacking.SIZE), ({"nlqf": ""}, Lacking.LEVEL), ({"languages": ()}, Lacking.LANGUAGE),
    ({"ec": Decimal(61)}, Lacking.SIZE_WRONG), ({"hours": 1681}, Lacking.SIZE_WRONG),
])
def test_nothing_hard_may_lack_however_high_the_score(changes: dict[str, Any], what: Lacking) -> None:
    found = completeness(replace(SHORTEST, **changes), [CLASS], today=TODAY)
    assert found.lacks[0].what is what
    assert not found.is_enough


def test_hours_do_instead_of_credits_and_then_no_level_is_asked() -> None:
    assert not {Lacking.SIZE, Lacking.LEVEL} & lacks(replace(SHORTEST, ec=None, nlqf="", hours=40), CLASS).keys()


def test_each_class_has_a_price_or_says_it_is_free() -> None:
    assert Lacking.PRICE not in lacks(SHORTEST, CLASS)
    assert lacks(SHORTEST, CLASS, replace(CLASS, price=None))[Lacking.PRICE]
    assert Lacking.PRICE not in lacks(SHORTEST, replace(CLASS, price=None, price_note="USD 300"))


def test_a_class_that_is_over_or_called_off_is_no_class_to_join() -> None:
    over = replace(CLASS, starts_on=date(2026, 3, 1), ends_on=date(2026, 8, 31))
    assert {Lacking.CLASS, Lacking.DELIVERY, Lacking.PRICE} <= lacks(SHORTEST, over, replace(CLASS, state=OfferingState.CANCELLED)).keys()


def test_a_code_that_another_module_has_is_told() -> None:
    assert lacks(SHORTEST, CLASS, code_taken=True) == {**lacks(SHORTEST, CLASS), Lacking.CODE_TAKEN: True}


# Offerings


@pytest.mark.parametrize(("changes", "fault"), [
    ({"ends_on": date(2026, 10, 5), "weekdays": ()}, OfferingFault.ENDS_BEFORE_START),
    ({"periods": (PeriodDraft(date(2026, 12, 9)),)}, OfferingFault.CLOSES_AFTER_END),
    ({"periods": (PeriodDraft(date(2026, 10, 1), opens_on=date(2026, 10, 2)),)}, OfferingFault.CLOSES_BEFORE_OPENING),
    ({"min_seats": 17}, OfferingFault.MIN_ABOVE_MAX), ({"seats": 0}, OfferingFault.NO_SEATS),
    ({"decides_on": date(2026, 10, 6)}, OfferingFault.DECIDES_AFTER_START),
    ({"ends_on": date(2026, 10, 7), "weekdays": ("thu",)}, OfferingFault.WEEKDAY_NOT_IN_TERM),
    ({"starts_on": date(2026, 8, 25)}, OfferingFault.STARTS_IN_PAST),
    ({"cancel_free_days": 0}, OfferingFault.CANCEL_DAYS), ({"cancel_free_days": 61}, OfferingFault.CANCEL_DAYS),
    ({"cancel_late_percent": -1}, OfferingFault.CANCEL_COST), ({"cancel_late_percent": 101}, OfferingFault.CANCEL_COST),
])
def test_what_contradicts_itself_is_told(changes: dict[str, Any], fault: OfferingFault) -> None:
    assert offering_faults(CLASS, today=TODAY) == ()
    assert fault in offering_faults(replace(CLASS, **changes), today=TODAY)


def test_only_a_start_in_the_past_is_a_warning() -> None:
    assert {OfferingFault.STARTS_IN_PAST} == rules.WARNINGS


def test_the_period_of_others_may_close_when_it_likes() -> None:
    late = PeriodDraft(date(2027, 1, 1), target_group=TargetGroup.EMPLOYERS)
    assert offering_faults(replace(CLASS, periods=(*CLASS.periods, late)), today=TODAY) == ()


# The next term


@pytest.mark.parametrize(("starts_on", "today", "moved_to"), [
    (date(2026, 10, 6), TODAY, date(2027, 2, 2)),  # a Tuesday to the first Tuesday of the half-year
    (date(2027, 2, 1), TODAY, date(2027, 9, 6)),  # itself the first day of a half-year: to the next one
    (date(2024, 9, 3), date(2026, 9, 1), date(2027, 2, 2)),  # long ago: never to what has begun already
    (date(2026, 1, 30), date(2026, 1, 15), date(2026, 2, 6)),
])
def test_a_copy_begins_in_the_first_week_of_the_next_half_year_on_the_same_weekday(starts_on: date, today: date, moved_to: date) -> None:
    weeks = rules.weeks_to_next_term(starts_on, today=today)
    assert starts_on + timedelta(weeks=weeks) == moved_to
    assert moved_to.weekday() == starts_on.weekday()


def test_all_days_of_a_copy_move_and_nothing_is_promised_about_it() -> None:
    draft = replace(
        CLASS, decides_on=date(2026, 9, 22), guaranteed=True, external_id="X", state=OfferingState.ACTIVE,
        flexible_from=date(2026, 10, 6), flexible_until=date(2026, 11, 3),
        sessions=(SessionDraft(PartOfDay.EVENING, weekday="tue"), SessionDraft(PartOfDay.DAY, on_date=date(2026, 12, 5))),
    )
    found = rules.moved(draft, weeks=17)
    assert found == replace(
        draft, starts_on=date(2027, 2, 2), ends_on=date(2027, 4, 6), decides_on=date(2027, 1, 19), guaranteed=False, external_id="",
        state=OfferingState.CONCEPT, flexible_from=date(2027, 2, 2), flexible_until=date(2027, 3, 2),
        periods=(PeriodDraft(date(2027, 2, 1)),),
        sessions=(SessionDraft(PartOfDay.EVENING, weekday="tue"), SessionDraft(PartOfDay.DAY, on_date=date(2027, 4, 3))),
    )
