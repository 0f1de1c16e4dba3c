"""What funding keeps of people, and for how long."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from academy.accounts.api import Goes, Leaving, PersonalData, RecordClass, Stays, people_who_left, person, plain_rows
from academy.funding import rules
from academy.funding.kinds import AskState, ShareState
from academy.funding.models import (
    Beneficiary,
    EmployerAsk,
    FundedSeat,
    FundingShare,
    FundingSource,
    ShareStep,
    Situation,
)
from academy.kernel.clock import amsterdam_day
from academy.kernel.translation import _

_ASKS_KEPT: Final = timedelta(days=730)
_HAS_MOVED: Final = exists().where(FundingShare.seat_id == FundedSeat.id, FundingShare.state != ShareState.RELEASED)  # money, or it still may


def _read(session: Session, person_id: UUID) -> dict[str, Any]:
    mine = FundedSeat.person_id == person_id
    return {
        "funding_situation": plain_rows(session, select(
            Situation.birth_year, Situation.postcode, Situation.sector, Situation.size_class, Situation.changed_at,
        ).where(Situation.person_id == person_id)),
        "funded_seats": plain_rows(session, select(
            FundedSeat.id, FundedSeat.description, FundedSeat.price, FundedSeat.vat, FundedSeat.made_at, FundedSeat.confirmed_at, FundedSeat.ended_at,
            FundedSeat.kept,
        ).where(mine).order_by(FundedSeat.made_at)),
        "funding_shares": plain_rows(session, select(
            FundingShare.seat_id, FundingShare.kind, FundingSource.name, FundingShare.amount, FundingShare.refunded, FundingShare.state,
        ).join(FundedSeat, FundedSeat.id == FundingShare.seat_id).outerjoin(FundingSource, FundingSource.id == FundingShare.source_id)
            .where(mine & FundingShare.person_id.is_(None) | (FundingShare.person_id == person_id)).order_by(FundedSeat.made_at, FundingShare.position)),
        "employers_asked": plain_rows(session, select(
            EmployerAsk.seat_id, EmployerAsk.email, EmployerAsk.why, EmployerAsk.state, EmployerAsk.asked_at, EmployerAsk.answered_at,
            EmployerAsk.amount, EmployerAsk.reason,
        ).where(EmployerAsk.person_id == person_id).order_by(EmployerAsk.made_at)),
        "budgets_to_use": plain_rows(session, select(
            FundingSource.name, Beneficiary.added_at,
        ).join(FundingSource, FundingSource.id == Beneficiary.source_id).where(Beneficiary.email == person(session, person_id).email)),
    }


def _leaving(session: Session, person_id: UUID, _now: datetime) -> Leaving:
    named = Beneficiary.email == person(session, person_id).email
    told = Situation.person_id == person_id
    asked = (EmployerAsk.person_id == person_id) & _agreed_to_nothing()
    rows = session.execute(
        select(FundedSeat.id, FundedSeat.made_at, _HAS_MOVED).where(FundedSeat.person_id == person_id),
    ).all()
    unpaid = [seat_id for seat_id, _made_at, has_moved in rows if not has_moved]
    years = [amsterdam_day(made_at).year for _seat_id, made_at, has_moved in rows if has_moved]
    return Leaving(
        goes=(
            Goes(_("wat je invulde om te zien wie meebetaalt"), _count(session, Situation.person_id, told), (delete(Situation).where(told),)),
            Goes(_("wie je vroeg om te betalen, als dat niet doorging"), _count(session, EmployerAsk.id, asked), (
                update(EmployerAsk).where(EmployerAsk.person_id == person_id).values(why="", reason=""), *_erasing_asks(asked),
            )),
            Goes(_("de budgetten van werkgevers die je mocht gebruiken"), _count(session, Beneficiary.id, named), (delete(Beneficiary).where(named),)),
            Goes(_("wie wat zou betalen van plekken die niet doorgingen"), len(unpaid), _erasing(select(FundedSeat.id).where(FundedSeat.id.in_(unpaid)))),
        ),
        stays=tuple(
            Stays(
                _("wie wat betaalde van je plekken van %(year)s", year=str(year)),
                _("De belastingwet vraagt een boekhouding van zeven jaar (AWR, artikel 52). Je naam en adres staan er niet meer bij."),
                rules.booked_until(year), years.count(year),
            )
            for year in sorted(set(years))
        ),
    )


def _agreed_to_nothing() -> ColumnElement[bool]:
    """Tell apart the letters that are no proof of who agreed to pay a seat that stands in the books."""
    booked = select(FundedSeat.id).where(_HAS_MOVED)
    return EmployerAsk.state.not_in((AskState.APPROVED, AskState.PART)) | EmployerAsk.seat_id.not_in(booked)


def _erasing_asks(which: ColumnElement[bool]) -> tuple[UpdateBase, ...]:
    ids = select(EmployerAsk.id).where(which)
    return (
        update(EmployerAsk).where(EmployerAsk.follows_id.in_(ids)).values(follows_id=None),
        delete(EmployerAsk).where(which),
    )


def _count(session: Session, key: Any, which: ColumnElement[bool]) -> int:  # noqa: ANN401 - a column
    return session.scalar(select(func.count(key)).where(which)) or 0


def _erasing(seat_ids: Select[UUID]) -> tuple[UpdateBase, ...]:
    """Return what erases seats, with their shares and the history of those."""
    shares = select(FundingShare.id).where(FundingShare.seat_id.in_(seat_ids))
    return (
        *_erasing_asks(EmployerAsk.seat_id.in_(seat_ids)),
        delete(ShareStep).where(ShareStep.share_id.in_(shares)),
        delete(FundingShare).where(FundingShare.seat_id.in_(seat_ids)),
        delete(FundedSeat).where(FundedSeat.id.in_(seat_ids)),
    )


def _forget_asks(session: Session, now: datetime, limit: int) -> int:
    """Erase letters to employers that came to nothing, two years after they were written."""
    over = select(EmployerAsk.id).where(EmployerAsk.made_at < now - _ASKS_KEPT, _agreed_to_nothing()).limit(limit)
    ids = list(session.scalars(over))
    for statement in _erasing_asks(EmployerAsk.id.in_(ids)):
        session.execute(statement.execution_options(synchronize_session=False))
    return len(ids)


def _forget_booked(session: Session, now: datetime, limit: int) -> int:
    """Erase what tax law wanted of people who left."""
    over = select(FundedSeat.id).where(FundedSeat.person_id.in_(people_who_left()), FundedSeat.made_at < rules.booked_before(now))
    seat_ids = list(session.scalars(over.limit(limit)))
    for statement in _erasing(select(FundedSeat.id).where(FundedSeat.id.in_(seat_ids))):
        session.execute(statement.execution_options(synchronize_session=False))
    return len(seat_ids)


HELD: Final = PersonalData(
    "funding", frozenset({
        "beneficiary", "employer_ask", "funded_block", "funded_seat", "funding_rule", "funding_share", "funding_situation", "module_tax",
        "provider_tax", "share_step",
    }), _read, _leaving,
)

RECORDS: Final[tuple[RecordClass, ...]] = (
    RecordClass(
        "What a learner tells to see who pays", "funding_situation", "until the learner changes or forgets it, or the account is erased",
        "working out who pays what of a price; asked for nothing else", "erased",
    ),
    RecordClass(
        "Who may use a budget of an employer", "beneficiary", "until the employer takes the address off, or the account is erased",
        "letting who works there learn at the cost of the employer", "erased",
    ),
    RecordClass(
        "Letters to employers that came to nothing", "employer_ask", "they are written",
        "telling the learner what came of it; questions about who said no", "erased", _ASKS_KEPT, _forget_asks,
    ),
    RecordClass(
        "Letters by which an employer agreed to pay", "employer_ask", "as long as the seat that it pays",
        "proof of who agreed, in whose name, from which address (BW 3:70)", "erased",
    ),
    RecordClass(
        "Who paid what of a seat, of who left", "funded_seat", "until the end of the seventh year after enrolling",
        "the books of seven years (AWR art. 52); no name, no address", "erased", apply=_forget_booked,
    ),
    RecordClass(
        "Shares of a price", "funding_share", "as long as the seat that they pay", "who agreed to pay what, and what became of it", "erased",
    ),
    RecordClass(
        "History of a share", "share_step", "as long as the share", "who approved or refused it, which evidence was seen, and why", "erased",
    ),
    RecordClass(
        "Who bought seats for an organisation", "funded_block", "as long as the seats stand in the books", "who ordered what for whom; no learner stands in it",
        "stays, with an id only",
    ),
    RecordClass(
        "Who made a rule", "funding_rule", "as long as the source", "questions about a rule; no learner stands in it", "stays, with an id only",
    ),
    RecordClass(
        "Who said what a provider is for VAT", "provider_tax", "as long as the provider", "the reason of the VAT on an invoice", "stays, with an id only",
    ),
    RecordClass(
        "Who said what a module is for VAT", "module_tax", "as long as the module", "the reason of the VAT on an invoice", "stays, with an id only",
    ),
)
