"""A learner claims credits (J5): from the value meter to sending in five screens, and on until the credits are booked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from academy.accounts import api as accounts
from academy.accounts.api import Actor, Role
from academy.catalogue.api import OutcomeDraft
from academy.catalogue.models import Module
from academy.kernel.clock import AMSTERDAM, amsterdam_day
from academy.kernel.db import Database
from academy.kernel.money import Money
from academy.kernel.text import Language, Localized
from academy.kernel.translation import gettext, reading_in
from academy.notices import subscribers as notices
from academy.recognition.kinds import ALWAYS_MET, InstrumentKind, Judgement
from academy.recognition.models import Credit, FileEvidence, FileOutcome, RecognitionFile
from academy.recognition.queries.board_file import seen_now
from academy.recognition.queries.files import file_by_id
from academy.recognition.rules.deciding import Answer
from academy.recognition.service import deciding, guiding, judging, slots
from tests import builders
from tests.browser import axe, fits
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, sign_up
from tests.kernel.uploads import PDF

pytestmark = pytest.mark.journey
WORDS = ("Je richt een netwerk in.", "Je beveiligt een netwerk.", "Je legt uit wat je deed.")
SCREENS, FIELDS = 5, 12
_PHONE, _SCREEN = ViewportSize(width=360, height=800), ViewportSize(width=1280, height=900)


@dataclass
class School:
    """A provider with a module of three outcomes, and the people who guide, judge and decide there."""

    database: Database
    lang: Language
    slug: str
    module: str
    guide: Actor
    assessor: Actor
    board: Actor

    def say(self, sentence: str, **values: object) -> str:
        with reading_in(self.lang):
            return gettext(sentence, **values)

    def run(self, act: Callable[..., Any], actor: Actor, *, days: int = 0, **what: Any) -> Any:
        """Let somebody of the provider do something, so many days from now."""
        now = datetime.now(UTC) + timedelta(days=days)  # noqa: TID251 - the server reads the real clock
        with self.database.writing() as session:
            return act(session, actor=actor, provider_slug=self.slug, now=now, **what)


@pytest.fixture
def school(server: Server, lang: Language) -> Iterator[School]:
    notices.register()  # so that what happens here is told to the server
    database, now, slug = Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}"), datetime.now(UTC), f"erkent-{lang}"  # noqa: TID251 - as above
    with database.writing() as session:
        provider_id = builders.provider(session, slug, f"Erkent {lang.upper()}")
        builders.module(
            session, now, provider_id=provider_id, title=Localized(f"Netwerken {lang}", f"Networks {lang}"), ec=Decimal(5), price=Money(495_00), hours=140,
            outcomes=tuple(OutcomeDraft(Localized(words, f"EN {words}")) for words in WORDS),
        )
        module = session.scalars(select(Module.slug).where(Module.provider_id == provider_id)).one()
        people = []
        for name, role in (("Gea Gids", Role.ASSESSOR), ("Aad Assessor", Role.ASSESSOR), ("Bea Bestuur", Role.EXAM_BOARD)):
            people.append(builders.actor(session, now, name=name, email=f"{name.split()[0].lower()}-{slug}@voorbeeld.nl"))
            accounts.add_membership(session, person_id=people[-1].person_id, organisation_id=provider_id, role=role)
    found = School(database, lang, slug, module, *people)
    morning = datetime.combine(amsterdam_day(now) + timedelta(days=14), time(10), AMSTERDAM).astimezone(UTC)
    found.run(slots.offer_slots, found.assessor, draft=slots.SlotDraft(InstrumentKind.INTERVIEW, (morning,), timedelta(hours=1), is_online=True))
    yield found
    database.close()


@dataclass
class Claim:
    """What the learner sees and fills in: each screen is looked at, each field counted."""

    page: Page
    width: int
    fields: int = 0
    screens: list[str] = field(default_factory=list)

    def sees(self, title: str) -> None:
        """Come to a screen: its steps stand above it, nothing sticks out, and nothing is in the way of who can not see it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        step = self.page.locator(".academy-kicker").first.inner_text()
        if step not in self.screens:
            self.screens.append(step)
        self.looks_right()

    def looks_right(self) -> None:
        fits(self.page, self.width)
        axe(self.page)

    def fill(self, place: Locator, words: str) -> None:
        place.fill(words)
        self.fields += 1

    def check(self, place: Locator) -> None:
        place.check()
        self.fields += 1

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()


@pytest.fixture
def claim(browser: Browser, lang: Language) -> Iterator[Claim]:
    size = _PHONE if lang == "nl" else _SCREEN
    context = browser.new_context(viewport=size, locale="nl-NL" if lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    yield Claim(context.new_page(), size["width"])
    context.close()


def _outcome(claim: Claim, number: int) -> Locator:
    return claim.page.get_by_role("group", name=re.compile(rf"^{number}\. "))


def _scans(claim: Claim, server: Server, school: School) -> None:
    """Say what one can without an account, make one, and find the answers back."""
    say, page = school.say, claim.page
    page.goto(f"{server.url}/{school.lang}/modules/{school.module}")
    page.get_by_role("link", name=say("Kun je dit al? Vraag erkenning aan")).click()
    claim.sees(say("Kun je dit al?"))
    for number, answer in ((1, "Ja"), (2, "Deels"), (3, "Nee")):
        claim.check(_outcome(claim, number).get_by_label(say(answer), exact=True))
    claim.press(say("Reken opnieuw"))
    expect(page.get_by_role("heading", name=say("Met wat je al kunt, bespaar je ongeveer"))).to_be_visible()
    claim.press(say("Bewaar en ga verder"))
    sign_up(page, server.url, DUTCH if school.lang == "nl" else ENGLISH, f"ervaren-{school.lang}@voorbeeld.nl")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Kun je dit al?"))
    for number, answer in ((1, "Ja"), (2, "Deels"), (3, "Nee")):
        expect(_outcome(claim, number).get_by_label(say(answer), exact=True)).to_be_checked()
    claim.press(say("Bewaar en ga verder"))


def _tells_when(claim: Claim, school: School) -> None:
    """Give an example of what one can; what is missing is said at its field."""
    say, page = school.say, claim.page
    claim.sees(say("Wanneer deed je dit?"))
    claim.press(say("Bewaar en ga verder"))
    expect(page.get_by_role("alert").first).to_contain_text(say("Schrijf kort wanneer je dit deed."))
    claim.looks_right()
    for number in (1, 2):
        claim.fill(_outcome(claim, number).get_by_role("textbox"), "Op mijn werk, drie jaar lang.")
    claim.press(say("Bewaar en ga verder"))


def _shows(claim: Claim, school: School, photo: Path) -> None:
    """Upload one piece, for two outcomes; who goes back finds everything that was filled in."""
    say, page = school.say, claim.page
    claim.sees(say("Bewijs bij je aanvraag"))
    page.get_by_role("link", name=re.compile(rf"\b{say('Voorbeelden')}\b")).click()
    expect(_outcome(claim, 1).get_by_role("textbox")).to_have_value("Op mijn werk, drie jaar lang.")
    claim.press(say("Bewaar en ga verder"))
    claim.fill(page.get_by_label(say("Wat is het?")), "Netwerktekening van onze winkel")
    page.get_by_label(say("Of kies een bestand")).set_input_files(photo)
    for box in page.locator("form[enctype] input[name=outcomes]").all()[:2]:
        claim.check(box)
    claim.press(say("Voeg dit bewijs toe"))
    expect(page.get_by_role("main")).to_contain_text("Netwerktekening van onze winkel")
    claim.looks_right()
    page.get_by_role("link", name=say("Klaar met bewijs")).click()


def _books(claim: Claim, school: School) -> None:
    say, page = school.say, claim.page
    claim.sees(say("Kies een moment met een assessor"))
    claim.check(page.get_by_role("radio").first)
    claim.press(say("Boek dit moment"))
    claim.sees(say("Je afspraak met een assessor"))
    page.get_by_role("link", name=say("Verder met je aanvraag")).click()


def _sends(claim: Claim, school: School) -> None:
    say, page = school.say, claim.page
    claim.sees(say("Kijk na en verstuur"))
    for words in ("Ik teken de afspraak hierboven.", "Wat ik laat zien is van mij, en het is waar."):
        claim.check(page.get_by_label(say(words)))
    claim.press(say("Verstuur je aanvraag"))
    expect(page.get_by_role("heading", name=say("Een begeleider leest je aanvraag"))).to_be_visible()
    claim.looks_right()


def _is_judged(school: School, code: str) -> list[Answer]:
    """Let guide and assessor do their part, the second look on the day that was booked; their own pages have their own journeys. Returns what they say."""
    with school.database.reading() as session:
        file_id = session.scalars(select(RecognitionFile.id).where(RecognitionFile.code == code)).one()
        evidence = frozenset(session.scalars(select(FileEvidence.evidence_id).where(FileEvidence.file_id == file_id)))
        asked = session.scalars(select(FileOutcome.outcome_id).where(FileOutcome.file_id == file_id).order_by(FileOutcome.position)).all()
    said = [
        Answer(asked[0], Judgement.YES, "", "gezien", evidence, frozenset(ALWAYS_MET)), Answer(asked[1], Judgement.PARTLY, "de firewall", "deels gezien", evidence),
        Answer(asked[2], Judgement.NO, "", "niet gezien"),
    ]
    school.run(guiding.take_file, school.guide, code=code)
    school.run(guiding.advise_and_sign, school.guide, code=code, reason="Doen.")
    school.run(judging.take_assessment, school.assessor, code=code)
    school.run(judging.judge_portfolio, school.assessor, code=code, answers=said, notes="")
    school.run(judging.finish_instrument, school.assessor, days=15, code=code, answers=said, notes="")
    school.run(judging.issue_report, school.assessor, days=15, code=code, answers=said)
    return said


def _is_decided(school: School, code: str, said: list[Answer]) -> None:
    with school.database.reading() as session:
        seen = seen_now(session, file_by_id(session, session.scalars(select(RecognitionFile.id).where(RecognitionFile.code == code)).one()))
    answers = [Answer(each.outcome_id, each.judgement, each.part, each.reason) for each in said]
    school.run(deciding.decide, school.board, days=16, code=code, answers=answers, seen_digest=seen)


@pytest.mark.parametrize("lang", ["nl", "en"], ids=["Dutch", "English"])
def test_somebody_with_experience_claims_credits_in_five_screens(server: Server, school: School, claim: Claim, tmp_path: Path) -> None:
    say, page, photo = school.say, claim.page, tmp_path / "tekening.pdf"
    photo.write_bytes(PDF)
    _scans(claim, server, school)
    _tells_when(claim, school)
    _shows(claim, school, photo)
    _books(claim, school)
    _sends(claim, school)
    assert len(claim.screens) == SCREENS, claim.screens
    assert claim.fields <= FIELDS
    code = page.url.rstrip("/").rsplit("/", 1)[-1]
    said = _is_judged(school, code)
    page.reload()
    expect(page.get_by_role("heading", name=say("Je rapport is klaar"))).to_be_visible()
    claim.looks_right()
    claim.press(say("Vraag vrijstelling"))
    expect(page.get_by_role("heading", name=say("De examencommissie beslist"))).to_be_visible()
    _is_decided(school, code, said)
    page.reload()
    expect(page.get_by_role("heading", name=say("Er is een besluit"))).to_be_visible()
    claim.looks_right()
    with school.database.reading() as session:
        booked = select(Credit.ec).join(RecognitionFile, RecognitionFile.decision_id == Credit.decision_id).where(RecognitionFile.code == code)
        assert session.scalars(booked).all() == [Decimal("1.7")]
