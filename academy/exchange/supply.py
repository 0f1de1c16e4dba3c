"""What a feed or folder brings, in the catalogue's own drafts, with what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from academy.catalogue.api import ModuleDraft, OfferingDraft, PlaceDraft, ProgrammeDraft
from academy.exchange.findings import KEPT_PROBLEMS, Notices, Problem


@dataclass
class Supply:
    """The whole supply of one source; small enough to hold: a feed of a provider is thousands of records, not millions.

    `offerings` come with the external id of their module. `rows` counts the records read, good and bad; `refused` those that are left out.
    `faulty` are the external ids of refused modules and programmes, as far as they can be read: what is faulty has not vanished.
    """

    shape: str
    modules: list[ModuleDraft] = field(default_factory=list)
    programmes: list[ProgrammeDraft] = field(default_factory=list)
    offerings: list[tuple[str, OfferingDraft]] = field(default_factory=list)
    places: list[PlaceDraft] = field(default_factory=list)
    rows: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)  # the first thousand
    notices: Notices = field(default_factory=Notices)
    faulty: set[str] = field(default_factory=set)

    def refuse(self, problem: Problem, key: str = "") -> None:
        """Leave a record out, and say why; `key` is its external id where it is a module or programme."""
        self.refused += 1
        if key:
            self.faulty.add(key)
        self.report(problem)

    def report(self, problem: Problem) -> None:
        """Say what is wrong with a record that is kept all the same."""
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)

    def has_offering(self) -> Callable[[str, str], bool]:
        """Return what tells whether the source has an offering, by the external ids of module and offering.

        One of a faulty module counts as there: it has not vanished.
        """
        there = {(module, draft.external_id) for module, draft in self.offerings}
        return lambda module, key: (module, key) in there or module in self.faulty

    def keys(self) -> Iterator[str]:
        """Yield the external ids of all modules and programmes that the source has, good and faulty."""
        yield from self.faulty
        yield from (draft.external_id for draft in self.modules)
        yield from (draft.external_id for draft in self.programmes)
