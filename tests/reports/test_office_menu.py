"""The menu of the programme office: every page of it, also one below a desk, says at which desk one is."""

import re

from flask import Flask, get_template_attribute

_FILE = re.compile(r"\.(csv|<kind>)$")


def desk_of(app: Flask, endpoint: str | None) -> list[tuple[str, str]]:
    """Return what is marked in the menu, and how, and that the summary on a phone names the same."""
    with app.test_request_context("/nl/office/reports"):
        menu = str(get_template_attribute("macros/office.html", "office_desks")(endpoint, 0))
    named = re.findall(r"<strong>(.*?)</strong>", menu)
    marked = re.findall(r'aria-current="(\w+)">(.*?)</a>', menu)
    assert [name for _how, name in marked] == named, endpoint
    return marked


def test_every_page_of_the_office_stands_at_one_desk(app: Flask) -> None:
    pages = {
        (rule.endpoint, rule.rule) for rule in app.url_map.iter_rules() if "/office/" in rule.rule and not _FILE.search(rule.rule)
    }
    lost = sorted(endpoint for endpoint, _rule in pages if len(desk_of(app, endpoint)) != 1)
    assert " ".join(lost) == ""


def test_a_page_below_a_desk_marks_the_desk_and_is_not_it(app: Flask) -> None:
    assert desk_of(app, "commissions.overview") == [("page", "Aanvragen bij opleiders")]
    assert desk_of(app, "commissions.new") == [("true", "Aanvragen bij opleiders")]
    assert desk_of(app, None) == [], "an address that leads nowhere"
    assert desk_of(app, "reports.gap") == [("true", "Vraag en aanbod")]
    assert desk_of(app, "frozen_reports.show") == [("true", "Vastgelegde rapporten")]
    assert desk_of(app, "taking_part.provider") == [("true", "Wie meedoet")]
