"""Steps that journeys share, in the words of the reader's language."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True)
class Words:
    """What a visitor types and reads, per language."""

    lang: str
    misspelled: str
    title: str
    search: str
    enrol: str
    make_account: str
    name: str
    email: str
    send: str
    log_in: str
    enrolled: str
    my_learning: str
    cancel: str
    yes_cancel: str
    cancelled: str
    letter: str


DUTCH = Words(
    lang="nl", misspelled="marktondrezoek", title="Marktonderzoek en doelgroepanalyse", search="Zoek", enrol="Schrijf je in",
    make_account="Maak een account", name="Naam", email="E-mailadres", send="Maak je account", log_in="Log in", enrolled="Ingeschreven",
    my_learning="Mijn leren", cancel="Annuleer je inschrijving", yes_cancel="Ja, annuleer", cancelled="Geannuleerd", letter="Maak je account",
)
ENGLISH = Words(
    lang="en", misspelled="progamming", title="Programming in Python", search="Search", enrol="Enrol",
    make_account="Create an account", name="Name", email="E-mail address", send="Create your account", log_in="Log in", enrolled="Enrolled",
    my_learning="My learning", cancel="Cancel your enrolment", yes_cancel="Yes, cancel", cancelled="Cancelled", letter="account",
)


def sign_up(page: Page, url: str, words: Words, email: str, name: str = "Sam de Vries") -> None:
    """Make an account from the sign-in page, by the link in the demo mailbox."""
    page.get_by_role("link", name=words.make_account).click()
    page.get_by_label(words.name, exact=True).fill(name)
    page.get_by_label(words.email, exact=True).fill(email)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text(email)
    open_link(page, url, words, email)


def open_link(page: Page, url: str, words: Words, email: str) -> None:
    """Open the newest letter to `email` and follow its link; the letter comes within seconds."""
    letter = page.get_by_role("row").or_(page.get_by_role("listitem")).filter(has_text=email).get_by_role("link").first
    for _ in range(50):
        page.goto(f"{url}/{words.lang}/demo/mailbox")
        if letter.count():
            break
        page.wait_for_timeout(200)
    letter.click()
    link = re.search(r"http://\S+/sign-in/link/\S+", page.get_by_role("main").inner_text())
    assert link, "the letter has no link"
    page.goto(link.group())
    page.get_by_role("main").get_by_role("button", name=words.log_in).click()
