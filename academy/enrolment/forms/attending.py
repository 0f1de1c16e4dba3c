"""The shape of one tap: who was there, or that oneself was."""

from typing import ClassVar

from wtforms import HiddenField

from academy.kernel.web.fields import DayField
from academy.kernel.web.forms import Form


class TapForm(Form):
    """One tap of the provider: each button has a name of its own, with the enrolment's code as its value; `rest` is for all who are left."""

    ANSWERS: ClassVar[dict[str, bool | None]] = {"there": True, "away": False, "unsaid": None}

    day = DayField("")
    there, away, unsaid, rest = HiddenField(), HiddenField(), HiddenField(), HiddenField()

    def tapped(self) -> tuple[str, bool | None]:
        """Return for whom, and whether they were there; "" for nobody."""
        return next(((self[name].data, answer) for name, answer in self.ANSWERS.items() if self[name].data), ("", None))


class MyTapForm(Form):
    """One tap of the learner: the button that is pressed holds the day."""

    there, away = DayField(""), DayField("")
