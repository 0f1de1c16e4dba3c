"""The kinds that sources, shares and supplies come in; plain words, so that rules can use them."""

from enum import StrEnum


class SourceKind(StrEnum):
    LEARNER = "learner"
    EMPLOYER = "employer"
    SECTOR_FUND = "sector-fund"
    MUNICIPALITY = "municipality"
    PROVIDER_DISCOUNT = "provider-discount"
    PUBLIC_EDUCATION = "public-education"


class PayerCategory(StrEnum):
    """The four that the programme reports on (requirement R11), and what nobody pays."""

    EDUCATION = "education"  # regular funds of education
    EMPLOYERS = "employers"
    INDIVIDUALS = "individuals"
    SECTOR = "sector"  # means of a sector, brought to the region
    NOBODY = "nobody"  # a discount


class Basis(StrEnum):
    """Of what a rule takes its percentage."""

    INCLUDING_VAT = "incl"
    EXCLUDING_VAT = "excl"


class Fallback(StrEnum):
    """Who pays a share that its source does not approve; agreed before, never a surprise."""

    LEARNER = "learner"
    EMPLOYER = "employer"
    NOBODY = "nobody"  # then the seat is given back


class ShareState(StrEnum):
    """Where a share stands."""

    RESERVED = "reserved"  # earmarked, or promised; somebody has to approve or pay
    APPROVED = "approved"
    INVOICED = "invoiced"
    PAID = "paid"
    SETTLED = "settled"  # nothing more comes of it: accounted for, or the provider gave it as a discount
    RECLAIMED = "reclaimed"  # it was paid, and went back whole
    RELEASED = "released"  # it was never paid: not approved, or the seat was given back


class AskState(StrEnum):
    """Where a letter to an employer stands."""

    WANTED = "wanted"  # the provider admits first
    ASKED = "asked"
    PASSED_ON = "passed-on"  # to whom the firm is known by; another letter follows
    APPROVED = "approved"
    PART = "part"  # the learner agrees to the rest, or gives the seat back
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # the learner pays themselves after all


class BlockState(StrEnum):
    """Where seats stand that were bought before anybody knew who comes."""

    PROMISED = "promised"  # for a class that may not go ahead yet; nothing is owed
    ORDERED = "ordered"  # they are given out, and owed
    CLOSED = "closed"


class SupplyKind(StrEnum):
    """What a module is to the tax office (Wet OB 1968, art. 11 lid 1 o)."""

    REGULATED = "regulated"  # education regulated by WEB or WHW
    VOCATIONAL = "vocational"
    PERSONAL = "personal"  # a hobby, or a skill for private life
    ADVICE = "advice"
    FEE = "fee"  # of the platform


class VatReason(StrEnum):
    """Why a line has the VAT it has."""

    REGULATED = "regulated-education"
    CRKBO = "vocational-by-crkbo-provider"
    NOT_EDUCATION = "not-education"
    NOT_VOCATIONAL = "not-vocational"
    NOT_IN_CRKBO = "provider-not-in-crkbo"
    REVERSE_CHARGE = "reverse-charge"
