"""The catalogue's codes in the reader's words."""


from academy.catalogue import taxonomy
from academy.catalogue.facts import OfferingFacts, PlaceFacts, SessionFacts
from academy.catalogue.models import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    ModuleKind,
    PartOfDay,
    PlaceKind,
    ProviderKind,
    TargetGroup,
)
from academy.kernel.formats import clock_text, in_current_language, money, short_day
from academy.kernel.money import Money
from academy.kernel.translation import _, _l

_KINDS = {
    ModuleKind.AD_MODULE: _l("AD-module"), ModuleKind.LOOSE_MODULE: _l("Losse module"), ModuleKind.MOOC: _l("Online cursus (MOOC)"),
    ModuleKind.MBO_PART: _l("Mbo-onderdeel"), ModuleKind.LANGUAGE_MODULE: _l("Taalmodule"),
    ModuleKind.TAILORED: _l("Module op maat"),
}
_MODES = {
    DeliveryMode.ON_CAMPUS: _l("op locatie"), DeliveryMode.ONLINE: _l("online"),
    DeliveryMode.IN_COMPANY: _l("in een bedrijf"), DeliveryMode.BLENDED: _l("deels online"),
}
_PARTS = {
    PartOfDay.MORNING: _l("ochtend"), PartOfDay.AFTERNOON: _l("middag"), PartOfDay.DAY: _l("overdag"),
    PartOfDay.EVENING: _l("avond"), PartOfDay.ANY: _l("in je eigen tempo"),
}
_DAYS = {
    "mon": _l("maandag"), "tue": _l("dinsdag"), "wed": _l("woensdag"), "thu": _l("donderdag"), "fri": _l("vrijdag"),
    "sat": _l("zaterdag"), "sun": _l("zondag"),
}
_LANGUAGES = {
    "nl": _l("Nederlands"), "en": _l("Engels"), "de": _l("Duits"), "fr": _l("Frans"), "es": _l("Spaans"),
    "it": _l("Italiaans"), "pt": _l("Portugees"), "ru": _l("Russisch"), "tr": _l("Turks"), "zh": _l("Chinees"),
    "ja": _l("Japans"), "ar": _l("Arabisch"), "pl": _l("Pools"), "sv": _l("Zweeds"), "hu": _l("Hongaars"),
}
_VARIANTS = {"voltijd": _l("voltijd"), "deeltijd": _l("deeltijd"), "duaal": _l("duaal (leren en werken)")}
_PROVIDER_KINDS = {
    ProviderKind.HBO: _l("Hogeschool"), ProviderKind.MBO: _l("Mbo-school"), ProviderKind.UNIVERSITY: _l("Universiteit"),
    ProviderKind.COMPANY: _l("Opleidingsbedrijf"), ProviderKind.CENTRE: _l("Centrum van onderwijs en bedrijven"),
    ProviderKind.PLATFORM: _l("Online platform"), ProviderKind.REGISTER: _l("Register"),
}


def source_words(source: str) -> str:
    """Return the name of the file or feed that brought something, without the kind of import that stands before it."""
    return source.partition(":")[2].strip() or source.replace("ooapi/", "OOAPI, ", 1)


def sector_word(sector: str) -> str:
    """Return the name of a sector; sectors are data, so an unknown one is shown as it came."""
    known = taxonomy.sector(sector)
    return sector if known is None else in_current_language(known.title)


def cluster_word(cluster: str) -> str:
    """Return the name of a cluster of sectors; an unknown one is shown as it came."""
    known = taxonomy.current().clusters.get(cluster)
    return cluster if known is None else in_current_language(known.title)


_SCHEMES = {
    CodeScheme.CROHO: _l("CROHO"), CodeScheme.CREBO: _l("Crebo"), CodeScheme.RIO: _l("RIO"), CodeScheme.BRIN: _l("BRIN"),
    CodeScheme.INSTITUTION_CODE: _l("Instellingscode"), CodeScheme.PROGRAMME_CODE: _l("Opleidingscode"), CodeScheme.KVK: _l("KvK"),
    CodeScheme.KVK_ESTABLISHMENT: _l("Vestigingsnummer KvK"), CodeScheme.RIO_OFFERER: _l("RIO-aanbieder"),
    CodeScheme.RIO_LOCATION: _l("RIO-locatie"), CodeScheme.NLQF: _l("NLQF-register"), CodeScheme.OTHER: _l("Andere code"),
}
_GROUPS = {
    TargetGroup.PUBLIC: _l("iedereen"), TargetGroup.EMPLOYERS: _l("werkgevers"),
    TargetGroup.STUDENTS: _l("studenten van de aanbieder"), TargetGroup.PUPILS: _l("leerlingen, met toestemming van hun school"),
}
_ASSESSMENTS = {
    AssessmentForm.WRITTEN_EXAM: _l("toets op papier"), AssessmentForm.DIGITAL_EXAM: _l("digitale toets"),
    AssessmentForm.ORAL: _l("gesprek"), AssessmentForm.PORTFOLIO: _l("portfolio"), AssessmentForm.PROJECT: _l("project"),
    AssessmentForm.ASSIGNMENT: _l("opdracht"), AssessmentForm.PRACTICAL: _l("praktijktoets"),
    AssessmentForm.PRESENTATION: _l("presentatie"), AssessmentForm.PARTICIPATION: _l("meedoen"),
    AssessmentForm.NONE: _l("geen toets"),
}
_CERTIFICATES = {
    CertificateKind.NONE: _l("geen bewijs"), CertificateKind.PARTICIPATION: _l("bewijs van deelname"),
    CertificateKind.CERTIFICATE: _l("certificaat"), CertificateKind.MICROCREDENTIAL: _l("microcredential"),
    CertificateKind.MBO_CERTIFICATE: _l("mbo-certificaat"), CertificateKind.MBO_STATEMENT: _l("mbo-verklaring"),
    CertificateKind.DIPLOMA: _l("diploma"),
}


def code_word(scheme: CodeScheme) -> str:
    """Return the name of a register."""
    return str(_SCHEMES[scheme])


def target_group_word(group: TargetGroup) -> str:
    return str(_GROUPS[group])


def step_free_words(place: PlaceFacts) -> str:
    """Return whether one gets in without steps; empty when that is not known."""
    if place.step_free is None:
        return ""
    return _("zonder drempels of trappen te bereiken") if place.step_free else _("niet zonder drempels of trappen te bereiken")


def meeting_words(meeting: SessionFacts) -> str:
    """Return `dinsdag 19:00–21:30`, or with a day of the calendar; the part of the day where no hour is known."""
    when = short_day(meeting.on_date) if meeting.on_date else weekday_word(meeting.weekday or "")
    if meeting.starts_at is None:
        return f"{when}, {part_of_day_word(meeting.part_of_day)}"
    until = f"–{clock_text(meeting.ends_at)}" if meeting.ends_at else ""
    return f"{when} {clock_text(meeting.starts_at)}{until}"


def assessment_word(form: AssessmentForm) -> str:
    return str(_ASSESSMENTS[form])


def certificate_word(kind: CertificateKind) -> str:
    return str(_CERTIFICATES[kind])


def kind_word(kind: ModuleKind) -> str:
    return str(_KINDS[kind])


def mode_word(mode: DeliveryMode) -> str:
    return str(_MODES[mode])


def part_of_day_word(part: PartOfDay) -> str:
    return str(_PARTS[part])


def language_word(language: str) -> str:
    return str(_LANGUAGES.get(language, language))


def weekday_word(weekday: str) -> str:
    return str(_DAYS.get(weekday, weekday))


def variant_word(variant: str) -> str:
    return str(_VARIANTS.get(variant, variant))


def provider_kind_word(kind: ProviderKind) -> str:
    return str(_PROVIDER_KINDS[kind])


def level_word(level: str) -> str:
    """Return an NLQF level with what people know it by."""
    known = {"2": _("mbo 2"), "3": _("mbo 3"), "4": _("mbo 4"), "5": _("Associate degree"), "6": _("bachelor"), "7": _("master")}
    if not level:
        return ""
    words = _("niveau %(level)s", level=level)
    return f"{words} ({known[level]})" if level in known else words


def level_codes(nlqf: str, eqf: str) -> str:
    """Return a level as the frameworks call it: `NLQF 5, EQF 5`."""
    return ", ".join(f"{name} {level}" for name, level in (("NLQF", nlqf), ("EQF", eqf)) if level)


def schedule_words(weekdays: tuple[str, ...], part: PartOfDay) -> str:
    """Return `dinsdag en donderdag, avond`; only the part of day when no weekday is fixed."""
    days = [weekday_word(weekday) for weekday in weekdays if weekday in _DAYS]
    if not days or part is PartOfDay.ANY:  # at your own pace no day is fixed
        return part_of_day_word(part)
    last = days.pop()
    named = _("%(days)s en %(last)s", days=", ".join(days), last=last) if days else last
    return f"{named}, {part_of_day_word(part)}"


def dates_words(offering: OfferingFacts) -> str:
    """Return `7 sep 2026 – 30 nov 2026`, or the one day."""
    first, last = short_day(offering.starts_on), short_day(offering.ends_on)
    return first if first == last else f"{first} – {last}"


def place_words(offering: OfferingFacts) -> str:
    """Return where one has to be; online has no place."""
    if offering.place is not None:
        return in_current_language(offering.place.name)
    return mode_word(offering.mode) if offering.mode is DeliveryMode.ONLINE else ""


def price_words(price: Money | None, note: str) -> str:
    """Return a price, in the words of its source when it is not in euros; empty when it is not known."""
    return note if price is None else money(price)


_PLACE_KINDS = {
    PlaceKind.CAMPUS: _l("School of campus"), PlaceKind.HOST_COMPANY: _l("Bij een bedrijf"),
    PlaceKind.MEETING_PLACE: _l("Ontmoetingsplek in de wijk"),
}


def place_kind_word(kind: PlaceKind) -> str:
    return str(_PLACE_KINDS[kind])
