"""The shape of what is filled in about a pool: where to look, a promise of seats, and the answer to what a provider offers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from typing_extensions import override
from wtforms import BooleanField, EmailField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from academy.accounts import api as accounts
from academy.employers.drafts import Agreed, PledgeDraft
from academy.employers.forms.slots import SlotsForm
from academy.employers.kinds import Party
from academy.kernel.cleaning import clean_line
from academy.kernel.money import FREE, Money
from academy.kernel.text import Language
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import EurosField, WholeNumberField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email
from academy.payments import api as payments
from academy.search import api as search

ON_INVOICE: Final = "invoice"
MOST_SEATS: Final = 200
_BILLING: Final = ("legal_name", "street", "postcode", "city")


def _in_reach(_form: BaseForm, field: Field) -> None:
    if field.data is None or not 1 <= field.data <= MOST_SEATS:
        raise ValidationError(_l("Kies een getal van 1 tot en met 200."))


def _more_than_nothing(_form: BaseForm, field: Field) -> None:
    if field.data is not None and field.data.is_zero:
        raise ValidationError(_l("Vul een bedrag in, of laat dit leeg."))


def _is_postcode(_form: BaseForm, field: Field) -> None:
    if field.data and search.postcode_in(field.data) is None:
        raise ValidationError(_l("Deze postcode kennen we niet. Typ vier cijfers, bijvoorbeeld 1315."))


def _is_kvk(_form: BaseForm, field: Field) -> None:
    if accounts.kvk_number(field.data or "") is None:
        raise ValidationError(_l("Een KvK-nummer heeft acht cijfers, bijvoorbeeld 12345678."))


def _is_name(_form: BaseForm, field: Field) -> None:
    if accounts.names_a_website(field.data or ""):
        raise ValidationError(_l("Schrijf alleen de naam, zonder webadres of e-mailadres."))


def _is_offered(_form: BaseForm, field: Any) -> None:  # noqa: ANN401 - any field with choices
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError(_l("In dit budget zit niet meer genoeg. Kies hoe jullie betalen."))


def cents_in(shown: str | None) -> Money:
    """Return the amount that a page showed, in cents; what was tampered with is nothing, which agrees to no price."""
    text = str(shown or "")
    return Money(int(text)) if text.isdecimal() and text.isascii() and len(text) < 10 else FREE  # noqa: PLR2004 - digits of cents


class WhereForm(Form):
    """Which pools to see first; sent by GET."""

    class Meta:
        csrf = False

    postcode = StringField(
        _l("Jouw postcode"), [_is_postcode], filters=[stripped], description=_l("Vier cijfers is genoeg."),
        render_kw={"autocomplete": "postal-code", "inputmode": "text", "size": 8},
    )
    online = BooleanField(_l("Alleen online"))

    @property
    def area(self) -> str | None:
        """The area of the postcode; None without one, or with one that is none."""
        found = search.postcode_in(self.postcode.data or "")
        return found[:2] if found else None


class TermsForm(SlotsForm):
    """What one promises: seats, moments and a price. A citizen promises one seat."""

    seats = WholeNumberField(_l("Hoeveel plekken?"), [InputRequired(_l("Vul in hoeveel plekken.")), _in_reach], render_kw={"inputmode": "numeric"})
    most_price = EurosField(
        _l("Hoeveel mag een plek hooguit kosten?"), [Optional(), _more_than_nothing], description=_l("In euro’s, met btw. Je zit nergens aan vast."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.slots.label.text = _("Wanneer kan het?")

    def ask_of_party(self, party: Party) -> None:
        """Ask who comes alone for no number."""
        if party is Party.CITIZEN:
            del self.seats

    @property
    def chosen_seats(self) -> int:
        return int(self.seats.data) if "seats" in self else 1

    @property
    def chosen_price(self) -> Money | None:
        price: Money | None = self.most_price.data
        return price


class PledgeForm(TermsForm):
    """Take part in a pool."""

    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped])

    def ask_of(self, party: Party, own: str | None) -> None:
        """Leave the address out for who is signed in, with the address `own`."""
        self.ask_of_party(party)
        self._own = own
        if own is not None:
            del self.email

    def draft(self, party: Party, language: Language) -> PledgeDraft:
        email = self._own or clean_email(str(self.email.data)) or ""
        return PledgeDraft(party, email, language, self.chosen_seats, self.chosen_slots, self.chosen_price)


class ProveForm(Form):
    """For which firm somebody promises: one they act for, or once its number and name."""

    firm = SelectField(_l("Voor welk bedrijf of welke school?"))
    kvk_number = StringField(
        _l("KvK-nummer"), [InputRequired(_l("Vul het KvK-nummer in.")), _is_kvk], filters=[stripped], description=_l("Acht cijfers."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    firm_name = StringField(
        _l("Naam van het bedrijf"), [InputRequired(_l("Vul de naam van het bedrijf in.")), Length(max=120, message=_l("Dit is te lang.")), _is_name],
        filters=[stripped], render_kw={"autocomplete": "organization"},
    )

    def ask_of(self, party: Party, firms: Sequence[tuple[UUID, str]]) -> None:
        """Ask only what is not known: nothing of a citizen, or of who acts for one firm."""
        self.firm.choices = [SelectChoice(str(firm_id), name) for firm_id, name in firms]
        if party is Party.CITIZEN or firms:
            del self.kvk_number, self.firm_name
        if party is Party.CITIZEN or len(firms) < 2:  # noqa: PLR2004 - a choice
            del self.firm

    @property
    def given(self) -> dict[str, Any]:
        """What was said of the firm, as proving takes it."""
        if "kvk_number" in self:
            return {"kvk_number": accounts.kvk_number(str(self.kvk_number.data)) or "", "firm_name": clean_line(str(self.firm_name.data))}
        return {"firm_id": UUID(str(self.firm.data))} if "firm" in self else {}


class ConfirmForm(Form):
    """Agree to what a provider offers; `shown` is the price of a seat that the reader saw, in cents. With one way to pay nothing is asked."""

    shown = HiddenField()
    pay = RadioField(_l("Waarvan betalen jullie?"), [_is_offered], validate_choice=False)
    may_cost_more = BooleanField(_l("Wij betalen deze prijs"), [InputRequired(_l("Vink dit aan, of doe niet mee."))])
    legal_name = StringField(
        _l("Naam op de factuur"), [InputRequired(_l("Vul de naam in.")), Length(max=200, message=_l("Dit is te lang."))], filters=[stripped],
        render_kw={"autocomplete": "organization"},
    )
    street = StringField(
        _l("Straat en huisnummer"), [InputRequired(_l("Vul straat en huisnummer in.")), Length(max=200, message=_l("Dit is te lang."))], filters=[stripped],
        render_kw={"autocomplete": "street-address"},
    )
    postcode = StringField(
        _l("Postcode"), [InputRequired(_l("Vul de postcode in.")), Length(max=20, message=_l("Dit is te lang."))], filters=[stripped],
        render_kw={"autocomplete": "postal-code"},
    )
    city = StringField(
        _l("Plaats"), [InputRequired(_l("Vul de plaats in.")), Length(max=100, message=_l("Dit is te lang."))], filters=[stripped],
        render_kw={"autocomplete": "address-level2"},
    )
    reference = StringField(_l("Jullie kenmerk op de factuur"), [Length(max=60, message=_l("Dit is te lang."))], filters=[stripped], render_kw={"autocomplete": "off"})

    def offer(self, *, pays: Sequence[tuple[str, str]], asks_billing: bool, costs_more: bool) -> None:
        """Offer these ways to pay, as (value, words), the first chosen; ask for the rest only where it is needed."""
        self.pay.choices = [SelectChoice(value, words) for value, words in pays]
        self.pay.data = self.pay.data or (pays[0][0] if pays else None)
        if len(pays) < 2 and self.pay.data in {None, *(value for value, _words in pays)}:  # noqa: PLR2004 - a choice
            del self.pay
        if not pays:
            del self.reference
        if not asks_billing:
            for name in _BILLING:
                delattr(self, name)
        if not costs_more:
            del self.may_cost_more

    @property
    def agreed(self) -> Agreed:
        chosen = str(self.pay.data) if "pay" in self else ON_INVOICE
        reference = clean_line(self.reference.data or "") if "reference" in self else ""
        return Agreed(cents_in(self.shown.data), "may_cost_more" in self, "" if chosen == ON_INVOICE else chosen, reference)

    def billing(self, firm: accounts.OrganisationFacts | None, email: str) -> payments.BillingFacts | None:
        """Return where the invoice goes; None where that was not asked."""
        if firm is None or "street" not in self:
            return None
        name, street, postcode, city = (clean_line(str(self[field].data)) for field in _BILLING)
        party = payments.Party(name, street, postcode.upper(), city, firm.country, firm.kvk_number, vat_id=firm.vat_id, email=email)
        return payments.BillingFacts(party)


def _seats_in(shown: str | None) -> int:
    text = str(shown or "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 else 0  # noqa: PLR2004 - digits of seats


class EmptySeatsForm(Form):
    """Pay so many empty seats, at the price that the reader saw, beside the seats that they had then: the same form sent again pays nothing more."""

    shown = HiddenField()
    number = HiddenField()
    had = HiddenField()

    @property
    def price(self) -> Money:
        return cents_in(self.shown.data)

    @property
    def seats(self) -> int:
        """How many; what was tampered with is none, which is refused."""
        return _seats_in(self.number.data)

    @property
    def had_seats(self) -> int:
        """How many the reader had; what was tampered with is none, which nobody has."""
        return _seats_in(self.had.data)
