"""Sources, rules, shares and VAT in the reader's words."""

from decimal import Decimal
from typing import Final

from academy.funding.kinds import Basis, Fallback, PayerCategory, ShareState, SourceKind, SupplyKind, VatReason
from academy.funding.rules import WhyNot, rate_of
from academy.kernel.formats import credits_text
from academy.kernel.translation import _, _l

_SOURCES: Final = {
    SourceKind.LEARNER: _l("jijzelf"), SourceKind.EMPLOYER: _l("werkgever"), SourceKind.SECTOR_FUND: _l("sectorfonds"),
    SourceKind.MUNICIPALITY: _l("gemeente"), SourceKind.PROVIDER_DISCOUNT: _l("korting van de aanbieder"),
    SourceKind.PUBLIC_EDUCATION: _l("geld voor onderwijs"),
}
_CATEGORIES: Final = {
    PayerCategory.EDUCATION: _l("Geld voor onderwijs"), PayerCategory.EMPLOYERS: _l("Werkgevers"), PayerCategory.INDIVIDUALS: _l("Mensen zelf"),
    PayerCategory.SECTOR: _l("Sectorfondsen"), PayerCategory.NOBODY: _l("Korting"),
}
_STATES: Final = {
    ShareState.RESERVED: _l("wacht op een antwoord"), ShareState.APPROVED: _l("toegezegd"), ShareState.INVOICED: _l("op een factuur"),
    ShareState.PAID: _l("betaald"), ShareState.SETTLED: _l("afgerond"), ShareState.RECLAIMED: _l("teruggekregen"),
    ShareState.RELEASED: _l("vervallen"),
}
_SUPPLIES: Final = {
    SupplyKind.REGULATED: _l("Onderwijs uit de onderwijswet (mbo of hbo)"), SupplyKind.VOCATIONAL: _l("Scholing voor een beroep"),
    SupplyKind.PERSONAL: _l("Een hobby, of iets voor jezelf"), SupplyKind.ADVICE: _l("Advies, geen les"), SupplyKind.FEE: _l("Kosten van het platform"),
}
_REASONS: Final = {
    VatReason.REGULATED: _l("Het is onderwijs uit de onderwijswet, van een erkende instelling."),
    VatReason.CRKBO: _l("Het is scholing voor een beroep, van een aanbieder die in het CRKBO staat."),
    VatReason.NOT_EDUCATION: _l("Het is geen onderwijs."), VatReason.NOT_VOCATIONAL: _l("Het is geen scholing voor een beroep."),
    VatReason.NOT_IN_CRKBO: _l("De aanbieder staat die dag niet in het CRKBO."),
    VatReason.REVERSE_CHARGE: _l("De koper is een bedrijf in een ander land van de EU en geeft de btw daar zelf aan."),
}
_BASES: Final = {Basis.INCLUDING_VAT: _l("De prijs met btw"), Basis.EXCLUDING_VAT: _l("De prijs zonder btw")}
_FALLBACKS: Final = {
    Fallback.LEARNER: _l("De cursist zelf"), Fallback.EMPLOYER: _l("De werkgever van de cursist"),
    Fallback.NOBODY: _l("Niemand: dan vervalt de plek"),
}
_WHY_NOT: Final = {
    WhyNot.NOT_NOW: _l("De regel geldt vandaag niet."), WhyNot.MODULE_KIND: _l("De regel is niet voor dit soort module."),
    WhyNot.PROVIDER: _l("De regel is voor modules van een andere aanbieder."),
    WhyNot.NOT_NAMED: _l("Je e-mailadres staat niet op de lijst van deze werkgever."), WhyNot.SECTOR: _l("De regel is voor een andere sector."),
    WhyNot.SECTOR_UNKNOWN: _l("Vul de sector van je werkgever in. Dan weten we het."), WhyNot.SIZE: _l("De regel is voor kleinere of grotere werkgevers."),
    WhyNot.SIZE_UNKNOWN: _l("Vul in hoeveel mensen er bij je werkgever werken. Dan weten we het."),
    WhyNot.POSTCODE: _l("De regel is voor een ander gebied."), WhyNot.POSTCODE_UNKNOWN: _l("Vul je postcode in. Dan weten we het."),
    WhyNot.AGE: _l("De regel is voor een andere leeftijd."), WhyNot.AGE_UNKNOWN: _l("Vul je geboortejaar in. Dan weten we het."),
    WhyNot.EMPLOYER_UNKNOWN: _l("Deze regel telt per werkgever. Vraag je werkgever om je e-mailadres bij een budget te zetten."),
}


def source_word(kind: SourceKind) -> str:
    """Return what kind of payer it is, to go inside a sentence: `sectorfonds`."""
    return str(_SOURCES[kind])


def category_words(category: PayerCategory) -> str:
    return str(_CATEGORIES[category])


def state_word(state: ShareState) -> str:
    return str(_STATES[state])


def supply_words(supply: SupplyKind) -> str:
    return str(_SUPPLIES[supply])


def reason_words(reason: VatReason | None) -> str:
    """Return why a module has the VAT it has, as a sentence; None is nobody's decision yet."""
    return _("We weten nog te weinig om de btw te bepalen.") if reason is None else str(_REASONS[reason])


def vat_words(reason: VatReason | None) -> str:
    """Return what the table says: `21% btw`, `vrij van btw`, or that nothing can be sold yet."""
    if reason is None:
        return _("nog niet bekend: te koop is de module niet")
    if reason is VatReason.REVERSE_CHARGE:
        return _("btw verlegd")
    return _("%(rate)s btw", rate=percentage_text(rate_of(reason))) if rate_of(reason) else _("vrij van btw")


def basis_words(basis: Basis) -> str:
    return str(_BASES[basis])


def fallback_words(fallback: Fallback) -> str:
    return str(_FALLBACKS[fallback])


def why_not_words(why: WhyNot) -> str:
    return str(_WHY_NOT[why])


def percentage_text(hundredths: int) -> str:
    """Return hundredths of a per cent as people write them: `50%`, `33,33%` in Dutch."""
    value = Decimal(hundredths) / 100
    text = credits_text(value) if value == round(value, 1) else f"{value:.2f}".replace(".", credits_text(Decimal("0.5"))[1])
    return f"{text}%"
