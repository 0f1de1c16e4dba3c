"""What an employer fills in behind the link in a letter: yes, a part, or no, and once who the firm is."""

from typing import Final

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.fields.core import Field
from wtforms.validators import Length

from academy.accounts.api import kvk_number, names_a_website
from academy.funding.drafts import EmployerAnswer, FirmDraft
from academy.funding.kinds import AskState
from academy.kernel.cleaning import clean_line
from academy.kernel.formats import money
from academy.kernel.money import FREE, Money
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import EurosField, stripped
from academy.kernel.web.forms import Form

_ANSWERS: Final = {"yes": AskState.APPROVED, "part": AskState.PART, "no": AskState.REFUSED}
_FIRM: Final = ("firm", "number", "street", "postcode", "city")


def _short(most: int) -> Length:
    return Length(max=most, message=_l("Dit is te lang."))


class AnswerForm(Form):
    """Yes, a part or no, by the button that was pressed (`answer`); `shown` is the amount that its reader saw, in cents."""

    answer = HiddenField()
    shown = HiddenField()
    firm = StringField(
        _l("Naam van het bedrijf"), [_short(120)], filters=[stripped], render_kw={"autocomplete": "organization", "required": True},
    )
    number = StringField(
        _l("KvK-nummer"), [_short(30)], filters=[stripped], description=_l("8 cijfers. Voorbeeld: 12345678."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false", "required": True},
    )
    street = StringField(
        _l("Straat en huisnummer"), [_short(200)], filters=[stripped], render_kw={"autocomplete": "street-address", "required": True},
    )
    postcode = StringField(_l("Postcode"), [_short(20)], filters=[stripped], render_kw={"autocomplete": "postal-code", "required": True})
    city = StringField(_l("Plaats"), [_short(100)], filters=[stripped], render_kw={"autocomplete": "address-level2", "required": True})
    signer = StringField(
        _l("Jouw naam"), [_short(120)], filters=[stripped], description=_l("Die staat bij het akkoord en op de factuur."),
        render_kw={"autocomplete": "name", "required": True},
    )
    may_decide = BooleanField(_l("Ik mag dit namens het bedrijf beslissen"))
    amount = EurosField(_l("Hoeveel betalen jullie? (€)"), render_kw={"inputmode": "decimal", "autocomplete": "off"})
    reason = TextAreaField(
        _l("Waarom niet?"), [Length(max=500, message=_l("Gebruik hooguit 500 tekens."))], filters=[stripped],
        description=_l("Je medewerker leest dit."), render_kw={"rows": "2"},
    )

    def offer(self, *, asks_firm: bool) -> None:
        """Ask for what an invoice needs only where it is not known."""
        if not asks_firm:
            for name in _FIRM:
                delattr(self, name)

    def is_in_order(self, own: Money) -> bool:
        """Tell whether it is an answer to whether somebody pays `own`; what is wrong is told at its field."""
        if not self.validate():
            return False
        if self.answer.data not in _ANSWERS:
            self.form_errors.append(_("Kies ja, een deel of nee."))
        elif self.answer.data == "no":
            self._need(self.reason, _("Schrijf waarom niet."))
        else:
            self._check_yes(own)
        return not self.errors

    def _check_yes(self, own: Money) -> None:
        for field, wanted in ((self.amount, self.answer.data == "part"), (self.reason, False)):
            if not wanted and field.data:  # Enter in a field presses the first button
                field.errors = [_("Je koos ja, maar vulde hier iets in. Maak het leeg, of kies de knop hieronder.")]
        if self.answer.data == "part":
            self._check_part(own)
        needs = {
            "firm": _("Vul de naam van het bedrijf in."), "street": _("Vul straat en huisnummer in."), "postcode": _("Vul de postcode in."),
            "city": _("Vul de plaats in."), "signer": _("Vul je naam in."),
        }
        for name, words in needs.items():
            if name in self:
                self._need(self[name], words)
        if "number" in self and kvk_number(self.number.data or "") is None:
            self.number.errors = [_("Een KvK-nummer heeft 8 cijfers. Een nummer van 12 cijfers is dat van een vestiging.")]
        for name in ("firm", "signer"):
            if name in self and names_a_website(self[name].data or ""):
                self[name].errors = [_("Schrijf alleen de naam, zonder webadres of e-mailadres.")]
        if not self.may_decide.data:
            self.may_decide.errors = [_("Vink dit aan. Mag je dit niet beslissen? Stuur de e-mail dan door.")]

    def _check_part(self, own: Money) -> None:
        if self.amount.data is None or self.amount.data <= FREE:
            self.amount.errors = [_("Vul een bedrag boven nul in.")]
        elif self.amount.data >= own:
            self.amount.errors = [_("Een deel is minder dan %(amount)s. Betalen jullie alles? Kies dan ja.", amount=money(own))]

    @staticmethod
    def _need(field: Field, words: str) -> None:
        if not any(char.isalnum() for char in field.data or ""):
            field.errors = [words]

    @property
    def given(self) -> EmployerAnswer:
        """What was answered, of a form that is in order."""
        filled, shown = self.data, str(self.shown.data)
        state = _ANSWERS[str(filled["answer"])]
        firm = None
        if "firm" in filled and state is not AskState.REFUSED:
            firm = FirmDraft(
                name=clean_line(filled["firm"]), kvk_number=kvk_number(filled["number"]) or "", street=clean_line(filled["street"]),
                postcode=clean_line(filled["postcode"]).upper(), city=clean_line(filled["city"]),
            )
        return EmployerAnswer(
            state, Money(int(shown)) if shown.isdecimal() and len(shown) < 10 else FREE, clean_line(filled["signer"] or ""),  # noqa: PLR2004 - digits of cents
            filled["amount"] if state is AskState.PART else None, filled["reason"] or "" if state is AskState.REFUSED else "", firm,
        )
