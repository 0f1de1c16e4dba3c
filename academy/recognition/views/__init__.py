"""Pages of recognition."""

from academy.recognition.views import (
    agreements,
    board,
    claiming,
    guiding,
    judging,
    library,
    mappings,
    office,
    patterns,
    slots,
    statements,
    terms,
)

BLUEPRINTS = (
    agreements.blueprint, board.blueprint, claiming.blueprint, guiding.blueprint, judging.blueprint, library.blueprint, mappings.blueprint, office.blueprint, patterns.blueprint,
    slots.blueprint, statements.blueprint, terms.blueprint,
)
