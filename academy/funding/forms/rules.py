"""A rule as a keeper of money writes it down: what it pays, of what, for whom, and how."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from academy.catalogue.api import ModuleKind, kind_word
from academy.funding.drafts import RuleDraft
from academy.funding.facts import RuleFacts
from academy.funding.forms.situation import one_of_the_list, sector_choices, size_choices
from academy.funding.kinds import Basis, Fallback, SourceKind
from academy.funding.words import basis_words, fallback_words
from academy.kernel.cleaning import clean_line
from academy.kernel.formats import short_day
from academy.kernel.money import FREE, Money
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, EurosField, NumberField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

FIRST_IN_LINE: Final = 100  # where a rule stands among all others when nobody says otherwise
_LAST_IN_LINE: Final = 999
_WHOLE: Final = 100
_MOST_EVIDENCE, _LONGEST_EVIDENCE = 5, 120
_AREA: Final = re.compile(r"([1-9]\d{3})(?:\s*-\s*([1-9]\d{3}))?")
_DECIMALS: Final = {"inputmode": "decimal", "autocomplete": "off"}
_DIGITS: Final = {"inputmode": "numeric", "autocomplete": "off"}


def _above_nothing(_form: BaseForm, field: Any) -> None:  # noqa: ANN401 - a field of euros
    if field.data is not None and field.data <= FREE:
        raise ValidationError(_("Vul een bedrag boven nul in, of laat het leeg."))


class RuleForm(Form):
    """How much a source pays of which seats, from which day on."""

    name = StringField(
        _l("Naam"), [DataRequired(_l("Vul een naam in.")), Length(max=120, message=_l("Gebruik hooguit 120 tekens."))], filters=[stripped],
        description=_l("Cursisten zien deze naam. Voorbeeld: De helft voor de techniek."), render_kw={"autocomplete": "off"},
    )
    valid_from = DayField(_l("Geldt vanaf"), [InputRequired(_l("Kies een dag."))], description=_l("Het telt op welke dag iemand zich inschrijft."))
    percentage = NumberField(
        _l("Hoeveel procent betaal je?"), [InputRequired(_l("Vul een percentage in."))], description=_l("Voorbeeld: 50."), render_kw=_DECIMALS,
    )
    cap_seat = EurosField(_l("Hooguit per plek (€)"), [_above_nothing], render_kw=_DECIMALS)
    basis = RadioField(_l("Waarvan is dat een percentage?"), [one_of_the_list], validate_choice=False)
    cap_person_year = EurosField(_l("Hooguit per persoon per jaar (€)"), [_above_nothing], render_kw=_DECIMALS)
    cap_firm_year = EurosField(_l("Hooguit per werkgever per jaar (€)"), [_above_nothing], render_kw=_DECIMALS)
    cap_provider_year = EurosField(_l("Hooguit per aanbieder per jaar (€)"), [_above_nothing], render_kw=_DECIMALS)
    module_kinds = ChoicesField(_l("Alleen voor dit soort modules"), [one_of_the_list], validate_choice=False)
    excluded_kinds = ChoicesField(_l("Niet voor dit soort modules"), [one_of_the_list], validate_choice=False)
    sectors = ChoicesField(_l("Alleen voor wie in deze sectoren werkt"), [one_of_the_list], validate_choice=False)
    size_classes = ChoicesField(_l("Alleen bij werkgevers van deze grootte"), [one_of_the_list], validate_choice=False)
    postcodes = StringField(
        _l("Alleen in deze postcodes"), [Length(max=300, message=_l("Gebruik hooguit 300 tekens."))], filters=[stripped],
        description=_l("Vier cijfers, of van-tot. Zet er komma’s tussen. Voorbeeld: 1300-1379, 1411."), render_kw={"autocomplete": "off"},
    )
    min_age = WholeNumberField(_l("Vanaf welke leeftijd"), render_kw=_DIGITS)
    max_age = WholeNumberField(_l("Tot en met welke leeftijd"), render_kw=_DIGITS)
    position = WholeNumberField(
        _l("Volgorde"), description=_l("Wie het laagste getal heeft, betaalt het eerst. Weet je het niet? Laat 100 staan."), render_kw=_DIGITS,
    )
    stacks = BooleanField(
        _l("Mag samen met geld van anderen"), description=_l("Zet je dit uit, dan betaalt deze regel alleen, of helemaal niet."),
    )
    needs_approval = BooleanField(_l("Wij keuren elke aanvraag goed"), description=_l("De plek blijft zo lang vrij voor de cursist."))
    evidence = TextAreaField(
        _l("Welk bewijs wil je zien?"), filters=[stripped], render_kw={"rows": "3"},
        description=_l("Zet elk bewijs op een eigen regel. Voorbeeld: een loonstrook. Vraag niet meer dan nodig is."),
    )
    fallback = RadioField(
        _l("Wie betaalt als je nee zegt?"), [one_of_the_list], validate_choice=False, description=_l("De cursist weet dit voor het inschrijven."),
    )

    def offer(self, kind: SourceKind) -> None:
        """Fill the lists to choose from; an employer names people, so the employer is not asked about."""
        kinds = [SelectChoice(each.value, kind_word(each)) for each in ModuleKind]
        self.module_kinds.choices = self.excluded_kinds.choices = kinds
        self.sectors.choices, self.size_classes.choices = sector_choices(), size_choices()
        self.basis.choices = [SelectChoice(each.value, basis_words(each)) for each in Basis]
        payers = [each for each in Fallback if kind is not SourceKind.EMPLOYER or each is not Fallback.EMPLOYER]
        self.fallback.choices = [SelectChoice(each.value, fallback_words(each)) for each in payers]
        if kind is SourceKind.EMPLOYER:
            del self.sectors, self.size_classes, self.cap_firm_year

    def is_in_order(self, *, first_day: date) -> bool:
        """Tell whether the rule can count from its day on, `first_day` or later; what is wrong is told at its field."""
        self.validate()
        day, percentage = self.valid_from.data, self.percentage.data
        if day is not None and not self.valid_from.errors and day < first_day:
            self.valid_from.errors = [_("Kies een dag vanaf %(day)s. Wat al is toegezegd, verandert niet.", day=short_day(first_day))]
        if percentage is not None and not self.percentage.errors and not Decimal("0.01") <= percentage <= _WHOLE:
            self.percentage.errors = [_("Kies een getal boven 0 en hooguit 100.")]
        if self.position.data is not None and not 1 <= self.position.data <= _LAST_IN_LINE:
            self.position.errors = [_("Kies een getal van 1 tot en met 999.")]
        self._check_whom()
        return not self.errors

    def _check_whom(self) -> None:
        youngest, oldest = self.min_age.data, self.max_age.data
        if youngest is not None and oldest is not None and oldest < youngest:
            self.max_age.errors = [_("Dit is lager dan de laagste leeftijd.")]
        if set(self.module_kinds.data or ()) & set(self.excluded_kinds.data or ()):
            self.excluded_kinds.errors = [_("Een soort kan niet tegelijk wel en niet meetellen.")]
        if any(_area(each) is None for each in _listed(self.postcodes.data, ",")):
            self.postcodes.errors = [_("Schrijf vier cijfers, of van-tot, bijvoorbeeld 1300-1379.")]
        evidence = _listed(self.evidence.data, "\n")
        if len(evidence) > _MOST_EVIDENCE or any(len(each) > _LONGEST_EVIDENCE for each in evidence):
            self.evidence.errors = [_("Vraag hooguit vijf bewijzen, elk op een korte regel.")]
        if evidence and not self.needs_approval.data:
            self.needs_approval.errors = [_("Wil je bewijs zien? Dan moet iemand de aanvraag goedkeuren.")]

    def terms(self) -> tuple[int, Basis, Money | None] | None:
        """Return how much it pays of one seat: hundredths of a per cent, of what, and the lowest limit; None while that is not filled in well.

        Nothing is checked aloud: who asks for the example has not finished writing.
        """
        limits = [self[name] for name in ("cap_seat", "cap_person_year", "cap_firm_year", "cap_provider_year") if name in self]
        percentage, caps = self.percentage.data, [each.data for each in limits if each.data is not None]
        is_wrong = any(each.process_errors for each in (self.percentage, *limits)) or any(cap <= FREE for cap in caps)
        if is_wrong or percentage is None or not Decimal("0.01") <= percentage <= _WHOLE or self.basis.data not in list(Basis):
            return None
        return int(percentage * 100), Basis(self.basis.data), min(caps, default=None)

    def draft(self) -> RuleDraft:
        """Return what was filled in, of a form that is in order."""
        filled = self.data
        areas = (_area(each) for each in _listed(filled["postcodes"], ","))
        return RuleDraft(
            name=Localized(clean_line(filled["name"])), valid_from=filled["valid_from"], percentage=int(filled["percentage"] * 100),
            basis=Basis(filled["basis"]), cap_seat=filled["cap_seat"], cap_person_year=filled["cap_person_year"],
            cap_firm_year=filled.get("cap_firm_year"), cap_provider_year=filled["cap_provider_year"], position=filled["position"] or FIRST_IN_LINE, stacks=filled["stacks"],
            module_kinds=tuple(filled["module_kinds"] or ()), excluded_kinds=tuple(filled["excluded_kinds"] or ()),
            sectors=tuple(filled.get("sectors") or ()), size_classes=tuple(filled.get("size_classes") or ()),
            postcodes=tuple(area for area in areas if area), min_age=filled["min_age"], max_age=filled["max_age"],
            needs_approval=filled["needs_approval"], evidence=tuple(_listed(filled["evidence"], "\n")), fallback=Fallback(filled["fallback"]),
        )


def rule_values(rule: RuleFacts | None, *, first_day: date) -> dict[str, Any]:
    """Return what the form shows: the rule that the new one will follow, or what is usual."""
    if rule is None:
        return {
            "valid_from": first_day, "basis": Basis.INCLUDING_VAT.value, "position": FIRST_IN_LINE, "stacks": True,
            "fallback": Fallback.LEARNER.value,
        }
    numbers = ("cap_seat", "cap_person_year", "cap_firm_year", "cap_provider_year", "position", "stacks", "min_age", "max_age", "needs_approval")
    shown = {name: getattr(rule, name) for name in numbers}
    lists = {name: list(getattr(rule, name)) for name in ("module_kinds", "excluded_kinds", "sectors", "size_classes")}
    return shown | lists | {
        "name": rule.name.nl or rule.name.en, "valid_from": max(first_day, rule.valid_from + timedelta(days=1)),
        "percentage": Decimal(rule.percentage) / 100, "basis": rule.basis.value, "fallback": rule.fallback.value,
        "postcodes": ", ".join(rule.postcodes), "evidence": "\n".join(rule.evidence),
    }


def _listed(text: str | None, separator: str) -> list[str]:
    return [part for piece in (text or "").split(separator) if (part := piece.strip())]


def _area(text: str) -> str | None:
    """Return `1315` or `1300-1379` for what was typed; None when it is no area."""
    found = _AREA.fullmatch(text)
    if found is None:
        return None
    first, last = found.group(1), found.group(2) or found.group(1)
    return None if last < first else first if first == last else f"{first}-{last}"
