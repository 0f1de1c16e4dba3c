"""The catalogue's codes in the reader's words."""


from academy.catalogue.facts import OfferingFacts
from academy.catalogue.models import DeliveryMode, ModuleKind, PartOfDay, ProviderKind
from academy.kernel.formats import in_current_language, short_day
from academy.kernel.translation import _, _l

_SECTORS = {
    "ict": _l("ICT"), "techniek": _l("Techniek"), "bouw": _l("Bouw"), "handel": _l("Handel en logistiek"),
    "agrofood": _l("Groen en voedsel"), "zorg": _l("Zorg"), "welzijn": _l("Welzijn"), "educatie": _l("Onderwijs"),
    "zakelijk": _l("Zakelijke dienstverlening"), "duurzaam": _l("Duurzaam en energie"),
    "media": _l("Media en ontwerp"), "taal": _l("Taal"),
}
_KINDS = {
    ModuleKind.AD_MODULE: _l("AD-module"), ModuleKind.LOOSE_MODULE: _l("Losse module"), ModuleKind.MOOC: _l("Online cursus (MOOC)"),
    ModuleKind.MBO_PART: _l("Mbo-onderdeel"), ModuleKind.LANGUAGE_MODULE: _l("Taalmodule"),
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
    ProviderKind.PLATFORM: _l("Online platform"),
}


def sector_word(sector: str) -> str:
    """Return the name of a sector; sectors are data, so an unknown one is shown as it came."""
    return str(_SECTORS.get(sector, sector))


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
