"""Records of a feed on their way into one supply: each course once, its runs with it, and what stands alone named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from slugify import slugify

from academy.catalogue.api import (
    DeliveryMode,
    IntakeDraft,
    ModuleDraft,
    OfferingDraft,
    OfferingState,
    PeriodDraft,
    PlaceDraft,
    PlaceKind,
    ProgrammeDraft,
    RequirementDraft,
    RequirementKind,
)
from academy.exchange.findings import Problem
from academy.exchange.provider_feeds.items import Item
from academy.exchange.provider_feeds.prices import Fare, price_of
from academy.exchange.supply import Supply
from academy.exchange.values import Price
from academy.kernel.text import Localized

# No feed names a number of seats. The catalogue wants one, so it is a number that no course of a feed reaches.
SEATS_WITHOUT_LIMIT: Final = 100_000
COURSE_UNKNOWN: Final = "no such course came along, so the programme is loaded without saying what it asks"
_MODES: Final = {"online": DeliveryMode.ONLINE, "in person": DeliveryMode.ON_CAMPUS, "blended": DeliveryMode.BLENDED}
_NO_PLACE: Final = {"", "n/a", "online", "blended", "virtual"}


@dataclass(frozen=True)
class Run:
    """A run of a course as its feed tells it; `opens` and `closes` are the days of enrolment, `days` how long it lasts if no end is given."""

    key: str
    starts: date | None
    ends: date | None
    opens: date | None = None
    closes: date | None = None
    mode: DeliveryMode = DeliveryMode.ONLINE
    language: str = ""
    fares: tuple[Fare, ...] = ()
    website: str = ""
    location: str = ""
    days: int | None = None
    self_paced: bool = False
    withdrawn: bool = False  # the provider no longer shows it


@dataclass(frozen=True)
class RunFields:
    """What a shape calls the days of a run."""

    starts: str
    ends: str
    opens: str = ""
    closes: str = ""


class Gathering:
    """What the feeds of one provider bring. `today` decides which runs are past; `provider` is whose places they are."""

    def __init__(self, shape: str, *, today: date, provider: str) -> None:
        self.supply = Supply(shape=shape)
        self.unfinished = False  # there is more than was given: nothing may be taken for gone
        self._today = today
        self._provider = provider
        self._modules: dict[str, tuple[str, ModuleDraft, Sequence[OfferingDraft]]] = {}
        self._programmes: dict[str, tuple[str, ProgrammeDraft]] = {}
        self._places: dict[str, PlaceDraft] = {}

    def records(self, values: Sequence[object], source: str) -> list[Item]:
        """Return the objects of a file's list; one that is no object is refused."""
        found = []
        for number, value in enumerate(values, start=1):
            if isinstance(value, dict):
                found.append(Item(value, supply=self.supply, source=source, number=number))
            else:
                self.supply.rows += 1
                self.supply.refuse(Problem(number, "", str(value)[:80], "not-an-object", "an object is expected", source))
        return found

    def has(self, key: str) -> bool:
        """Tell whether a course with this key was brought."""
        return key in self._modules

    def was_refused(self, key: str) -> bool:
        """Tell whether a course or programme with this key was left out."""
        return key in self.supply.faulty and key not in self._modules

    def report(self, item: Item, field: str, code: str, reason: str, value: object = "") -> None:
        """Say what is wrong with a record that is kept all the same."""
        self.supply.report(item.problem(field, code, reason, value))

    def refuse(self, item: Item, key: str = "") -> None:
        """Leave a record out for its problems."""
        self.supply.rows += 1
        first, *others = dict.fromkeys(item.problems)
        self.supply.refuse(first, key)
        for problem in others:
            self.supply.report(problem)

    # Courses -------------------------------------------------------------------------------------------------------------------------

    def add_module(self, item: Item, draft: ModuleDraft, runs: Sequence[OfferingDraft]) -> None:
        """Bring a course with its runs; the second with one key is refused, unless it says the same."""
        key = draft.external_id
        known = self._modules.get(key)
        if known is not None and known[1:] == (draft, runs):
            item.remark("", "seen-again", "the same course came twice")
            return
        if known is not None:
            item.problems.append(item.problem("", "duplicate-differs", f"the same key as {known[0]}, with other content; that one is loaded", key))
            self._leave_out(item, runs)
        elif item.problems:
            self._leave_out(item, runs, key)
        else:
            self.supply.rows += 1
            self._modules[key] = (f"item {item.number} of {item.source}", draft, runs)
            self.supply.modules.append(draft)
            self.add_runs(key, runs)

    def add_runs(self, key: str, runs: Sequence[OfferingDraft]) -> None:
        """Bring runs of a course that was brought."""
        self.supply.rows += len(runs)
        self.supply.offerings += [(key, run) for run in runs]

    def _leave_out(self, item: Item, runs: Sequence[OfferingDraft], key: str = "") -> None:
        self.refuse(item, key)
        self.supply.rows += len(runs)
        self.supply.refused += len(runs)

    def without_run(self, item: Item, key: str) -> None:
        """Say that a course has no run at all in the feed; it is loaded without offerings."""
        if self.has(key):
            self.report(item, "", "course-without-run", "no run of this course is in the feed; it is loaded without offerings", key)

    # Runs ----------------------------------------------------------------------------------------------------------------------------

    def offerings(self, items: Sequence[Item], read: Callable[[Item], OfferingDraft | None]) -> list[OfferingDraft]:
        """Return the runs of one course as offerings; the second with one key is refused, unless it says the same."""
        found: dict[str, OfferingDraft] = {}
        for item in items:
            draft = read(item)
            known = None if draft is None else found.get(draft.external_id)
            if draft is None:
                continue
            if known is None:
                found[draft.external_id] = draft
            elif known == draft:
                item.remark("", "seen-again", "the same run came twice")
            else:
                reason = "the same key as an earlier run of this course, with other content; that one is loaded"
                item.problems.append(item.problem("", "duplicate-differs", reason, draft.external_id))
                self.refuse(item)
        return list(found.values())

    def offering(self, item: Item, run: Run, fields: RunFields) -> OfferingDraft | None:
        """Return a run as an offering, or None with the reason reported."""
        ends = run.ends
        if run.starts is not None and ends is None and run.days:
            ends = run.starts + timedelta(days=run.days - 1)
        if not item.problems and run.starts is None:
            item.problems.append(item.problem(fields.starts, "run-without-start", "a run without a day on which it begins", run.key))
        if not item.problems and ends is None:
            item.problems.append(item.problem(fields.ends, "run-without-end", "a run without a day on which it ends", run.key))
        _check_order(item, run, ends, fields)
        if run.closes is not None and ends is not None and run.closes > ends:
            item.remark(fields.closes, "closes-after-end", "enrolment closes after the run has ended; taken as on its last day")
        if item.problems or run.starts is None or ends is None:
            self.refuse(item)
            return None
        return self._drafted(run, run.starts, ends)

    def _drafted(self, run: Run, starts: date, ends: date) -> OfferingDraft:
        # Where the feed names no last day, one can begin until the end at one's own pace, and with the class until the start.
        closes = min(run.closes or max(run.opens or starts, ends if run.self_paced else starts), ends)
        price = price_of(run.fares)
        return OfferingDraft(
            starts_on=starts, ends_on=ends, mode=run.mode, language=run.language, seats=SEATS_WITHOUT_LIMIT, price=price.amount,
            price_note=price.note, external_id=run.key, place_key=self._place(run.location),
            periods=(PeriodDraft(closes_on=closes, opens_on=run.opens, website=run.website),),
            state=self._state(run, ends),
            flexible_from=starts if run.self_paced else None,
            flexible_until=max(starts, min(closes, ends)) if run.self_paced else None,
        )

    def _state(self, run: Run, ends: date | None) -> OfferingState:
        is_past = ends is not None and ends < self._today
        return OfferingState.INACTIVE if run.withdrawn or is_past else OfferingState.ACTIVE

    def intakes(self, item: Item, run: Run, fields: RunFields) -> tuple[IntakeDraft, ...]:
        """Return the moment at which one can begin with a whole programme, if it names one; what is wrong with it is the programme's."""
        _check_order(item, run, run.ends, fields)
        if run.starts is None or item.problems:
            return ()
        price = price_of(run.fares)
        return (IntakeDraft(
            external_id=run.key, starts_on=run.starts, ends_on=run.ends, opens_on=run.opens, closes_on=run.closes,
            state=self._state(run, run.ends), price=price.amount, price_note=price.note,
        ),)

    def _place(self, location: str) -> str | None:
        if location.casefold() in _NO_PLACE:
            return None
        key = f"{self._provider}-{slugify(location)}"[:60]
        if key not in self._places:
            self._places[key] = PlaceDraft(
                key=key, name=Localized(en=location), kind=PlaceKind.MEETING_PLACE, provider=self._provider,
            )
            self.supply.places.append(self._places[key])
        return key

    # Programmes ----------------------------------------------------------------------------------------------------------------------

    def add_programme_of(self, item: Item, draft: ProgrammeDraft, keys: Sequence[str]) -> bool:
        """Bring a programme that asks all of these courses, "" for one that is left out: then it does not say what it asks.

        Tells whether it was brought.
        """
        if "" in keys:
            reason = "a course of this programme is left out, so the programme is loaded without saying what it asks"
            self.report(item, "courses", "course-refused", reason, draft.external_id)
        elif keys:
            leaves = tuple(RequirementDraft(RequirementKind.MODULE, module=key) for key in dict.fromkeys(keys))
            draft = replace(draft, requirements=RequirementDraft(RequirementKind.ALL_OF, items=leaves))
        return self.add_programme(item, draft)

    def add_programme(self, item: Item, draft: ProgrammeDraft) -> bool:
        """Bring a programme; the second with one key is refused, unless it says the same. Tells whether it was brought."""
        known = self._programmes.get(draft.external_id)
        if known is not None and known[1] == draft:
            item.remark("", "seen-again", "the same programme came twice")
        elif known is not None:
            reason = f"the same key as {known[0]}, with other content; that one is loaded"
            item.problems.append(item.problem("", "duplicate-differs", reason, draft.external_id))
            self.refuse(item)
        elif item.problems:
            self.refuse(item, draft.external_id)
        else:
            self._programmes[draft.external_id] = (f"item {item.number} of {item.source}", draft)
            self.supply.rows += 1
            self.supply.programmes.append(draft)
            return True
        return False


def _check_order(item: Item, run: Run, ends: date | None, fields: RunFields) -> None:
    if run.starts is not None and ends is not None and ends < run.starts:
        item.wrong(fields.ends, "ends-before-start", f"it starts on {run.starts} and ends before that")
    if run.opens is not None and run.closes is not None and run.closes < run.opens:
        item.wrong(fields.closes, "closes-before-opening", f"enrolment opens on {run.opens} and closes before that")
    if run.opens is not None and ends is not None and run.opens > ends:
        item.wrong(fields.opens, "opens-after-end", f"enrolment opens on {run.opens}, and it has ended by then")


def newest(runs: Sequence[OfferingDraft]) -> OfferingDraft | None:
    """Return the run that starts last: what it costs is what the course costs now."""
    return max(runs, key=lambda run: (run.starts_on, run.external_id), default=None)


def with_price(draft: ModuleDraft, runs: Sequence[OfferingDraft], otherwise: Price = Price(None)) -> ModuleDraft:  # noqa: B008 - frozen
    """Return the module with the price of its newest run, and the modes of all."""
    run = newest(runs)
    modes = tuple(sorted({each.mode for each in runs})) or draft.modes
    price, note = (otherwise.amount, otherwise.note) if run is None else (run.price, run.price_note)
    return replace(draft, price=price, price_note=note, modes=modes)


def mode_of(item: Item, field: str) -> DeliveryMode:
    """Return how the course is given; a word that is not known counts as a mix, with a remark."""
    word = item.line(field).casefold()
    if word and word not in _MODES:
        item.remark(field, "unknown-mode", "not online, in person or blended; taken as blended")
    return _MODES.get(word or "online", DeliveryMode.BLENDED)


def localized(text: str, languages: tuple[str, ...] = ()) -> Localized:
    """Put a text under Dutch when it is Dutch; under English otherwise, where the reader of either language finds it."""
    return Localized(nl=text) if languages == ("nl",) else Localized(en=text)


def facts(*parts: str) -> str:
    """Join what the catalogue has no field for into one line."""
    return " · ".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
