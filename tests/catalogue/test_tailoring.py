"""A module that was made to order is drafted at its provider, never published, with its class as a concept."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from academy.catalogue import api as catalogue
from academy.catalogue.errors import OfferingFaulty
from academy.catalogue.models import Module, Offering, OfferingState, PublicationState, PublicationStep
from academy.kernel.clock import amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Localized
from tests import builders

MODULE = catalogue.ModuleDraft(
    "proposal-1", "P1", catalogue.ModuleKind.LOOSE_MODULE, Localized(nl="Lassen op maat"), outcomes=(catalogue.OutcomeDraft(Localized(nl="last")),),
)


def class_from(now: datetime) -> catalogue.OfferingDraft:
    first = amsterdam_day(now) + timedelta(days=40)
    return catalogue.OfferingDraft(first, first, catalogue.DeliveryMode.ONLINE, "nl", 8, Money(100_00), (catalogue.PeriodDraft(closes_on=first),))


def test_module_and_class_are_drafts_and_the_same_key_is_one_module(database: Database, now: datetime) -> None:
    with database.writing() as session:
        provider_id = builders.provider(session)
        codes = {
            catalogue.draft_tailored(session, provider_id=provider_id, module=MODULE, offering=class_from(now), now=now) for _each in range(2)
        }
    with database.reading() as session:
        module = session.scalars(select(Module)).one()
        step = session.scalars(select(PublicationStep)).one()
        assert (module.state, module.kind, step.person_id) == (PublicationState.DRAFT, catalogue.ModuleKind.TAILORED, None)
        assert {(one.code, one.state) for one in session.scalars(select(Offering))} == {(code, OfferingState.CONCEPT) for code in codes}
    assert len(codes) == 2


@pytest.mark.parametrize("wrong", [{"price": None}, {"seats": 0}, {"starts_on": date(2020, 1, 1)}])
def test_a_class_without_a_price_or_seats_or_that_began_is_refused_and_nothing_is_drafted(database: Database, now: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(OfferingFaulty), database.writing() as session:
        provider_id = builders.provider(session)
        catalogue.draft_tailored(session, provider_id=provider_id, module=MODULE, offering=replace(class_from(now), **wrong), now=now)  # type: ignore[arg-type] # fields of several kinds
    with database.reading() as session:
        assert session.scalars(select(Module)).first() is None
