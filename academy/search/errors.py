"""Refusals of search."""

from academy.kernel.errors import Refusal
from academy.kernel.translation import _


class QueryTooLong(Refusal):
    """More text than anyone types to find a module."""

    code = "query-too-long"
    status = 422

    def sentence(self) -> str:
        return _("Je zoekvraag is te lang.")

    def next_step(self) -> str:
        return _("Zoek met hooguit 200 tekens. Een paar woorden zijn genoeg.")
