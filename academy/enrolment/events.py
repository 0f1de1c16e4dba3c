"""What enrolment announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from academy.kernel.outbox import Event


@dataclass(frozen=True)
class EnrolmentConfirmed(Event):
    """A person has a seat."""

    name: ClassVar[str] = "Enrolment.enrolment-confirmed.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class EnrolmentCancelled(Event):
    """A person gave the seat back."""

    name: ClassVar[str] = "Enrolment.enrolment-cancelled.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class SeatOffered(Event):
    """A seat came free for a person who waited, and is kept for them for some time."""

    name: ClassVar[str] = "Enrolment.seat-offered.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class AdmissionAsked(Event):
    """A person has a seat if the provider admits them."""

    name: ClassVar[str] = "Enrolment.admission-asked.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class PaymentPromised(Event):
    """A person has a seat as soon as it is paid."""

    name: ClassVar[str] = "Enrolment.payment-promised.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class HoldExpired(Event):
    """A seat that was kept for a person, for what `waited_for` says, went on to others. `waited_for` is a WaitsFor, or `offer`."""

    name: ClassVar[str] = "Enrolment.hold-expired.v1"
    enrolment_id: UUID
    waited_for: str


@dataclass(frozen=True)
class SeatsChanged(Event):
    """The number of free seats of an offering changed; read the present number."""

    name: ClassVar[str] = "Enrolment.seats-changed.v1"
    offering_id: UUID


@dataclass(frozen=True)
class SeatWithdrawn(Event):
    """A person lost the seat, because the provider called the class off."""

    name: ClassVar[str] = "Enrolment.seat-withdrawn.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class PutInLine(Event):
    """A person waits for a seat. The letter says which place in line it is, what happens when a seat comes free, and how to leave with one click.

    The link is `waiting.leave` with `api.waiting_token_for(enrolment_id)`; it asks for no signing in.
    """

    name: ClassVar[str] = "Enrolment.put-in-line.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class NotDrawn(Event):
    """The seats of a class were drawn by lot, and this person got none: they wait on, at the place that the draw gave them.

    Who got one hears that from `SeatOffered`.
    """

    name: ClassVar[str] = "Enrolment.not-drawn.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class NewsWanted(Event):
    """A person who asked to hear of a module can have a seat in this class now. The wish is gone: it is told once.

    The letter says when the class is, and that who is first has the seat.
    """

    name: ClassVar[str] = "Enrolment.news-wanted.v1"
    person_id: UUID
    offering_id: UUID


@dataclass(frozen=True)
class GroupEnrolled(Event):
    """People were enrolled together by one of them or by somebody else; `api.group_for_letter(group_id)` says who, and how each stands.

    Each gets one letter, in the place of the usual confirmation: who enrolled them, for what, and how to give the place back. Who is still
    to be admitted hears that from `AdmissionAsked` as well. Who made the group hears that all have a place, and that it is paid to the provider.
    """

    name: ClassVar[str] = "Enrolment.group-enrolled.v1"
    group_id: UUID


@dataclass(frozen=True)
class SeatTakenOver(Event):
    """A person has the seat that somebody else sent them with: `enrolment_id` is the new enrolment, `from_id` the one that ended.

    The new one hears who sent them, for what, and how to give the seat back; the other that the seat is passed on. Neither gets the usual
    confirmation.
    """

    name: ClassVar[str] = "Enrolment.seat-taken-over.v1"
    enrolment_id: UUID
    from_id: UUID


@dataclass(frozen=True)
class EnrolmentWithdrawn(Event):
    """A learner withdrew from the contract. The letter is the acknowledgement that the law asks: which contract, and when to the second."""

    name: ClassVar[str] = "Enrolment.enrolment-withdrawn.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class WithdrawalRefused(Event):
    """A learner wanted to withdraw from a contract and can not. The letter says why, and what one can do."""

    name: ClassVar[str] = "Enrolment.withdrawal-refused.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class RefundDue(Event):
    """Of what was paid for a seat, all but `owed_cents` goes back to who paid, within fourteen days (BW 6:230r)."""

    name: ClassVar[str] = "Enrolment.refund-due.v1"
    enrolment_id: UUID
    owed_cents: int


@dataclass(frozen=True)
class SeatHeldForGuest(Event):
    """A seat is kept for who filled in only a name and an address. The letter carries the link that signs its reader in and leads to the check.

    It says for what the seat is and until when it is kept; not the name, which a stranger may have typed. `link_id` is that of the sign-in link
    (`accounts.token_for`). Who no longer has the link to use gets no letter.
    """

    name: ClassVar[str] = "Enrolment.seat-held-for-guest.v1"
    enrolment_id: UUID
    link_id: UUID


@dataclass(frozen=True)
class AdmissionRefused(Event):
    """The provider does not admit a person. The letter gives the reason (`api.reason_for(enrolment_id)`) and says that there is nothing to pay."""

    name: ClassVar[str] = "Enrolment.admission-refused.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class ClassGoesAhead(Event):
    """The class of this enrolment is sure to go ahead. The letter says so, with the first day."""

    name: ClassVar[str] = "Enrolment.class-goes-ahead.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class ClassUndecided(Event):
    """On the day of deciding a class has fewer people than it needs. The letter goes to the planners: how many there are, and the page to decide."""

    name: ClassVar[str] = "Enrolment.class-undecided.v1"
    offering_id: UUID


@dataclass(frozen=True)
class ClassExtended(Event):
    """The class of this enrolment is decided about later, and may begin later. The letter gives both days, and says that leaving is free."""

    name: ClassVar[str] = "Enrolment.class-extended.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class SeatMoved(Event):
    """A person has their seat in another class of the same module. The letter says when that is, and that leaving is free."""

    name: ClassVar[str] = "Enrolment.seat-moved.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class ResultFinal(Event):
    """The exam board made a result final. The letter says that there is a result and where it stands: a grade is not for every mailbox.

    Read it with `api.final_result(enrolment_id)`; None when the exam board took it up again meanwhile: then there is no letter.
    """

    name: ClassVar[str] = "Enrolment.result-final.v1"
    enrolment_id: UUID


@dataclass(frozen=True)
class StudyGroupPossible(Event):
    """Enough learners of an online module want to meet; `offering_id` is the first of its classes. Told once per class.

    The letter goes to the provider's planners and the programme office: how many learners, and the page where a room is given.
    """

    name: ClassVar[str] = "Enrolment.study-group-possible.v1"
    offering_id: UUID


@dataclass(frozen=True)
class StudyGroupOpened(Event):
    """A study group has a place and a time, or another one than before.

    The letter goes to each who wants to meet (`api.study_group_for_letter(offering_id)` gives the group and their enrolments): where, when,
    from which day to which, and how to leave the group.
    """

    name: ClassVar[str] = "Enrolment.study-group-opened.v1"
    offering_id: UUID
