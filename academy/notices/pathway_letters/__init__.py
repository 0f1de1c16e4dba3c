"""Letters about pathways: that something changed which concerns a route, to who has it in their account, written from the present state."""

from typing import Final

from academy.kernel.outbox import Event
from academy.notices.enrolment_letters import Write
from academy.notices.pathway_letters import changes
from academy.pathways import api as pathways

# By the name of the subscriber, which stands in the outbox.
LETTERS: Final[dict[str, tuple[type[Event], Write]]] = {
    "notices.pathway-concerned-letter": (pathways.PathwayConcerned, changes.concerned),
}
