"""Refusals about what happens in a class: attendance, results, study groups."""

from datetime import date, time

from typing_extensions import override

from academy.kernel.errors import NotFound, Refusal
from academy.kernel.formats import clock_text, short_day
from academy.kernel.translation import _


class MeetingNotFound(NotFound):
    """The class does not meet on that day, or not yet."""

    code = "meeting-not-found"

    @override
    def sentence(self) -> str:
        return _("Op deze dag is er geen les geweest.")

    @override
    def next_step(self) -> str:
        return _("Kies een les uit het rooster van de groep.")


class AttendanceClosed(Refusal):
    """The class ended so long ago that attendance stays as it is."""

    code = "attendance-closed"

    @override
    def sentence(self) -> str:
        return _("De groep is meer dan 30 dagen geleden afgelopen. Wie er was, kun je niet meer veranderen.")

    @override
    def next_step(self) -> str:
        return _("Klopt er iets niet? Overleg dan met de andere kant: de cursist of de aanbieder.")


class ResultNotFound(NotFound):
    """No final result of this person in this class."""

    code = "result-not-found"

    @override
    def sentence(self) -> str:
        return _("Hier is geen definitief resultaat.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij de resultaten van de groep.")


class ResultsTooEarly(Refusal):
    """The class has not begun."""

    code = "results-too-early"

    @override
    def sentence(self) -> str:
        return _("Deze groep is nog niet begonnen.")

    @override
    def next_step(self) -> str:
        return _("Vanaf de eerste les kun je resultaten invullen.")


class GradeUnreadable(Refusal):
    """What was filled in is no grade on the scale of the class."""

    code = "grade-unreadable"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Een van de resultaten past niet bij de schaal. Er is niets bewaard.")

    @override
    def next_step(self) -> str:
        return _("Ga terug en controleer wat je invulde.")


class ResultsChanged(Refusal):
    """Somebody else changed the results between seeing and saving them."""

    code = "results-changed"

    @override
    def sentence(self) -> str:
        return _("Iemand anders heeft deze resultaten net veranderd. Er is niets bewaard.")

    @override
    def next_step(self) -> str:
        return _("Open de resultaten opnieuw, bekijk wat er nu staat en ga dan verder.")


class NotForStudyGroups(Refusal):
    """The class is not given online, or it is over."""

    code = "not-for-study-groups"

    @override
    def sentence(self) -> str:
        return _("Een studiegroep is er alleen voor een online groep die nog bezig is of nog begint.")

    @override
    def next_step(self) -> str:
        return _("Kies een andere groep van deze module.")


class RoomTaken(Refusal):
    """The room is in use at that hour, and when; by whom stays unsaid."""

    code = "room-taken"

    def __init__(self, starts_at: time, ends_at: time, first_on: date, last_on: date) -> None:
        super().__init__(self.code)
        self._hours, self._days = (starts_at, ends_at), (first_on, last_on)

    @override
    def sentence(self) -> str:
        return _(
            "Deze ruimte is al bezet: elke week van %(start)s tot %(end)s, van %(first)s tot en met %(last)s.",
            start=clock_text(self._hours[0]), end=clock_text(self._hours[1]), first=short_day(self._days[0]), last=short_day(self._days[1]),
        )

    @override
    def next_step(self) -> str:
        return _("Kies een andere ruimte, dag of tijd.")
