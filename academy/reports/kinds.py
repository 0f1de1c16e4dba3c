"""The kinds that reports work with; plain words, so that rules can use them."""

from enum import StrEnum
from typing import Final

EVERY: Final = "*"  # of a cell: all skills, areas, sectors or sources together
UNKNOWN: Final = ""  # an area, sector or skill that was not told
MODULE: Final = "module:"  # begins the subject of a gap that is a module, which names no skills
CLUSTER: Final = "c:"  # begins the code of a cluster where a sector may stand


class Source(StrEnum):
    """Where demand shows itself."""

    DEMAND = "demand"  # posted by an employer, a citizen or a school
    PLEDGE = "pledge"
    WAITING = "waiting"  # a place on a waiting list
    SEARCH = "search"  # a search that found nothing, or fewer than three
    WISH = "wish"
    REFUSED = "refused"  # an outcome that an exam board did not recognise
    BLOCKED = "blocked"  # a route that could not be completed


class ActionLine(StrEnum):
    """The four lines of action of the city's economic programme (requirement R47)."""

    VOCATIONAL = "7a"  # beroepsgericht: what employers ask
    PROGRESSION = "7b"  # doorstroming: routes to a degree, and what of earlier learning is missing
    LIFELONG = "7c"  # permanente educatie: what people ask by themselves
    INTERNATIONAL = "7d"  # internationaal: what is asked in English


class Subject(StrEnum):
    """Whose a signal is."""

    PERSON = "person"  # also a firm of one person
    FIRM = "firm"  # an employer or a school: counted as one, whatever number of people it asks for


class Stage(StrEnum):
    """How far a provider is with the programme (requirements R23 and R24)."""

    EXPLORING = "exploring"
    DECLARED = "declared"  # said to be willing
    RUNNING = "running"
    STRUCTURAL = "structural"


class Side(StrEnum):
    """Who is asked about a class (requirement R24)."""

    LEARNER = "learner"
    INSTITUTION = "institution"
    FIRM = "firm"


class CommissionState(StrEnum):
    """Where the search for somebody who fills a gap stands."""

    OPEN = "open"  # providers were invited
    MAKING = "making"  # a provider makes it
    PLANNED = "planned"  # its first class is public
    STARTED = "started"  # the first class began: the gap is being filled
    CLOSED = "closed"  # given up, with a reason


class CommissionInviteState(StrEnum):
    """What an invited provider answered."""

    INVITED = "invited"
    WILLING = "willing"
    DECLINED = "declined"


class SnapshotKind(StrEnum):
    """What a frozen report covers."""

    CHOSEN = "chosen"  # what somebody chose on the dashboard
    YEARLY = "yearly"  # requirement R50
    TWO_YEARLY = "two-yearly"  # requirement R41


class ReadinessItem(StrEnum):
    """What a provider needs before its learners can be served; most is seen in the database, the rest is ticked by the programme office."""

    AGREEMENT = "agreement"  # ticked: signed with the programme
    CONTACT = "contact"  # ticked: a contact person is known
    MEMBERS = "members"  # somebody acts for it here
    MODULES = "modules"  # at least one public module
    SKILLS = "skills"  # its modules name the skills that they train
    CLASSES = "classes"  # a class that one can enrol in
    PRICES = "prices"  # its public modules name a price
    RESULTS = "results"  # at least one final result was given
    EXAM_BOARD = "exam-board"  # somebody decides on recognition
    FEED = "feed"  # its offer comes in by a feed or file


TICKED_ITEMS: Final = (ReadinessItem.AGREEMENT, ReadinessItem.CONTACT)
