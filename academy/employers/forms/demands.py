"""The shape of a question of an employer, a citizen or a school: six fields at most that a new user has to fill in."""

from datetime import date, timedelta
from typing import Any, Final

from typing_extensions import override
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation, ValidationError

from academy.accounts import api as accounts
from academy.employers.drafts import DemandDraft
from academy.employers.forms.slots import SlotsForm
from academy.employers.kinds import Party
from academy.employers.rules import words_of
from academy.employers.words import party_word
from academy.kernel.cleaning import clean_line
from academy.kernel.money import Money
from academy.kernel.text import Language
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import EurosField, WholeNumberField, stripped
from academy.kernel.web.forms import Form, KeyedForm
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email
from academy.search import api as search

MOST_PEOPLE: Final = 500
LONGEST: Final = 500
_MOST_SKILLS: Final = 12
_LONGEST_URI: Final = 200
_WITHIN: Final = {"3": _l("Binnen drie maanden"), "6": _l("Binnen een half jaar"), "12": _l("Binnen een jaar")}
_A_MONTH: Final = timedelta(days=30)


class _ForOrganisations:
    """Ends the checks of a field that nobody fills in who asks for themselves; who does not has to fill it in."""

    field_flags: Final = {"required": True}

    def __init__(self, message: object) -> None:
        self._message = message

    def __call__(self, form: BaseForm, field: Field) -> None:
        if form["party"].data == Party.CITIZEN.value:
            field.errors = []  # also what could not be read
            raise StopValidation
        if field.data is None or not str(field.data).strip():
            if field.errors:  # it could not be read, and that was said
                raise StopValidation
            raise StopValidation(str(self._message))


def _in_reach(_form: BaseForm, field: Field) -> None:
    if not 1 <= field.data <= MOST_PEOPLE:
        raise ValidationError(_l("Kies een getal van 1 tot en met 500."))


def _says_something(_form: BaseForm, field: Field) -> None:
    if not words_of(field.data):
        raise ValidationError(_l("Schrijf in een paar woorden wat ze moeten kunnen, bijvoorbeeld “lassen”."))


def _names_nobody(_form: BaseForm, field: Field) -> None:
    if search.names_somebody(field.data):
        raise ValidationError(_l("Anderen lezen deze tekst. Haal e-mailadressen, telefoonnummers, postcodes en links weg."))


def _is_kvk(_form: BaseForm, field: Field) -> None:
    if accounts.kvk_number(field.data) is None:
        raise ValidationError(_l("Een KvK-nummer heeft acht cijfers, bijvoorbeeld 12345678."))


def _is_postcode(form: BaseForm, field: Field) -> None:
    if not field.data and not form["online"].data:
        raise ValidationError(_l("Vul een postcode in, of kies online."))
    if field.data and search.postcode_in(field.data) is None:
        raise ValidationError(_l("Deze postcode kennen we niet. Typ vier cijfers, bijvoorbeeld 1315."))


def _more_than_nothing(_form: BaseForm, field: Field) -> None:
    if field.data is not None and field.data.is_zero:
        raise ValidationError(_l("Vul een bedrag in, of laat dit leeg."))


class DemandForm(SlotsForm, KeyedForm):
    """Say what people must be able to do. `shown` are the skills that the page recognised, `skills` those that were kept."""

    party = RadioField(_l("Voor wie vraag je dit?"), choices=[SelectChoice(party.value) for party in Party], default=Party.EMPLOYER.value)
    words = TextAreaField(
        _l("Wat moeten je mensen kunnen?"),
        [DataRequired(_l("Schrijf wat je mensen moeten kunnen.")), Length(max=LONGEST, message=_l("Gebruik hooguit 500 tekens.")), _says_something, _names_nobody],
        filters=[stripped], description=_l("Gewone woorden zijn genoeg. Bijvoorbeeld: zonnepanelen aansluiten en veilig werken op een dak."),
        render_kw={"rows": 3, "maxlength": LONGEST},
    )
    skills = SelectMultipleField(validate_choice=False)
    shown = SelectMultipleField(validate_choice=False)
    people = WholeNumberField(
        _l("Hoeveel mensen?"), [_ForOrganisations(_l("Vul in voor hoeveel mensen je dit zoekt.")), _in_reach], render_kw={"inputmode": "numeric"},
    )
    postcode = StringField(
        _l("Waar?"), [_is_postcode], filters=[stripped], description=_l("De postcode waar je mensen werken of wonen. Alleen de cijfers is genoeg."),
        render_kw={"autocomplete": "postal-code"},
    )
    online = BooleanField(_l("Online is ook goed"))
    within = SelectField(_l("Wanneer moet het beginnen?"), [Optional()])
    most_price = EurosField(
        _l("Budget per persoon"), [Optional(), _more_than_nothing], description=_l("In euro’s, met btw. Je zit nergens aan vast."),
    )
    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped])
    kvk_number = StringField(
        _l("KvK-nummer"), [_ForOrganisations(_l("Vul het KvK-nummer in.")), _is_kvk], filters=[stripped],
        description=_l("Acht cijfers. Zo weten we om welk bedrijf of welke school het gaat."), render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.party.choices = [SelectChoice(party.value, party_word(party)) for party in Party]
        self.within.choices = [SelectChoice("", _("Maakt niet uit")), *(SelectChoice(months, str(words)) for months, words in _WITHIN.items())]
        self._own, self._has_firm = "", False

    def ask_of(self, own: str | None, *, has_firm: bool) -> None:
        """Leave the address out for who is signed in, with the address `own`, and the number for who acts for a firm."""
        self._own, self._has_firm = own or "", has_firm
        if own is not None:
            del self.email
        if has_firm:
            del self.kvk_number

    @property
    def dropped(self) -> frozenset[str]:
        """The skills that the page showed and that were taken away."""
        return frozenset(self.shown.data or ()) - frozenset(self.skills.data or ())

    def draft(self, language: Language, *, kvk_number: str = "", today: date) -> DemandDraft:
        """Return the question; of a form that was not checked, what can be read of it. `kvk_number` is that of a firm that is known."""
        party = Party(self.party.data) if self.party.data in set(Party) else Party.EMPLOYER
        price, people = self.most_price.data, self.people.data
        return DemandDraft(
            party=party, email=self._own or clean_email(self.email.data or "") or "", language=language,
            words=clean_line(self.words.data or "")[:LONGEST],
            people=people if isinstance(people, int) and 1 <= people <= MOST_PEOPLE and party is not Party.CITIZEN else 1,
            slots=self.chosen_slots, kvk_number=kvk_number if self._has_firm else accounts.kvk_number(self.kvk_number.data or "") or "",
            skills=tuple(uri for uri in dict.fromkeys(self.skills.data or ()) if len(uri) <= _LONGEST_URI)[:_MOST_SKILLS],
            postcode=search.postcode_in(self.postcode.data or "") or "", online=bool(self.online.data),
            wanted_by=today + int(self.within.data) * _A_MONTH if self.within.data in _WITHIN else None,
            most_price=price if isinstance(price, Money) and not price.is_zero else None,
        )


class ProveForm(Form):
    """Say once how one's firm is called, where its number is new here."""

    firm_name = StringField(
        _l("Hoe heet je bedrijf of school?"), [InputRequired(_l("Vul de naam in.")), Length(max=120, message=_l("Deze naam is te lang."))],
        filters=[stripped], render_kw={"autocomplete": "organization"},
    )

    def ask(self, *, name: bool) -> None:
        """Leave the name out where it is known."""
        if not name:
            del self.firm_name

    def is_in_order(self) -> bool:
        """Tell whether the name can be kept; what is wrong with it is told at its field."""
        if self.validate() and "firm_name" in self:
            if not any(char.isalpha() for char in self.name):
                self.firm_name.errors = [_("Vul de naam in.")]
            elif accounts.names_a_website(self.name):
                self.firm_name.errors = [_("Schrijf alleen de naam, zonder webadres of e-mailadres.")]
        return not self.errors

    @property
    def name(self) -> str:
        """The name that was filled in; empty where it was not asked."""
        return clean_line(self.firm_name.data or "") if "firm_name" in self else ""


class JoinForm(Form):
    """Join a pool, or begin one for a module; for neither, one for the question itself."""

    pool = HiddenField()
    module = HiddenField()
