"""One seat, three who pay: a fund and an employer pay along, the employer says yes, and the learner pays the rest."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from academy.accounts.models import Organisation
from academy.enrolment import subscribers
from academy.funding import service as funding
from academy.funding.kinds import ShareState, SourceKind
from academy.funding.models import FundingShare
from academy.kernel.db import Database
from tests.browser import PHONE, axe
from tests.enrolment.vat import decide_vat
from tests.funding import money as funders
from tests.journeys.conftest import Server
from tests.journeys.steps import DUTCH, ENGLISH, Words, sign_up_to_enrol

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("words", "promise", "waits", "pay", "paid", "own"), [
    (DUTCH, "Inschrijven met betaalverplichting", "Wacht op wie meebetaalt", "Betaal €", "Betaald", "58,50"),
    (ENGLISH, "Enrol with obligation to pay", "Waits for who pays along", "Pay €", "Paid", "58.50"),
], ids=["Dutch", "English"])
def test_a_fund_and_an_employer_pay_along_and_the_learner_pays_the_rest(
    browser: Browser, server: Server, words: Words, promise: str, waits: str, pay: str, paid: str, own: str,
) -> None:
    subscribers.register()  # so that the yes below is told to who keeps the seat
    now = datetime.now(UTC)  # noqa: TID251 - the server reads the real clock
    email, database = f"samen-betalen-{words.lang}@voorbeeld.nl", Database(f"sqlite:///{server.folder / 'var' / 'academy.db'}")
    with database.writing() as session:
        decide_vat(session, now)
        boss = funders.source(
            session, now, kind=SourceKind.EMPLOYER, slug=f"baas-{words.lang}", emails=(email,), percentage=40_00, position=1, needs_approval=True,
        )
        if session.scalar(select(Organisation.id).where(Organisation.slug == "fonds-voor-praktijk")) is None:  # it pays in both languages
            funders.source(session, now, slug="fonds-voor-praktijk", percentage=30_00, position=2, module_kinds=("loose_module",))
    context = browser.new_context(viewport=PHONE, locale="nl-NL" if words.lang == "nl" else "en-GB")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{server.url}/{words.lang}/modules/vca-basis-veilig-werken")
    page.get_by_role("link", name=words.enrol, exact=True).first.click()
    sign_up_to_enrol(page, server.url, words, email)
    page.get_by_role("button", name=words.ask).click()
    for part in ("78", own):
        expect(page.get_by_role("main")).to_contain_text(part)
    axe(page)
    page.get_by_role("button", name=promise).click()
    expect(page.get_by_role("main")).to_contain_text(waits)
    axe(page)
    here = page.url
    with database.writing() as session:
        share = session.scalars(select(FundingShare.id).where(FundingShare.source_id == boss.id, FundingShare.state == ShareState.RESERVED)).one()
        funding.approve_share(session, actor=boss.keeper, share_id=share, now=datetime.now(UTC))  # noqa: TID251 - the server reads the real clock
    database.close()
    for _time in range(50):
        page.goto(f"{here}/pay")
        if "/payments/" in page.url:
            break
        page.wait_for_timeout(200)
    page.get_by_role("button", name=pay).click()
    page.wait_for_url("**/demo-bank/**")
    page.get_by_role("button", name=pay).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(paid)
    for _time in range(50):
        page.goto(here)
        if words.enrolled in page.get_by_role("main").inner_text():
            break
        page.wait_for_timeout(200)
    expect(page.get_by_role("main")).to_contain_text(words.enrolled)
    axe(page)
    context.close()
