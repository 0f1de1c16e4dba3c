"""What comes in about an organisation, in the form we keep."""

from dataclasses import dataclass

from academy.accounts.models import SizeClass


@dataclass(frozen=True)
class OrganisationDraft:
    """A firm as its owner describes it: a KvK number when it is Dutch, else a VAT id with the letters of its country."""

    name: str
    country: str  # ISO 3166-1
    kvk_number: str
    vat_id: str
    size_class: SizeClass | None
    sector: str
