"""The shape of what people of a provider fill in about modules and places."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from academy.catalogue import taxonomy, words
from academy.catalogue.drafts import ModuleDraft, OutcomeDraft, PlaceDraft
from academy.catalogue.facts import PlaceFacts
from academy.catalogue.models import AssessmentForm, CertificateKind, DeliveryMode, ModuleKind, PlaceKind
from academy.catalogue.prerequisites import (
    LEVELS,
    AllOf,
    AnyOf,
    CreditsReached,
    LevelReached,
    ModulePassed,
    Prerequisite,
    PrerequisiteWrong,
    parse,
    write,
)
from academy.catalogue.rules import eqf_of
from academy.kernel.formats import in_current_language
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, EurosField, NumberField, WholeNumberField, stripped
from academy.kernel.web.forms import Form, PlainForm

MOST_OUTCOMES: Final = 20
_LONGEST_OUTCOME: Final = 500
_MOST_GROUPS: Final = 6  # of prerequisites
_GROUP: Final = 4  # modules in one
_LANGUAGES: Final = ("nl", "en", "de", "fr", "es", "ar", "pl", "tr")
_LANGUAGE_LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2", "1F", "2F", "3F", "4F")
_TOO_LONG: Final = _l("Deze tekst is te lang.")


def _text(label: Any, longest: int, *, help_text: Any = "", area: bool = False, rows: int = 3, needed: Any = None) -> Any:  # noqa: ANN401 - a field
    kind = TextAreaField if area else StringField
    checks: list[Any] = [InputRequired(needed)] if needed else []
    look = {"rows": rows} if area else {}
    return kind(label, [*checks, Length(max=longest, message=_TOO_LONG)], filters=[stripped], description=help_text, render_kw=look)


class OutcomeForm(PlainForm):
    """One outcome with the skills it trains."""

    text = StringField(filters=[stripped])
    text_en = StringField(filters=[stripped])
    find = StringField(filters=[stripped])
    skills = SelectMultipleField(choices=[], validate_choice=False)


class ChangeForm(Form):
    """A change of a module that somebody else may change at the same time."""

    seen = HiddenField()

    def stands_on(self, digest: str) -> bool:
        """Tell whether the module is still what this was written on; else say so, and let who saves once more know what they do."""
        if self.seen.data == digest:
            return True
        self.seen.data = digest
        self.form_errors = [_(
            "Deze module is veranderd terwijl jij schreef: door iemand anders, of door jou in een ander venster. Wat jij schreef staat "
            "hieronder en is nog niet bewaard. Bewaar je nu, dan geldt wat hieronder staat.",
        )]
        return False


class ModuleForm(ChangeForm):
    """What a module is; everything but the title may wait."""

    title = _text(_l("Titel"), 200, help_text=_l("Kort en herkenbaar, bijvoorbeeld: Netwerkbeheer."), needed=_l("Geef de module een titel."))
    summary = _text(
        _l("Samenvatting"), 300, area=True, rows=2, help_text=_l("Eén of twee zinnen: “Na deze module kun je …”."),
    )
    outcomes = FieldList(FormField(OutcomeForm), min_entries=1, max_entries=MOST_OUTCOMES)
    kind = SelectField(_l("Soort"))
    ec = NumberField(_l("Studiepunten (EC)"), [Optional()], description=_l("1 EC = 28 uur leren. Geen EC? Vul dan bij “Meer” de uren in."))
    nlqf = SelectField(_l("Niveau (NLQF)"))

    description = _text(_l("Omschrijving"), 10_000, area=True, rows=6, help_text=_l("Wat doe je, hoe gaat de les, hoe word je getoetst?"))
    entry = _text(_l("Voor wie en wat je vooraf moet kunnen"), 2000, area=True)
    hours = WholeNumberField(_l("Uren leren in totaal"), [Optional()])
    code = _text(_l("Jullie eigen code"), 60, help_text=_l("Elke module heeft een eigen code."))
    languages = ChoicesField(_l("Taal van de les"))
    language_level = SelectField(_l("Taalniveau dat je nodig hebt"), [Length(max=10, message=_TOO_LONG)])
    modes = ChoicesField(_l("Hoe je de module volgt"), description=_l("Laat je dit leeg? Dan kijken we naar de startmomenten."))
    assessments = ChoicesField(_l("Toets"))
    certificate = SelectField(_l("Wat je krijgt aan het einde"))
    sectors = ChoicesField(_l("Vakgebied"))
    topics = _text(_l("Onderwerpen"), 500, help_text=_l("Zet er komma’s tussen. Mensen zoeken op deze woorden."))
    price = EurosField(_l("Prijs zonder startmoment"), [Optional()], description=_l("In euro’s. Schrijf 0 als de module gratis is."))
    website = _text(_l("Website"), 1000)
    title_en = _text(_l("Titel in het Engels"), 200)
    summary_en = _text(_l("Samenvatting in het Engels"), 300, area=True, rows=2)
    description_en = _text(_l("Omschrijving in het Engels"), 10_000, area=True, rows=6)
    entry_en = _text(_l("Voor wie, in het Engels"), 2000, area=True)
    act = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        unknown = ("", _("Weet ik nog niet"))
        self.kind.choices = [(kind.value, words.kind_word(kind)) for kind in ModuleKind]
        self.nlqf.choices = [unknown, *((level, words.level_word(level)) for level in LEVELS)]
        self.languages.choices = [(language, words.language_word(language)) for language in _with(_LANGUAGES, self.languages.data)]
        self.language_level.choices = [("", _("Geen eis")), *((level, level) for level in _with(_LANGUAGE_LEVELS, [self.language_level.data]))]
        self.modes.choices = [(mode.value, words.mode_word(mode)) for mode in DeliveryMode]
        self.assessments.choices = [(form.value, words.assessment_word(form)) for form in AssessmentForm]
        self.certificate.choices = [unknown, *((kind.value, words.certificate_word(kind)) for kind in CertificateKind)]
        self.sectors.choices = [(code, words.sector_word(code)) for code in _with(taxonomy.sector_codes(), self.sectors.data)]

    def validate_ec(self, field: NumberField) -> None:
        if field.data is not None and field.data * 10 % 1:
            raise ValidationError(_("Studiepunten hebben hooguit één cijfer achter de komma, bijvoorbeeld 7,5."))

    def validate_outcomes(self, field: "FieldList[Any]") -> None:
        for number, outcome in enumerate(field.data, start=1):
            if max(len(outcome["text"] or ""), len(outcome["text_en"] or "")) > _LONGEST_OUTCOME:
                raise ValidationError(_("Leerdoel %(number)s is te lang. Gebruik hooguit 500 tekens.", number=number))

    def validate_website(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("Begin met https://"))

    def make_room(self) -> None:
        """Add an empty outcome to fill in."""
        if len(self.outcomes) < MOST_OUTCOMES:
            self.outcomes.append_entry()

    def asked_skills(self) -> list[tuple[str, list[str]]]:
        """Return per outcome the words to find skills by, and the URIs of those it has."""
        return [(entry.form.find.data or "", entry.form.skills.data or []) for entry in self.outcomes]

    def draft(self, base: ModuleDraft | None) -> ModuleDraft:
        """Return what was filled in; what the form does not show stays as it is in `base`."""
        form = self.data
        before = base or ModuleDraft("", "", ModuleKind.LOOSE_MODULE, Localized())
        return replace(
            before, code=form["code"], kind=ModuleKind(form["kind"]), title=Localized(form["title"], form["title_en"]),
            summary=Localized(form["summary"], form["summary_en"]), description=Localized(form["description"], form["description_en"]),
            entry=Localized(form["entry"], form["entry_en"]), ec=form["ec"], hours=form["hours"], nlqf=form["nlqf"],
            eqf=before.eqf if before.nlqf == form["nlqf"] else eqf_of(form["nlqf"]),
            languages=tuple(form["languages"]), language_level=form["language_level"],
            modes=tuple(DeliveryMode(mode) for mode in form["modes"]),
            assessments=tuple(AssessmentForm(one) for one in form["assessments"]),
            certificate=CertificateKind(form["certificate"]) if form["certificate"] else None, sectors=tuple(form["sectors"]),
            topics=tuple(topic.strip() for topic in form["topics"].split(",") if topic.strip()), price=form["price"],
            website=form["website"],
            outcomes=tuple(
                OutcomeDraft(Localized(one["text"], one["text_en"]), tuple(one["skills"]))
                for one in form["outcomes"] if one["text"] or one["text_en"]
            ),
        )


def module_values(draft: ModuleDraft) -> dict[str, Any]:
    """Return a draft as the form shows it."""
    return {
        "title": draft.title.nl, "title_en": draft.title.en, "summary": draft.summary.nl, "summary_en": draft.summary.en,
        "description": draft.description.nl, "description_en": draft.description.en, "entry": draft.entry.nl, "entry_en": draft.entry.en,
        "kind": draft.kind.value, "ec": draft.ec, "hours": draft.hours, "nlqf": draft.nlqf, "code": draft.code,
        "languages": list(draft.languages), "language_level": draft.language_level, "modes": [mode.value for mode in draft.modes],
        "assessments": [form.value for form in draft.assessments], "certificate": draft.certificate.value if draft.certificate else "",
        "sectors": list(draft.sectors), "topics": ", ".join(draft.topics), "price": draft.price, "website": draft.website,
        "outcomes": [{"text": one.text.nl, "text_en": one.text.en, "skills": list(one.skills)} for one in draft.outcomes],
    }


def _with(usual: tuple[str, ...], chosen: list[Any] | None) -> list[str]:
    """Return the usual choices, and what was chosen besides: an import may bring a language that we do not list."""
    return [*usual, *(value for value in chosen or [] if value and value not in usual)]


class PublishForm(Form):
    """Publish what one has seen; `reason` says what the module adds where it resembles another."""

    seen = HiddenField()
    reason = _text(_l("Wat voegt jouw module toe?"), 2000, area=True)


class ReasonForm(Form):
    """A reason that others will read."""

    reason = _text(_l("Waarom?"), 2000, area=True, needed=_l("Schrijf op waarom."))


class ArchiveForm(Form):
    """Take away, with a reason when there is one to give."""

    reason = _text(_l("Waarom?"), 2000, area=True)


class PlaceForm(Form):
    """A place of the provider."""

    name = _text(_l("Naam"), 200, needed=_l("Geef de plek een naam."))
    kind = RadioField(_l("Soort plek"), [InputRequired(_l("Kies wat voor plek het is."))])
    street_address = _text(_l("Straat en nummer"), 200)
    city = _text(_l("Plaats"), 100, needed=_l("Vul de plaats in."))
    capacity = WholeNumberField(_l("Plekken in de ruimte"), [Optional()])
    step_free = SelectField(_l("Bereikbaar met een rolstoel"))
    accessibility = _text(
        _l("Meer over toegankelijkheid"), 1000, area=True, help_text=_l("Bijvoorbeeld: lift, aangepast toilet, ringleiding."),
    )
    latitude = _text(_l("Breedtegraad"), 20, help_text=_l("Bijvoorbeeld 52,3702"))
    longitude = _text(_l("Lengtegraad"), 20, help_text=_l("Bijvoorbeeld 5,2200"))

    def __init__(self, *args: Any, **values: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **values)
        self.kind.choices = [(kind.value, words.place_kind_word(kind)) for kind in PlaceKind]
        self.step_free.choices = [("", _("Weet ik niet")), ("yes", _("Ja")), ("no", _("Nee"))]

    def validate_capacity(self, field: WholeNumberField) -> None:
        if field.data is not None and field.data < 1:
            raise ValidationError(_("Er is plek voor minstens één persoon."))

    def validate_latitude(self, field: StringField) -> None:
        _degrees(field.data, 90)

    def validate_longitude(self, field: StringField) -> None:
        _degrees(field.data, 180)

    def draft(self, key: str, provider_slug: str, before: PlaceFacts | None) -> PlaceDraft:
        """Return what was filled in; the English words stay as they are."""
        form = self.data
        return PlaceDraft(
            key, Localized(form["name"], before.name.en if before else ""), PlaceKind(form["kind"]), form["street_address"], form["city"],
            form["capacity"], {"yes": True, "no": False}.get(form["step_free"]),
            Localized(form["accessibility"], before.accessibility.en if before else ""),
            _degrees(form["latitude"], 90), _degrees(form["longitude"], 180), provider_slug,
        )


def place_values(place: PlaceFacts) -> dict[str, Any]:
    """Return a place as the form shows it."""
    written = {True: "yes", False: "no", None: ""}
    return {
        "name": place.name.nl or place.name.en, "kind": place.kind.value, "street_address": place.street_address, "city": place.city,
        "capacity": place.capacity, "step_free": written[place.step_free], "accessibility": place.accessibility.nl,
        "latitude": _degrees_written(place.latitude), "longitude": _degrees_written(place.longitude),
    }


def _degrees(text: str | None, most: int) -> float | None:
    if not text:
        return None
    try:
        degrees = float(text.replace(",", "."))
    except ValueError as error:
        raise ValidationError(_("Schrijf graden als getal, bijvoorbeeld 52,3702.")) from error
    if not -most <= degrees <= most:
        raise ValidationError(_("Dit getal kan niet kloppen."))
    return degrees


def _degrees_written(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6g}".replace(".", ",")


class GroupForm(PlainForm):
    """Up to four modules, of which one needs all or one."""

    how = SelectField()
    first, second, third, fourth = (SelectField() for _number in range(4))

    @property
    def modules(self) -> tuple[SelectField, ...]:
        return (self.first, self.second, self.third, self.fourth)


class PrerequisitesForm(ChangeForm):
    """What one must have before a module: groups of modules, credits and level; or, where that is not enough, an expression."""

    groups = FieldList(FormField(GroupForm), min_entries=1, max_entries=_MOST_GROUPS)
    ec = NumberField(_l("Aantal EC dat iemand al heeft"), [Optional()])
    level = SelectField(_l("Diploma op niveau"))
    expression = _text(_l("Instapeis als tekst"), 2000, area=True, rows=2)
    act = HiddenField()

    def make_room(self) -> bool:
        """Add an empty group when a button asks for it; then nothing is saved yet."""
        if self.act.data != "add-group":
            return False
        if len(self.groups) < _MOST_GROUPS:
            self.groups.append_entry({"how": "any"})
        return True

    def offer(self, modules: Sequence[tuple[str, Localized]]) -> None:
        """Set what can be chosen: (key, title) of modules."""
        named = [("", _("Kies een module")), *((key, in_current_language(title)) for key, title in modules)]
        for group in self.groups:
            group.form.how.choices = [("all", _("Alle van deze")), ("any", _("Een van deze"))]
            for field in group.form.modules:
                missing = [(field.data, field.data)] if field.data and field.data not in dict(named) else []
                field.choices = [*named, *missing]
        self.level.choices = [("", _("Geen eis")), *((level, words.level_word(level)) for level in LEVELS)]

    def validate_expression(self, field: StringField) -> None:
        try:
            parse(field.data or "")
        except PrerequisiteWrong as error:
            raise ValidationError(_("Dit lezen we niet. Een voorbeeld: %(example)s", example="NET-01 & (PRG-01 | level>=4)")) from error

    def prerequisite(self) -> Prerequisite | None:
        """Return the expression: the written one, else what was chosen."""
        if self.expression.data:
            return parse(self.expression.data)
        items: list[Prerequisite] = []
        for group in self.groups:
            keys = dict.fromkeys(field.data for field in group.form.modules if field.data)
            modules = tuple(ModulePassed(key) for key in keys)
            if group.form.how.data == "any" and len(modules) > 1:
                items.append(AnyOf(modules))
            else:
                items += modules
        if self.ec.data:
            items.append(CreditsReached(self.ec.data))
        if self.level.data:
            items.append(LevelReached(self.level.data))
        return items[0] if len(items) == 1 else AllOf(tuple(items)) if items else None


def prerequisite_values(prerequisite: Prerequisite | None) -> dict[str, Any]:
    """Return an expression as the form shows it: chosen where it fits, else as text."""
    items = prerequisite.items if isinstance(prerequisite, AllOf) else (prerequisite,) if prerequisite else ()
    every = [item for item in items if isinstance(item, ModulePassed)]
    chosen = [("all", every[start : start + _GROUP]) for start in range(0, len(every), _GROUP)]
    chosen += [("any", [one for one in item.items if isinstance(one, ModulePassed)]) for item in items if isinstance(item, AnyOf)]
    ec = next((item.ec for item in items if isinstance(item, CreditsReached)), None)
    level = next((item.nlqf for item in items if isinstance(item, LevelReached)), "")
    names = ("first", "second", "third", "fourth")
    groups = [{"how": how, **{name: one.external_id for name, one in zip(names, group, strict=False)}} for how, group in chosen]
    written = "" if _fits(items, chosen) or prerequisite is None else write(prerequisite)
    return {"groups": groups, "ec": ec, "level": level, "expression": written} if not written else {"expression": written}


def _fits(items: Sequence[Prerequisite], chosen: Sequence[tuple[str, Sequence[ModulePassed]]]) -> bool:
    """Tell whether the groups say all of it: own modules only, and no more than fit."""
    said = {item for _how, group in chosen for item in group}
    whole = all(
        isinstance(item, LevelReached)
        or (isinstance(item, ModulePassed) and item in said)
        or (isinstance(item, CreditsReached) and not item.propaedeutic)
        or (isinstance(item, AnyOf) and len(item.items) <= _GROUP and all(one in said for one in item.items))
        for item in items
    )
    kinds = [type(item) for item in items]
    alone = kinds.count(LevelReached) <= 1 and kinds.count(CreditsReached) <= 1
    return whole and alone and len(chosen) <= _MOST_GROUPS and all(not one.provider and one.ec is None for one in said)
