"""Admission: what follows from what is asked and what is known of a person."""

from enum import StrEnum


class Admission(StrEnum):
    """What a person hears before a seat is confirmed."""

    ADMITTED = "admitted"
    ADVISED = "advised"  # nothing stands in the way; read for yourself what one should be able to do
    DECISION = "decision"  # the provider decides, within a working day as a rule
    REFUSED = "refused"


def admission(*, is_met: bool, is_out_of_reach: bool, has_advice: bool) -> Admission:
    """Return what follows; `has_advice` says that the provider tells in words what one should be able to do."""
    if is_out_of_reach:
        return Admission.REFUSED
    if not is_met:
        return Admission.DECISION
    return Admission.ADVISED if has_advice else Admission.ADMITTED
