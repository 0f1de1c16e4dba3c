"""The shape of billing details, and of what a supplier writes down as received."""

from datetime import date
from typing import Any

from stdnum import iban
from wtforms import EmailField, Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from academy.accounts.api import COUNTRIES, kvk_number, vat_id
from academy.accounts.words import country_word
from academy.kernel.cleaning import clean_line
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import DayField, EurosField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email
from academy.payments.queries.billing import BillingFacts, Party
from academy.payments.words import exact_money


def _short(most: int) -> Length:
    return Length(max=most, message=_l("Dit is te lang."))


def _is_listed(_form: BaseForm, field: Any) -> None:  # noqa: ANN401 - any field with choices
    if field.data not in COUNTRIES:
        raise ValidationError(_("Kies uit de lijst."))


class BillingForm(Form):
    """What the law asks on an invoice of an organisation that buys or sells (Wet OB 1968, art. 35a)."""

    name = StringField(
        _l("Officiële naam"), [DataRequired(_l("Vul de naam in.")), _short(200)], filters=[stripped],
        description=_l("Waarom? Deze naam moet op de factuur staan. Voorbeeld: Bakkerij De Vries B.V."), render_kw={"autocomplete": "organization"},
    )
    street = StringField(
        _l("Straat en huisnummer"), [DataRequired(_l("Vul straat en huisnummer in.")), _short(200)], filters=[stripped],
        render_kw={"autocomplete": "street-address"},
    )
    postcode = StringField(
        _l("Postcode"), [DataRequired(_l("Vul de postcode in.")), _short(20)], filters=[stripped], render_kw={"autocomplete": "postal-code"},
    )
    city = StringField(
        _l("Plaats"), [DataRequired(_l("Vul de plaats in.")), _short(100)], filters=[stripped], render_kw={"autocomplete": "address-level2"},
    )
    country = SelectField(_l("Land"), [_is_listed], validate_choice=False)
    kvk_number = StringField(
        _l("KvK-nummer"), [Optional(), _short(30)], filters=[stripped], description=_l("Alleen in Nederland. Het zijn 8 cijfers."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    vat_id = StringField(
        _l("Btw-id"), [Optional(), _short(30)], filters=[stripped], description=_l("Voorbeeld: NL123456789B01."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    iban = StringField(
        _l("Rekeningnummer (IBAN)"), [Optional(), _short(60)], filters=[stripped],
        description=_l("Waarom? Hierop ontvang je wat op facturen wordt betaald. Voorbeeld: NL91 ABNA 0417 1643 00."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    email = EmailField(
        _l("E-mailadres voor facturen"), [Optional(), *EMAIL_CHECKS], filters=[stripped],
        description=_l("Waarom? Dit adres staat op de factuur, voor vragen."), render_kw={"autocomplete": "email"},
    )
    purchase_order = StringField(
        _l("Inkoopnummer"), [Optional(), _short(60)], filters=[stripped],
        description=_l("Wil je administratie een nummer op elke factuur zien? Vul het hier in."), render_kw={"autocomplete": "off"},
    )

    def offer(self, *, is_supplier: bool) -> None:
        """Fill the list of countries; who only buys needs no account to be paid on."""
        self.country.choices = [SelectChoice(code, country_word(code)) for code in COUNTRIES]
        if not is_supplier:
            del self.iban

    def is_in_order(self) -> bool:
        """Tell whether an invoice can be made with this; what can not is told at its field."""
        if self.validate():
            party, is_dutch, is_supplier = self.details.party, self.country.data == "NL", "iban" in self
            if not party.kvk_number and (is_dutch or self.kvk_number.data):
                self._wrong(self.kvk_number, _("Een KvK-nummer heeft 8 cijfers. Een nummer van 12 cijfers is dat van een vestiging."))
            if not party.vat_id and (self.vat_id.data or is_supplier or not is_dutch):
                self._wrong(self.vat_id, _("Dit is geen btw-id van %(country)s.", country=country_word(party.country)))
            if is_supplier and not party.iban:
                self._wrong(self.iban, _("Dit is geen IBAN. Kijk het nummer na op je bankpas of afschrift."))
        return not self.errors

    @property
    def details(self) -> BillingFacts:
        """What was filled in, in the form we keep; a number that can not be is empty."""
        filled: dict[str, str] = {name: value or "" for name, value in self.data.items()}
        country, account = filled["country"], iban.compact(filled.get("iban", ""))
        party = Party(
            name=clean_line(filled["name"]), street=clean_line(filled["street"]), postcode=clean_line(filled["postcode"]).upper(),
            city=clean_line(filled["city"]), country=country, kvk_number=(kvk_number(filled["kvk_number"]) or "") if country == "NL" else "",
            vat_id=vat_id(filled["vat_id"], country) or "" if country in COUNTRIES else "", iban=account if iban.is_valid(account) else "",
            email=clean_email(filled["email"]) or "",
        )
        return BillingFacts(party, clean_line(filled["purchase_order"]))

    @staticmethod
    def _wrong(field: Field, sentence: str) -> None:
        field.errors = (*field.errors, sentence)


def billing_values(details: BillingFacts) -> dict[str, str]:
    """Return what the form shows of particulars that are there."""
    return {**vars(details.party), "purchase_order": details.purchase_order}


class ReceivedForm(Form):
    """What came for an invoice into the supplier's own account."""

    amount = EurosField(_l("Bedrag in euro"), [InputRequired(_l("Vul het bedrag in."))], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    received_on = DayField(_l("Op welke dag kwam het binnen?"), [InputRequired(_l("Vul de dag in."))])

    def is_in_order(self, *, most: Money, issued_on: date, today: date) -> bool:
        """Tell whether it can be so: no more than is open, on a day that has been, and not before the invoice was there."""
        if self.validate():
            if not FREE < self.amount.data <= most:
                self.amount.errors = (_("Er staat nog %(amount)s open.", amount=exact_money(most)),)
            day: date | None = self.received_on.data
            if day is not None and not issued_on <= day <= today:
                self.received_on.errors = (_("Kies een dag vanaf de factuurdatum, tot en met vandaag."),)
        return not self.errors

    @property
    def received(self) -> tuple[Money, date]:
        """Amount and day of a form that is in order."""
        filled = self.data
        return filled["amount"], filled["received_on"]
