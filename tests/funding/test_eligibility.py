"""Whether a rule pays for a seat, and why not."""

from datetime import date
from typing import Any

import pytest

from academy.funding.kinds import SourceKind
from academy.funding.rules import Asked, RuleFacts, Situation, WhyNot, payable, why_not
from academy.kernel.ids import new_id
from academy.kernel.money import Money
from tests.funding.terms import NOBODY, PROVIDER, TODAY, asked, rule

SOURCE, FIRM = new_id(), new_id()


@pytest.mark.parametrize(("changes", "situation", "why"), [
    ({"valid_from": date(2026, 9, 2)}, NOBODY, WhyNot.NOT_NOW),
    ({"valid_until": date(2026, 8, 31)}, NOBODY, WhyNot.NOT_NOW),
    ({"open_from": date(2026, 9, 2)}, NOBODY, WhyNot.NOT_NOW),
    ({"open_until": date(2026, 8, 31)}, NOBODY, WhyNot.NOT_NOW),
    ({"valid_from": TODAY, "valid_until": TODAY}, NOBODY, None),
    ({"module_kinds": ("ad_module",)}, NOBODY, WhyNot.MODULE_KIND),
    ({"excluded_kinds": ("loose_module",)}, NOBODY, WhyNot.MODULE_KIND),
    ({"module_kinds": ("loose_module",)}, NOBODY, None),
    ({"provider_ids": (str(new_id()),)}, NOBODY, WhyNot.PROVIDER),
    ({"provider_ids": (str(PROVIDER),)}, NOBODY, None),
    ({"kind": SourceKind.PROVIDER_DISCOUNT}, NOBODY, WhyNot.PROVIDER),
    ({"kind": SourceKind.PROVIDER_DISCOUNT, "owner_id": PROVIDER}, NOBODY, None),
    ({"kind": SourceKind.EMPLOYER, "source_id": SOURCE}, NOBODY, WhyNot.NOT_NAMED),
    ({"kind": SourceKind.EMPLOYER, "source_id": SOURCE}, Situation(employer_sources=frozenset({SOURCE})), None),
    ({"sectors": ("ict",)}, NOBODY, WhyNot.SECTOR_UNKNOWN),
    ({"sectors": ("ict",)}, Situation(sector="zorg"), WhyNot.SECTOR),
    ({"sectors": ("ict",)}, Situation(sector="ict"), None),
    ({"size_classes": ("under_5",)}, NOBODY, WhyNot.SIZE_UNKNOWN),
    ({"size_classes": ("under_5",)}, Situation(size_class="large"), WhyNot.SIZE),
    ({"cap_firm_year": Money(1)}, NOBODY, WhyNot.EMPLOYER_UNKNOWN),
    ({"cap_firm_year": Money(1)}, Situation(employer_id=FIRM), None),
    ({"postcodes": ("1300-1379",)}, NOBODY, WhyNot.POSTCODE_UNKNOWN),
    ({"postcodes": ("1300-1379",)}, Situation(postcode="1380"), WhyNot.POSTCODE),
    ({"postcodes": ("1300-1379",)}, Situation(postcode="1379"), None),
    ({"postcodes": ("1011", "1300")}, Situation(postcode="1300"), None),
    ({"max_age": 57}, NOBODY, WhyNot.AGE_UNKNOWN),
    ({"max_age": 57}, Situation(birth_year=1968), WhyNot.AGE),
    ({"max_age": 57}, Situation(birth_year=1969), None),
    ({"min_age": 27}, Situation(birth_year=2000), WhyNot.AGE),
    ({"min_age": 27}, Situation(birth_year=1999), None),
])
def test_a_rule_pays_for_whom_it_is_and_else_says_why_not(changes: dict[str, Any], situation: Situation, why: WhyNot | None) -> None:
    assert why_not(rule(**changes), asked(), situation) is why


def test_of_each_source_the_first_rule_that_fits_pays_in_the_order_in_which_they_pay() -> None:
    small = rule(source_id=SOURCE, position=1, size_classes=("under_5",))
    others = rule(source_id=SOURCE, position=2)
    last, first = rule(position=3), rule(position=0)
    assert payable([last, others, small, first], asked(), Situation(size_class="large")) == [first, others, last]
    assert payable([last, others, small, first], asked(), Situation(size_class="under_5")) == [first, small, last]


def test_telling_more_helps_only_where_that_is_what_is_missing() -> None:
    helps = {why for why in WhyNot if why.could_tell}
    assert helps == {WhyNot.SECTOR_UNKNOWN, WhyNot.SIZE_UNKNOWN, WhyNot.POSTCODE_UNKNOWN, WhyNot.AGE_UNKNOWN}


def test_a_rule_is_asked_on_the_day_of_asking_and_not_of_the_class() -> None:
    until_august: RuleFacts = rule(valid_until=date(2026, 8, 31))
    in_august: Asked = asked(on=date(2026, 8, 31))
    assert why_not(until_august, in_august, NOBODY) is None
