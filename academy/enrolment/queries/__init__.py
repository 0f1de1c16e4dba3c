"""Reads of enrolment; frozen facts come out."""

from academy.enrolment.queries.admission import AdmissionFacts, admission_of
from academy.enrolment.queries.classes import IN_CLASS, ClassFacts, RosterLine, class_of, is_look_noted, present_in
from academy.enrolment.queries.mine import (
    EnrolmentFacts,
    code_of_request,
    enrolment,
    live_enrolments,
    my_enrolment,
    my_enrolments,
    state_of,
    version_of,
)
from academy.enrolment.queries.seats import (
    Draw,
    PoolDifference,
    Seats,
    audit,
    awaits_draw,
    has_holds_to_end,
    is_full,
    is_pool_of,
    joins_at,
    people_in_class,
    place_in_line,
    pools_with_holds_to_end,
    seats,
    seats_left,
)

__all__ = [
    "IN_CLASS", "AdmissionFacts", "ClassFacts", "Draw", "EnrolmentFacts", "PoolDifference", "RosterLine", "Seats", "admission_of", "audit", "awaits_draw", "class_of",
    "code_of_request", "enrolment", "has_holds_to_end", "is_full", "is_look_noted", "is_pool_of", "joins_at", "live_enrolments", "my_enrolment", "my_enrolments",
    "people_in_class", "place_in_line", "pools_with_holds_to_end", "present_in", "seats", "seats_left", "state_of", "version_of",
]
