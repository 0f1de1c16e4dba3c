"""A year of paid seats for the demo, over the four categories of who pays: what the office reads, what is invoiced, what a provider receives.

Everything goes through the use cases, with the moment at which it would have happened; so ledger, budgets, invoices and audits agree. The year is
the four quarters before this one: what visitors do stands apart from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.demo.learning import DAAN, EBRU
from academy.demo.money import actor_of, owner_of
from academy.demo.people import EMPLOYER, FUND, WINDESHEIM
from academy.demo.pooling import COOLING, LIFTS, begin_firm
from academy.demo.reading import offering_draft
from academy.enrolment import api as enrolment
from academy.funding import api as funding
from academy.funding.api import BudgetDraft, RuleDraft, Situation, SourceDraft, SourceKind
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.ids import new_id
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.payments import api as payments
from academy.payments.api import BillingFacts, Party

_FIRST: Final = ("Aisha", "Bas", "Carla", "Daniel", "Esra", "Femke", "Gijs", "Hanna", "Ilse", "Jeroen", "Kim", "Luuk")
_LAST: Final = ("Aydin", "Jansen")
_CLASS: Final = {
    "starts_in_weeks": 2, "weeks": 6, "weekdays": ["tue"], "part_of_day": "evening", "mode": "on_campus", "place": "windesheim-almere",
    "language": "nl", "seats": 30,
}
_DAYS_INTO_QUARTER: Final = 14
_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True)
class _Term:
    """One class: so many quarters ago, of which module, with how many people."""

    ago: int
    module: str
    people: int


# As few as the office may show amounts of, of three employers in turn; they take turns by the half, so that nobody has more than the fund gives one person in a year.
_TERMS: Final = (_Term(4, "BOU-08", 10), _Term(3, "BOU-04", 10), _Term(2, "BOU-05", 10), _Term(1, "BOU-11", 11))
_HALF: Final = 12
_DETAILS: Final = {
    WINDESHEIM.slug: Party(
        "Hogeschool Windesheim (demo)", "Hospitaaldreef 5", "1315 RC", "Almere", "NL", kvk_number="01234567", vat_id="NL001234567B01",
        iban="NL02ABNA0123456789", email="facturen@windesheim.example",
    ),
    EMPLOYER.slug: Party("Zilvermeeuw Techniek B.V. (demo)", "Zilvermeeuwlaan 12", "1317 AB", "Almere", "NL", kvk_number="76543210", email="employer@demo.example"),
    FUND.slug: Party("Fonds Leren Flevoland (demo)", "Stadhuisplein 1", "1315 HR", "Almere", "NL", kvk_number="70123456", email="fund@demo.example"),
}
_FIRMS: Final = (LIFTS, COOLING)  # with the employer of the demo as few as the office may show amounts of
_WHERE: Final = {LIFTS.slug: ("Antennestraat 40", "1322 AE", "76543211"), COOLING.slug: ("Palmpolstraat 8", "1327 CE", "76543212")}
_SCHOOL_MONEY: Final = SourceDraft(
    Localized("Onderwijsgeld modulair deeltijd", "Education funding for part-time modules"), SourceKind.PUBLIC_EDUCATION,
    Localized("Betaalde het eerste jaar een vijfde deel van elke AD-module.", "Paid one fifth of each AD module in the first year."),
)


def first_of_quarter(today: date, *, ago: int) -> date:
    """Return the first day of the quarter that was so many before that of `today`."""
    year, quarter = divmod(4 * today.year + (today.month - 1) // 3 - ago, 4)
    return date(year, 3 * quarter + 1, 1)


def load_paid_year(session: Session, *, now: datetime) -> bool:
    """Let a year of seats be paid, once; returns whether they were now. Catalogue, people and who pays are there already."""
    if any(payments.billing_details_of(session, owner_of(session, there)) for there in (WINDESHEIM, EMPLOYER, FUND)):
        return False
    since = _at(first_of_quarter(amsterdam_day(now), ago=4))
    for there in (WINDESHEIM, EMPLOYER, FUND):
        payments.note_billing_details(session, organisation_id=owner_of(session, there), details=BillingFacts(_DETAILS[there.slug]), now=since)
    _make_rules(session, since=since, now=now)
    session.flush()
    provider = catalogue.provider_by_slug(session, WINDESHEIM.slug)
    prices = {each.code: each.price for each in catalogue.module_facts(session, today=date.min, provider_id=provider.id)}
    for term in _TERMS:
        _play(session, term, provider_id=provider.id, price=prices[term.module] or FREE, now=now)
    return True


def _at(day: date) -> datetime:
    """Return eleven in the morning of a day in Amsterdam."""
    return datetime.combine(day, time(11), AMSTERDAM)


def _make_rules(session: Session, *, since: datetime, now: datetime) -> None:
    """Let a fund, employers and the school pay from a year ago until yesterday, in the year before this one out of budgets of their own."""
    began, ended = amsterdam_day(since), amsterdam_day(now) - timedelta(days=1)
    (source_id,) = funding.source_ids(session, owner_of(session, FUND))
    _pay(session, actor_of(session, "fund@demo.example", since), source_id, RuleDraft(
        Localized("De helft, in het eerste jaar", "Half, in the first year"), began, 5_000, 10, valid_until=ended, cap_person_year=Money(50_000), postcodes=("1300-1379",),
    ), began=began, now=since)
    for number, (actor, source_id) in enumerate(_employers(session, since=since)):
        _pay(session, actor, source_id, RuleDraft(
            Localized("Wat er overblijft, in het eerste jaar", "What is left, in the first year"), began, 10_000, 20, valid_until=ended, cap_seat=Money(18_000),
        ), began=began, now=since)
        emails = [email for _name, email in people()[number::1 + len(_FIRMS)]]
        funding.name_beneficiaries(session, actor=actor, source_id=source_id, emails=emails, now=since)
    school = owner_of(session, WINDESHEIM)
    actor = actor_of(session, "owner@demo.example", since)
    funding.make_source(session, actor=actor, owner_id=school, draft=_SCHOOL_MONEY, now=since)
    (source_id,) = funding.source_ids(session, school)
    funding.add_rule(session, actor=actor, source_id=source_id, draft=RuleDraft(
        Localized("Een vijfde deel", "One fifth"), began, 2_000, 5, valid_until=ended, module_kinds=("ad_module",), provider_ids=(str(school),),
    ), now=since)


def _employers(session: Session, *, since: datetime) -> Iterator[tuple[Actor, UUID]]:
    """Yield who acts for each employer that pays, with its source; two get one, with a budget for the second year, and say where their invoices go."""
    (source_id,) = funding.source_ids(session, owner_of(session, EMPLOYER))
    yield actor_of(session, "employer@demo.example", since), source_id
    for firm in _FIRMS:
        actor = begin_firm(session, firm, now=since)
        owner_id = accounts.register_organisation(session, slug=firm.slug, name=firm.name, kind=accounts.OrganisationKind.EMPLOYER)
        street, postcode, kvk_number = _WHERE[firm.slug]
        party = Party(f"{firm.name} (demo)", street, postcode, "Almere", "NL", kvk_number=kvk_number, email=firm.email)
        payments.note_billing_details(session, organisation_id=owner_id, details=BillingFacts(party), now=since)
        draft = SourceDraft(
            Localized(f"Leerbudget {firm.name}", f"Learning budget of {firm.name}"), SourceKind.EMPLOYER, Localized("Voor wie bij ons werkt.", "For who works with us."),
        )
        funding.make_source(session, actor=actor, owner_id=owner_id, draft=draft, now=since)
        (source_id,) = funding.source_ids(session, owner_id)
        funding.add_budget(session, actor=actor, source_id=source_id, draft=_budget(amsterdam_day(since).year + 1), now=since)
        yield actor, source_id


def _pay(session: Session, actor: Actor, source_id: UUID, rule: RuleDraft, *, began: date, now: datetime) -> None:
    """Add a rule to a source, and a budget for the year in which it begins."""
    funding.add_budget(session, actor=actor, source_id=source_id, draft=_budget(began.year), now=now)
    funding.add_rule(session, actor=actor, source_id=source_id, draft=rule, now=now)


def _budget(year: int) -> BudgetDraft:
    return BudgetDraft(str(year), date(year, 1, 1), date(year, 12, 31), Money(2_500_000))


def people() -> list[tuple[str, str]]:
    """Return names and addresses of who works for the employers, all different."""
    return [(f"{first} {last}", f"{first}.{last}@demo.example".lower()) for last, first in product(_LAST, _FIRST)]


def _play(session: Session, term: _Term, *, provider_id: UUID, price: Money, now: datetime) -> None:
    """Let one class be asked for, paid, followed and invoiced."""
    then = _at(first_of_quarter(amsterdam_day(now), ago=term.ago) + timedelta(days=_DAYS_INTO_QUARTER))
    draft = offering_draft(_CLASS, price=price, today=amsterdam_day(then))
    offering = catalogue.open_offering(session, provider_id=provider_id, module_external_id=term.module, draft=draft, is_news=False)
    first = _HALF if term.ago % 2 else 0
    codes = [_enrol(session, who, offering, then=then) for who in people()[first:first + term.people]]
    session.flush()
    ended = _at(draft.ends_on + timedelta(days=2))
    _end(session, offering, codes, at=ended)
    _invoice(session, month=amsterdam_day(then.replace(day=1) + _MONTH).replace(day=1), is_paid=term.ago > 1)


def _enrol(session: Session, who: tuple[str, str], offering: str, *, then: datetime) -> str:
    """Let somebody of Almere take a seat, and pay what others do not; returns the code of the enrolment."""
    name, email = who
    person_id = accounts.register_person(session, email=email, name=name, password=None, language="nl", now=then)
    actor = Actor(person_id, new_id(), name, email, "nl")
    funding.save_situation(session, actor=actor, situation=Situation(postcode="1315"), now=then)
    code = enrolment.hold_seat(session, actor=actor, offering_code=offering, request_key=None, now=then)
    if enrolment.confirm(session, actor=actor, code=code, now=then) is enrolment.EnrolmentState.HELD:
        mine = next(each for each in enrolment.my_enrolments(session, actor) if each.code == code)
        paid = payments.payments_for(session, "enrolment", [mine.seat_id])[mine.seat_id]
        payments.settle_in_past(session, paid, at=then)
        enrolment.settle(session, mine.id, now=then)
        funding.note_payment(session, paid.id, now=then)
    return code


def _end(session: Session, offering: str, codes: Sequence[str], *, at: datetime) -> None:
    """Give everybody a result, when the class is over."""
    enrolment.finish_ended(session, now=at)
    grades = dict(zip(codes, _grades(), strict=False))
    teacher, board = (accounts.register_person(session, email=email, name=name, password=None, language="nl", now=at) for name, email in (DAAN, EBRU))
    enrolment.enter_results(
        session, actor=Actor(teacher, new_id(), *DAAN, "nl"), provider_slug=WINDESHEIM.slug, code=offering, scale=enrolment.ResultScale.GRADE_0_10,
        entries=[enrolment.Entry(each, grade, "") for each, grade in grades.items()], now=at,
    )
    enrolment.make_final(session, actor=Actor(board, new_id(), *EBRU, "nl"), provider_slug=WINDESHEIM.slug, code=offering, seen=grades, now=at)


def _grades() -> Iterator[str]:
    while True:
        yield from ("7.0", "6.5", "8.0", "5.5", "7.5", "6.0", "9.0")


def _invoice(session: Session, *, month: date, is_paid: bool) -> None:
    """Send what others promised on the first day of the month after, and let it be paid two weeks later, but for the newest."""
    sent = _at(month)
    for pair in funding.pairs_to_invoice(session, month=month):
        invoice = funding.invoice_pair(session, pair, month=month, now=sent)
        if invoice is not None and is_paid:
            came = sent + timedelta(days=14)
            payments.note_payment(
                session, actor=actor_of(session, "owner@demo.example", came), slug=WINDESHEIM.slug, code=invoice.code, amount=invoice.open,
                received_on=amsterdam_day(came), now=came,
            )
