"""The shape of what people of a provider fill in about modules and places."""

from dataclasses import replace
from typing import Any, Final

from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from academy.catalogue import taxonomy, words
from academy.catalogue.drafts import ModuleDraft, OutcomeDraft, PlaceDraft
from academy.catalogue.facts import PlaceFacts
from academy.catalogue.models import AssessmentForm, CertificateKind, DeliveryMode, ModuleKind, PlaceKind
from academy.catalogue.prerequisites import LEVELS
from academy.catalogue.rules import eqf_of
from academy.kernel.text import Localized
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, EurosField, NumberField, WholeNumberField, stripped
from academy.kernel.web.forms import Form

MOST_OUTCOMES: Final = 20
_LONGEST_OUTCOME: Final = 500
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


class ModuleForm(Form):
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
    language_level = SelectField(_l("Taalniveau dat je nodig hebt"))
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

    def validate_outcomes(self, field: FieldList) -> None:  # noqa: PLR6301 - WTForms calls it by its name
        for number, outcome in enumerate(field.data, start=1):
            if max(len(outcome["text"] or ""), len(outcome["text_en"] or "")) > _LONGEST_OUTCOME:
                raise ValidationError(_("Leerdoel %(number)s is te lang. Gebruik hooguit 500 tekens.", number=number))

    def validate_website(self, field: StringField) -> None:  # noqa: PLR6301 - WTForms calls it by its name
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("Begin met https://"))

    def make_room(self) -> None:
        """Add an empty outcome to fill in."""
        if len(self.outcomes) < MOST_OUTCOMES:
            self.outcomes.append_entry()

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

    def validate_capacity(self, field: WholeNumberField) -> None:  # noqa: PLR6301 - WTForms calls it by its name
        if field.data is not None and field.data < 1:
            raise ValidationError(_("Er is plek voor minstens één persoon."))

    def validate_latitude(self, field: StringField) -> None:  # noqa: PLR6301 - WTForms calls it by its name
        _degrees(field.data, 90)

    def validate_longitude(self, field: StringField) -> None:  # noqa: PLR6301 - WTForms calls it by its name
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


class PrerequisitesForm(Form):
    """What one must have before a module: three groups of modules, credits and level; or an expression for what does not fit in those."""

    how_1, how_2, how_3 = (RadioField(default="all") for _number in range(3))
    modules_1, modules_2, modules_3 = (SelectMultipleField(choices=[], validate_choice=False) for _number in range(3))
    ec = NumberField(_l("EC die je al hebt"), [Optional()])
    level = SelectField(_l("Diploma op niveau"))
    expression = _text(_l("Instapeis als tekst"), 2000)
