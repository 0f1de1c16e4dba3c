"""Someone finds a fitting module in at most two screens: with a mouse, by keyboard alone, without JavaScript, on a telephone."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from tests.browser import WIDE, axe, fits
from tests.journeys.conftest import Server

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 780}
MOST_SCREENS = 2
TITLE = "Netwerkbeheer"


class Visit:
    """A page, and the screens seen on it: what one had to wait for as a whole."""

    def __init__(self, context: BrowserContext) -> None:
        context.set_default_timeout(30_000)
        self.page = context.new_page()
        self.screens: list[str] = []
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.screens.append(request.url)

    def arrives(self, title: str = TITLE) -> None:
        """Assert that this is the module, with when it starts, and how many screens were seen before it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.page.get_by_role("heading", name="Startmomenten")).to_be_visible()
        assert len(self.screens) - 1 <= MOST_SCREENS, self.screens


def visit(browser: Browser, size: object = WIDE, *, scripts: bool = True) -> Visit:
    return Visit(browser.new_context(viewport=size, locale="nl-NL", java_script_enabled=scripts))  # type: ignore[arg-type]


Question = list[tuple[str, str]]


def asks(page: Page, question: Question | Callable[[Question], bool]) -> None:
    """Assert that the address becomes that of `question`: filters change it when their answer is there."""
    def fits(url: str) -> bool:
        found = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        return question(found) if callable(question) else found == question

    page.wait_for_url(fits)


def becomes_true(page: Page, check: Callable[[], bool]) -> None:
    """Wait for what the page does outside its document; fails after ten seconds."""
    for _ in range(200):
        if check():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("not reached by Tab")


# With a mouse


def test_with_a_mouse_by_a_suggestion(browser: Browser, server: Server) -> None:
    one = visit(browser)
    one.page.goto(f"{server.url}/nl/")
    one.page.get_by_role("combobox").press_sequentially("netw")
    options(one.page).filter(has_text=TITLE).first.click()
    one.arrives()
    one.page.context.close()


def test_with_a_mouse_by_filters_that_need_no_new_screen(browser: Browser, server: Server) -> None:
    one = visit(browser)
    one.page.goto(f"{server.url}/nl/")
    one.page.get_by_role("combobox").fill("netwerk")
    one.page.get_by_role("main").get_by_role("button", name="Zoek").click()
    one.page.get_by_role("checkbox", name=re.compile("^avond")).check()
    expect(one.page.get_by_role("link", name="avond weghalen")).to_be_visible()
    one.page.get_by_label("Jouw postcode").fill("1315 AB")
    one.page.get_by_label("Tot en met (€)").fill("900")
    one.page.get_by_label("Tot en met (€)").blur()
    expect(one.page.get_by_text("Binnen 25 km van 1315")).to_be_visible()
    expect(one.page.get_by_text("op ongeveer 1 km").first).to_be_visible()
    asks(one.page, [("q", "netwerk"), ("part_of_day", "evening"), ("price_to", "900"), ("postcode", "1315"), ("km", "25")])
    axe(one.page)
    one.page.get_by_role("link", name=TITLE).click()
    one.arrives()
    one.page.go_back()
    expect(one.page.get_by_role("checkbox", name=re.compile("^avond"))).to_be_checked()
    one.page.get_by_role("link", name="avond weghalen").click()
    expect(one.page.get_by_role("checkbox", name=re.compile("^avond"))).not_to_be_checked()
    asks(one.page, [("q", "netwerk"), ("price_to", "900"), ("postcode", "1315"), ("km", "25")])
    one.page.context.close()


# By keyboard alone


def test_by_keyboard_through_the_suggestions(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/")
    box = page.get_by_role("combobox")
    tab_to(page, box)
    page.keyboard.type("n")  # from the first letter
    expect(options(page).first).to_be_visible()
    page.keyboard.type("etw")
    expect(options(page).last).to_have_text("Zoek naar “netw”")
    expect(page.get_by_role("status").filter(has_text="suggestie")).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    axe(page)

    page.keyboard.press("ArrowUp")  # round to the last
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options(page).first.get_attribute("id")
    page.keyboard.press("End")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("netw")
    expect(box).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("ArrowDown")  # opens again
    place = [TITLE in text for text in _texts(page)].index(True)
    for _ in range(place + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    one.arrives()
    page.context.close()


def _texts(page: Page) -> list[str]:
    expect(options(page).first).to_be_visible()
    return options(page).all_inner_texts()


def test_by_keyboard_through_the_filters(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/")
    tab_to(page, page.get_by_role("combobox"))
    page.keyboard.type("netwerk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=netwerk")
    evening = page.get_by_role("checkbox", name=re.compile("^avond"))
    tab_to(page, evening)
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="avond weghalen")).to_be_visible()
    assert evening.evaluate("element => element === document.activeElement"), "the focus went away"
    days = page.locator("#facet-weekday > summary")
    tab_to(page, days)
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name=re.compile("^dinsdag"))).to_be_visible()
    tab_to(page, page.get_by_role("link", name=TITLE))
    page.keyboard.press("Enter")
    one.arrives()
    page.context.close()


# Without JavaScript


def test_without_javascript(browser: Browser, server: Server) -> None:
    one = visit(browser, scripts=False)
    page = one.page
    page.goto(f"{server.url}/nl/")
    page.get_by_role("main").get_by_role("searchbox").fill("netwerk")
    page.get_by_role("main").get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name=TITLE).click()
    one.arrives()

    page.goto(f"{server.url}/nl/search?q=beheer")
    page.get_by_role("checkbox", name=re.compile("^avond")).check()
    page.get_by_label("Jouw postcode").fill("1315")
    page.get_by_label("Tot en met (€)").fill("900")
    _show(page)
    asks(page, [("q", "beheer"), ("part_of_day", "evening"), ("price_to", "900"), ("postcode", "1315"), ("km", "25")])
    page.get_by_label("Sorteer op").select_option("distance")
    _show(page)
    asks(page, lambda question: question[-1] == ("sort", "distance"))
    expect(page.get_by_label("Tot en met (€)")).to_have_value("900")
    page.locator("#facet-skill > summary").click()
    page.get_by_role("button", name=re.compile("^Toon.*Vaardigheden")).click()
    asks(page, lambda question: question[-1] == ("in_skill", "*") and len(question) == 7)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.context.close()


def _show(page: Page) -> None:
    """Send the form; the buttons beside each field stand in `noscript`, which a browser told not to run scripts does not show."""
    page.get_by_role("button", name=re.compile(r"^Toon \d+ resulta")).click()


# On a telephone


def test_on_a_telephone_with_the_filters_over_the_page(browser: Browser, server: Server) -> None:
    one = visit(browser, PHONE)
    page = one.page
    page.goto(f"{server.url}/nl/")
    page.get_by_role("combobox").fill("beheer")
    page.get_by_role("main").get_by_role("button", name="Zoek").click()
    page.locator("#filters > summary").click()
    axe(page)
    show = page.get_by_role("button", name=re.compile(r"^Toon \d+ resultaten$"))
    before = show.inner_text()
    page.get_by_role("checkbox", name=re.compile("^avond")).check()
    expect(show).not_to_have_text(before)
    box = show.bounding_box()
    assert box
    assert box["y"] + box["height"] <= PHONE["height"], "the button is out of reach"
    show.click()
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    expect(page.locator("#results-title")).to_be_focused()
    page.get_by_role("link", name=TITLE).click()
    one.arrives()
    page.context.close()


def test_filters_close_when_the_focus_walks_out_of_them(browser: Browser, server: Server) -> None:
    one = visit(browser, PHONE)
    page = one.page
    page.goto(f"{server.url}/nl/search?q=netwerk")
    page.locator("#filters > summary").click()
    page.get_by_role("button", name=re.compile("^Toon")).last.focus()
    page.keyboard.press("Tab")
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    page.locator("#filters > summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    page.context.close()


# Suggestions when things go wrong


def test_a_late_answer_to_what_was_typed_before_is_dropped(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/")
    late = "<div role=listbox data-said=oud><a role=option href='/nl/'>oud</a></div>"
    waiting: list[Route] = []
    page.route("**/suggestions?q=net", lambda route: waiting.append(route))  # noqa: PLW0108 - it wants a function of Python
    box = page.get_by_role("combobox")
    box.press_sequentially("net")
    becomes_true(page, lambda: len(waiting) == 1)
    box.press_sequentially("w")
    expect(options(page).last).to_have_text("Zoek naar “netw”")
    waiting[0].fulfill(body=late, content_type="text/html")
    page.wait_for_timeout(200)
    expect(options(page).filter(has_text="oud")).to_have_count(0)
    page.context.close()


def test_what_was_asked_before_is_dropped_when_more_is_typed_so_that_its_answer_overwrites_nothing(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/search?q=netwerk")
    waiting: list[Route] = []
    dropped: list[str] = []
    page.route(re.compile(r"/nl/search\?.*postcode=1315"), lambda route: route.continue_() if waiting else waiting.append(route))
    page.on("requestfailed", lambda request: dropped.append(request.url))
    page.get_by_label("Jouw postcode").fill("1315")
    page.get_by_label("Tot en met (€)").press_sequentially("900")  # leaves the postcode, which asks
    becomes_true(page, lambda: dropped == [waiting[0].request.url])
    page.get_by_label("Jouw postcode").focus()
    expect(page.get_by_role("link", name=re.compile("^Tot en met € 900"))).to_be_visible()
    asks(page, [("q", "netwerk"), ("price_to", "900"), ("postcode", "1315"), ("km", "25")])
    page.context.close()


def test_without_an_answer_nothing_is_shown_and_searching_still_works(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/")
    page.route("**/suggestions?*", lambda route: route.fulfill(status=500, body="kapot"))
    page.get_by_role("combobox").press_sequentially("netwerk")
    page.wait_for_timeout(400)
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=netwerk")
    page.context.close()


def test_suggestions_go_away_with_the_focus(browser: Browser, server: Server) -> None:
    one = visit(browser)
    page = one.page
    page.goto(f"{server.url}/nl/about")  # the box in the header
    page.get_by_role("combobox").press_sequentially("netw")
    expect(options(page).first).to_be_visible()
    axe(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.context.close()


# Other ways in


def test_by_topics(browser: Browser, server: Server) -> None:
    one = visit(browser)
    one.page.goto(f"{server.url}/nl/")
    one.page.get_by_role("main").get_by_role("link", name="ICT", exact=True).click()
    first = one.page.locator(".academy-hits").get_by_role("link").first
    title = first.inner_text()
    first.click()
    one.arrives(title)
    one.page.context.close()


def test_nothing_found_leads_on(browser: Browser, server: Server) -> None:
    one = visit(browser, PHONE)
    page = one.page
    page.goto(f"{server.url}/nl/search?q=netwerkbeheer&level=7&part_of_day=evening")
    page.get_by_role("link", name=re.compile("^Zonder “niveau 7")).click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.context.close()


PAGES = [
    "/", "/search", "/search?q=net&part_of_day=evening&price_from=100&price_to=900&postcode=1315&km=25&sort=distance&in_skill=*",
    "/search?postcode=12&price_from=veel", "/search?q=zzzzqqqq", "/search?q=netwerk&level=7", "/topics", "/topics/ict", "/topics/gratis",
    "/topics/niets", "/search/how-we-rank",
]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_pages_are_accessible_and_fit_a_telephone(browser: Browser, server: Server, lang: str) -> None:
    one = visit(browser)
    page = one.page
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    for path in PAGES:
        page.set_viewport_size(WIDE)
        page.goto(f"{server.url}/{lang}{path}")
        assert page.locator("h1").count() == 1, path
        axe(page)
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 700})
            fits(page, width)
        axe(page)
    assert said == []
    page.context.close()
