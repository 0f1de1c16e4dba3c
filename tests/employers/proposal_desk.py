"""Providers that were asked for something made to measure, and their pages without a browser."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from academy.accounts import service as accounts_service
from academy.accounts.queries import Actor
from academy.catalogue.models import Place, PlaceKind
from academy.employers.models import Proposal, RequestQuestion, TailoredRequest
from academy.employers.service import proposing as proposing_service
from academy.kernel.db import Database
from academy.kernel.ids import new_id
from academy.kernel.text import Localized
from tests import builders
from tests.employers.market import EVENING, MORNING, SLUG, open_market
from tests.employers.tailoring import Atelier, add_provider, open_atelier

LIST = f"/nl/provider/{SLUG}/tailored"
OTHER, THIRD = "techniek", "derde"
Work = Callable[..., FlaskClient]


def open_desk(app: Flask, database: Database) -> Atelier:
    """Return two providers that can be asked, one with a place, and a third; nothing was asked yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    market = open_market(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock
    found = open_atelier(market, slots=(EVENING, MORNING))
    with database.writing() as session:
        session.add_all([
            Place(id=new_id(), key="werkplaats", provider_id=market.provider_id, name=Localized("De werkplaats"), kind=PlaceKind.CAMPUS),
            Place(id=new_id(), key="elders", provider_id=builders.provider(session, "elders"), name=Localized("Elders"), kind=PlaceKind.CAMPUS),
        ])
    found.planners[THIRD] = add_provider(market, THIRD)
    return found


def signing_in(app: Flask, atelier: Atelier) -> Work:
    """Return what signs in who plans at a provider, or somebody else."""

    def sign_in(slug: str = SLUG, *, actor: Actor | None = None) -> FlaskClient:
        client = app.test_client()
        with atelier.market.database.writing() as session:
            person_id = (actor or atelier.planners[slug]).person_id
            row = accounts_service.start_sign_in(session, person_id=person_id, device="", now=atelier.market.now, is_twofold=True)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.id.hex
        return client

    return sign_in


def text(client: FlaskClient, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer.get_data(as_text=True))


def plain(page: str) -> str:
    return unescape(page).replace("\N{NO-BREAK SPACE}", " ")


def post(client: FlaskClient, address: str, *, status: int = 303, **form: Any) -> str:
    answer = client.post(address, data=form)
    assert answer.status_code == status, plain(answer.get_data(as_text=True))[:3000]
    return answer.headers["Location"] if status == 303 else plain(answer.get_data(as_text=True))


def filled_in(page: str) -> dict[str, Any]:
    """Return what the form of a proposal sends that nobody touched."""
    sent: dict[str, Any] = {}

    class Fields(HTMLParser):
        name = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            about = dict(attrs)
            name = str(about.get("name"))
            if tag == "input" and about.get("type") == "checkbox":
                sent.setdefault(name, []).extend([str(about["value"])] if "checked" in about else [])
            elif tag == "input" and about.get("type") != "hidden":
                sent[name] = about.get("value") or ""
            elif tag in {"select", "textarea"}:
                self.name = name
                sent.setdefault(name, "")
            elif tag == "option" and ("selected" in about or not sent[self.name]):
                sent[self.name] = about.get("value") or ""

        def handle_endtag(self, tag: str) -> None:
            self.name = "" if tag in {"select", "textarea"} else self.name

        def handle_data(self, data: str) -> None:
            if self.lasttag == "textarea" and self.name:
                sent[self.name] = data.strip("\r\n")

    Fields().feed(page[page.index('<form class="academy-form academy-wide-form"'):])
    return sent


def faults(page: str) -> dict[str, str]:
    """Return the first fault of each field, by its label."""
    fields = page[page.index('<form class="academy-form'):]
    found = re.findall(r'<(?:label|legend) class="utrecht-form-label"[^>]*>(.*?)(?: <span.*?)?</(?:label|legend)>|Fout: </span>(.*?)</span>', fields)
    last = ""
    faulty: dict[str, str] = {}
    for label, fault in found:
        last = label or last
        if fault:
            faulty.setdefault(last, fault)
    return faulty


def address(atelier: Atelier, slug: str = SLUG, what: str = "", lang: str = "nl") -> str:
    return f"/{lang}/provider/{slug}/proposals/{atelier.proposals[SLUG]}{what}"


def request_address(atelier: Atelier, slug: str = SLUG, what: str = "") -> str:
    return f"/nl/provider/{slug}/tailored/{atelier.code}{what}"


def days_pass(atelier: Atelier, **until: datetime) -> None:
    """Let the last days to ask, or also to propose, be over by the real clock."""
    with atelier.market.database.writing() as session:
        session.execute(update(TailoredRequest).values(**until))


def over(atelier: Atelier) -> None:
    past = atelier.market.now - timedelta(days=1)
    days_pass(atelier, questions_until=past, proposals_until=past)


def number(atelier: Atelier, model: type[Proposal | RequestQuestion]) -> int:
    with atelier.market.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def agree(atelier: Atelier) -> None:
    atelier.run(
        proposing_service.agree_to_proposal, actor=atelier.planners[OTHER], provider_slug=OTHER, proposal_code=atelier.proposals[SLUG],
    )
