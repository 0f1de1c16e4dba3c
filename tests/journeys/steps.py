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
    log_in: str
    enrolled: str
    my_learning: str
    cancel: str
    yes_cancel: str
    cancelled: str
    sign_in_first: str
    ask: str
    more_time: str


DUTCH = Words(
    lang="nl", misspelled="marktondrezoek", title="Marktonderzoek en doelgroepanalyse", search="Zoek", enrol="Schrijf je in",
    make_account="Maak een account", name="Naam", email="E-mailadres", log_in="Log in", enrolled="Ingeschreven",
    my_learning="Mijn leren", cancel="Annuleer je inschrijving", yes_cancel="Ja, annuleer", cancelled="Geannuleerd",
    sign_in_first="Log eerst in", ask="Vraag deze plek", more_time="Geef me meer tijd",
)
ENGLISH = Words(
    lang="en", misspelled="progamming", title="Programming in Python", search="Search", enrol="Enrol",
    make_account="Create an account", name="Name", email="E-mail address", log_in="Sign in", enrolled="Enrolled",
    my_learning="My learning", cancel="Cancel your enrolment", yes_cancel="Yes, cancel", cancelled="Cancelled",
    sign_in_first="Sign in first", ask="Ask for this seat", more_time="Give me more time",
)


def sign_up(page: Page, url: str, words: Words, email: str, name: str = "Sam de Vries") -> None:
    """Make an account from the sign-in page, by the link in the demo mailbox."""
    page.get_by_role("link", name=words.make_account).click()
    page.get_by_label(words.name, exact=True).fill(name)
    page.get_by_label(words.email, exact=True).fill(email)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text(email)
    open_link(page, url, words, email)


def sign_up_to_enrol(page: Page, url: str, words: Words, email: str) -> None:
    """Make an account from the page on which one asks for a seat, and come back to it."""
    page.get_by_role("link", name=words.sign_in_first).click()
    sign_up(page, url, words, email)


def enrol(page: Page, words: Words) -> None:
    """Ask for the seat that the page is about, and take it."""
    page.get_by_role("button", name=words.ask).click()
    page.get_by_role("button", name=words.enrol, exact=True).click()


def sign_in_with_password(page: Page, url: str, words: Words, email: str, password: str) -> None:
    """Sign in as somebody who has a password, and give the second step where a role asks for it."""
    page.goto(f"{url}/{words.lang}/sign-in")
    form = page.locator("form").filter(has=page.locator("#password"))
    form.locator("input[type=email]").fill(email)
    form.locator("#password").fill(password)
    form.get_by_role("button").click()
    page.wait_for_url(lambda address: not address.endswith("/sign-in"))
    if "second-step" in page.url:
        give_second_step(page)


def give_second_step(page: Page) -> None:
    """Type the code that the page of the second step shows on a demo; one that was used by the journey before is good no more, the next one is."""
    asked, here, used = page.locator("input[autocomplete=one-time-code]"), page.url, ""
    while asked.count():
        code = page.locator("code").inner_text()
        if code == used:
            page.wait_for_timeout(2_000)
            page.goto(here)
            continue
        used = code
        asked.first.fill(code)
        with page.expect_navigation():
            asked.first.press("Enter")


def open_link(page: Page, url: str, words: Words, email: str, *, letters: int = 1) -> None:
    """Follow the link in the newest of so many letters to `email`."""
    page.goto(link_in_letter(page, url, words, email, letters=letters))
    page.get_by_role("main").get_by_role("button", name=words.log_in).click()


def link_in_letter(page: Page, url: str, words: Words, email: str, *, letters: int = 1) -> str:
    """Wait until there are so many letters to `email`, open the newest and return its link."""
    found = page.get_by_role("listitem").filter(has_text=email)
    for _ in range(50):
        page.goto(f"{url}/{words.lang}/demo/mailbox")
        if found.count() == letters:
            break
        page.wait_for_timeout(200)
    found.first.get_by_role("link").click()
    link = re.search(r"http://\S+/sign-in/link/\S+", page.get_by_role("main").inner_text())
    assert link, "the letter has no link"
    return link.group()
