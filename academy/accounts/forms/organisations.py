"""The shape of what people fill in about an organisation and who acts for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from academy.accounts import rules, words
from academy.accounts.drafts import OrganisationDraft
from academy.accounts.forms.signing_in import email_checks
from academy.accounts.models import OrganisationKind, Role, SizeClass
from academy.accounts.queries.organisations import InvitationFacts, MemberFacts, OrganisationFacts
from academy.kernel.cleaning import clean_line
from academy.kernel.formats import in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import clean_email


def _is_offered(_form: BaseForm, field: Any) -> None:  # noqa: ANN401 - any field with choices
    offered = {choice.value for choice in field.choices}
    chosen = field.data if isinstance(field.data, list) else [field.data]
    if not offered.issuperset(chosen):
        raise ValidationError(_("Kies uit de lijst."))


class OrganisationForm(Form):
    """What funding and invoices need of an organisation, and nothing else; size and sector of employers only."""

    name = StringField(
        _l("Naam van de organisatie"),
        [InputRequired(_l("Vul de naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens."))],
        filters=[stripped], description=_l("Waarom? Je collega’s en aanbieders zien deze naam."), render_kw={"autocomplete": "organization"},
    )
    country = SelectField(_l("Land"), [_is_offered], validate_choice=False, description=_l("Waarom? Hieraan zien we welk nummer je bedrijf heeft."))
    number = StringField(
        _l("KvK-nummer, of btw-nummer bij een ander land"), [InputRequired(_l("Vul het nummer in.")), Length(max=30, message=_l("Dit is te lang."))],
        filters=[stripped], description=_l("Waarom? Zo staat je bedrijf er maar één keer in en klopt de factuur. Voorbeeld: 12345678."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    size_class = SelectField(
        _l("Hoeveel mensen werken er?"), [_is_offered], validate_choice=False,
        description=_l("Waarom? Voor kleine bedrijven is er vaak meer subsidie."),
    )
    sector = SelectField(
        _l("Sector"), [_is_offered], validate_choice=False,
        description=_l("Waarom? Veel sectoren hebben een fonds dat meebetaalt. Je mag dit leeg laten."),
    )

    def offer(self, kind: OrganisationKind, sectors: Sequence[tuple[str, Localized]]) -> None:
        """Fill the lists to choose from, and ask nothing that is of no use for this kind."""
        self.country.choices = [SelectChoice(code, words.country_word(code)) for code in rules.COUNTRIES]
        self.size_class.choices = [SelectChoice("", _("Maak een keuze")), *(SelectChoice(each.value, words.size_words(each)) for each in SizeClass)]
        named = [SelectChoice(code, in_current_language(title)) for code, title in sectors]
        self.sector.choices = [SelectChoice("", _("Geen of een andere")), *named]
        if kind is not OrganisationKind.EMPLOYER:
            del self.size_class, self.sector

    def is_in_order(self) -> bool:
        """Tell whether everything can be kept; what can not is told at its field."""
        if self.validate():
            if not any(char.isalpha() for char in self.draft.name):
                self._wrong(self.name, _("Vul de naam in."))
            elif rules.names_a_website(self.draft.name):
                self._wrong(self.name, _("Schrijf alleen de naam, zonder webadres of e-mailadres."))
            if "size_class" in self and not self.size_class.data:
                self._wrong(self.size_class, _("Kies hoeveel mensen er werken."))
            if not (self.draft.kvk_number or self.draft.vat_id):
                self._wrong(self.number, self._number_help())
        return not self.errors

    def refuse_number(self) -> None:
        """Say that another organisation has the number, and nothing else of it."""
        self._wrong(self.number, _("Er is al een organisatie met dit nummer. Vraag een collega om je uit te nodigen."))

    @property
    def draft(self) -> OrganisationDraft:
        """What was filled in, in the form we keep; a number that can not be is empty."""
        filled = self.data
        country, typed, size = filled["country"] or "NL", filled["number"] or "", filled.get("size_class")
        is_dutch = country == "NL"
        return OrganisationDraft(
            name=clean_line(filled["name"] or ""), country=country,
            kvk_number=(rules.kvk_number(typed) or "") if is_dutch else "",
            vat_id="" if is_dutch else (rules.vat_id(typed, country) or ""),
            size_class=SizeClass(size) if size else None, sector=filled.get("sector") or "",
        )

    def _number_help(self) -> str:
        if self.country.data == "NL":
            return _("Een KvK-nummer heeft 8 cijfers. Een nummer van 12 cijfers is dat van een vestiging.")
        return _("Dit is geen btw-nummer van %(country)s.", country=words.country_word(self.country.data or ""))

    @staticmethod
    def _wrong(field: StringField | SelectField, sentence: str) -> None:
        field.errors = (*field.errors, sentence)


def organisation_values(facts: OrganisationFacts) -> dict[str, str]:
    """Return what the form shows of an organisation that is there."""
    return {
        "name": facts.name, "country": facts.country, "number": facts.kvk_number or facts.vat_id,
        "size_class": facts.size_class.value if facts.size_class else "", "sector": facts.sector,
    }


class InviteForm(Form):
    """Ask a colleague by e-mail."""

    email = EmailField(
        _l("E-mailadres van je collega"), email_checks, filters=[stripped],
        description=_l("Waarom? Hier sturen we de uitnodiging heen. We gebruiken het adres nergens anders voor."),
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(_l("Wat gaat je collega doen?"), [InputRequired(_l("Kies een rol.")), _is_offered], validate_choice=False)

    def offer(self, kind: OrganisationKind) -> None:
        self.role.choices = _roles(kind)

    def is_in_order(self, members: Iterable[MemberFacts], invitations: Iterable[InvitationFacts]) -> bool:
        """Tell whether the letter can go: not to who acts for the organisation already, and one letter per address."""
        if self.validate():
            if any(one.email == self.address for one in members):
                self.email.errors = (_("Deze collega hoort er al bij. Verander de rol in de lijst."),)
            elif any(one.email == self.address for one in invitations):
                self.email.errors = (_("Dit adres is al uitgenodigd. Stuur de brief opnieuw, of trek de uitnodiging in."),)
        return not self.errors

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""

    @property
    def chosen(self) -> Role:
        return Role(self.role.data)


class RolesForm(Form):
    """What a colleague does."""

    roles = ChoicesField(_l("Rollen"), [InputRequired(_l("Kies minstens één rol.")), _is_offered], validate_choice=False)

    def offer(self, kind: OrganisationKind) -> None:
        self.roles.choices = _roles(kind)

    @property
    def chosen(self) -> set[Role]:
        return {Role(role) for role in self.roles.data or ()}


def _roles(kind: OrganisationKind) -> list[SelectChoice]:
    named = [Role(code) for code in rules.roles_of(kind)]
    return [SelectChoice(role.value, f"{words.role_word(role)}: {words.duty_words(role)}") for role in named]
