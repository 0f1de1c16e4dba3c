"""Somebody in front of the pages of a route: reading them and pressing their buttons, with or without an account."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from academy.accounts import service as accounts_service
from academy.accounts.api import Actor
from academy.kernel.clock import utc_now
from academy.pathways.facts import PathwayFacts
from academy.pathways.queries.pathways import pathway_to_change
from tests.pathways.world import World

EVENINGS: dict[str, Any] = {"hours": "20", "when": ["evenings"]}


@dataclass
class Visit:
    """A browser on the pages of routes; `get` and `post` return what stands on the page in the end, and keep its status."""

    client: FlaskClient
    world: World
    status: int = 0
    address: str = ""

    def get(self, address: str) -> str:
        return self._read(self.client.get(address, follow_redirects=True))

    def post(self, address: str, **data: Any) -> str:
        return self._read(self.client.post(address, data=data, follow_redirects=True))

    def _read(self, answer: Any) -> str:
        self.status, self.address = answer.status_code, answer.request.path
        return unescape(answer.get_data(as_text=True)).replace("\N{NO-BREAK SPACE}", " ")

    def made(self, key: str) -> PathwayFacts:
        with self.world.database.reading() as session:
            return pathway_to_change(session, key)

    def begin(self, **life: Any) -> "Made":
        """Choose the programme, skip what one has, and tell a life: evenings, twenty hours."""
        self.post("/nl/route", goal=f"programme:{self.world.programme_slug}")
        made = Made(self, self.address.split("/")[3])
        made.tell(**(life or EVENINGS))
        return made


@dataclass
class Made:
    """A pathway that was made by this browser."""

    visit: Visit
    key: str
    page: str = field(default="", repr=False)

    @property
    def now(self) -> PathwayFacts:
        return self.visit.made(self.key)

    @property
    def steps(self) -> dict[str, str]:
        """The key of the course that is chosen, by the slug of its module."""
        slugs = {module_id: self.visit.world.slugs[key] for key, module_id in self.visit.world.modules.items()}
        return {slugs[each.module_id]: each.course_key for each in self.now.steps}

    def tell(self, **life: Any) -> str:
        return self._do("life", version=self.now.version, **life)

    def choose(self, option: str = "shortest", version: int | None = None) -> str:
        """Press the button of a card on the page as it is now."""
        found = re.search(rf'name="option" value="{option}"><input type="hidden" name="shown" value="(\w+)"', self.look())
        return self.choose_shown(option, found[1] if found else "", version)

    def choose_shown(self, option: str, shown: str, version: int | None = None) -> str:
        return self._do("choose", version=self.now.version if version is None else version, option=option, shown=shown)

    def change(self, act: str, module: str, course: str = "", version: int | None = None) -> str:
        return self._do("change", version=self.now.version if version is None else version, act=act, module=module, course=course)

    def look(self) -> str:
        self.page = self.visit.get(f"/nl/route/{self.key}")
        return self.page

    def _do(self, what: str, **data: Any) -> str:
        self.page = self.visit.post(f"/nl/route/{self.key}/{what}", **data)
        return self.page


def sign_in(app: Flask, world: World, actor: Actor) -> Visit:
    """Return a browser in which somebody is signed in."""
    client = app.test_client()
    with world.database.writing() as session:
        row = accounts_service.start_sign_in(session, person_id=actor.person_id, device="", now=utc_now(), is_twofold=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = row.id.hex
    return Visit(client, world)


def titles(page: str) -> list[str]:
    """Return the titles of the routes beside each other."""
    return re.findall(r'class="academy-route__title">([^<]+)<', page)
