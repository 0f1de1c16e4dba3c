"""One record becomes one draft of the catalogue, with its remarks, or the problems that refuse it."""

from academy.exchange.drafting.offerings import OfferingOfModule
from academy.exchange.drafting.packing import packed, unpacked
from academy.exchange.drafting.parsing import Draft, Parsed, key_of, misfits, parse_row, with_subjects
from academy.exchange.drafting.row import Row

__all__ = [
    "Draft", "OfferingOfModule", "Parsed", "Row", "key_of", "misfits", "packed", "parse_row", "unpacked", "with_subjects",
]
