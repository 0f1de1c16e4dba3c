"""`python -m tools.permissions`: asks the real application for every page as every role, and writes docs/permissions.md."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, NoReturn

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from academy.app import create_app
from academy.config import load_settings
from academy.kernel.clock import utc_now
from academy.kernel.db import Database, database, set_database
from academy.search import occupations
from academy.search import service as search
from tests import tables, world

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
# Pages that an empty form, on an installation as it comes, does not reach; why.
NEED_MORE: Final = {
    "admission.paid": "a seat that somebody else pays at the provider",
    "approving.approve": "a share that waits for approval",
    "approving.refuse": "a share that waits for approval",
    "approving.share": "a share that waits for approval",
    "attending.note": "a day on which the class has met, in the form",
    "attending.say": "a day on which the class has met, in the form",
    "attention.close": "a finding about money",
    "attention.give_back": "a finding about money",
    "attention.give_back_now": "a finding about money",
    "attention.look": "a finding about money",
    "attention.settle": "a finding about money",
    "attention.try_again": "a finding about money",
    "broker.call": "somebody to call",
    "broker.merge": "a pool of several",
    "broker.pool": "a pool of several",
    "broker.release": "a pool of several",
    "broker.reply": "a demand that waits",
    "commissions.answer": "a request to providers",
    "commissions.close": "a request to providers",
    "commissions.invite": "a request to providers",
    "commissions.new": "a gap in the address",
    "commissions.show": "a request to providers",
    "demands.mine": "a question of one's own",
    "demands.prove": "a question of one's own",
    "demands.withdraw": "a question of one's own",
    "demo_bank.account": "an account that was just opened",
    "demo_bank.pay": "a visit to the demo bank",
    "demo_bank.refuse": "a visit to the demo bank",
    "demo_bank.visit": "a visit to the demo bank",
    "employer_budget.add_people": "a budget of the employer",
    "employer_budget.remove_person": "a budget of the employer",
    "enrolment.pay": "a seat that waits for its payment",
    "enrolment.pay_myself": "a seat of which an employer is asked",
    "factors.recovery_codes_file": "the codes that were just made",
    "firm_seats.block": "seats that the firm bought",
    "firm_seats.cancel": "somebody for whom the firm pays",
    "firm_seats.codes": "seats that the firm bought",
    "firm_seats.invite": "seats that the firm bought",
    "firm_seats.person": "somebody for whom the firm pays",
    "firm_seats.remind": "somebody for whom the firm pays",
    "firm_seats.replace": "somebody for whom the firm pays",
    "frozen_reports.file": "a frozen report",
    "frozen_reports.publish": "a frozen report",
    "frozen_reports.show": "a frozen report",
    "frozen_reports.take_back": "a frozen report",
    "funding_rules.example": "a source of money",
    "funding_rules.following": "a rule that counts",
    "funding_rules.new": "a source of money",
    "gathering.prove": "a pledge that is not proven yet",
    "identities.confirm_link": "an identity provider, which this installation has not",
    "identities.link": "an identity provider, which this installation has not",
    "invoices.bought_pdf": "an invoice",
    "invoices.bought_ubl": "an invoice",
    "invoices.invoice": "an invoice",
    "invoices.pay": "an invoice that is open",
    "my_payments.receipt": "an invoice of one's own",
    "outgoing.received": "an invoice",
    "outgoing.sold_pdf": "an invoice",
    "outgoing.sold_ubl": "an invoice",
    "pathways_credit_rules.credit_rule": "a programme",
    "pathways_progress.of_programme": "a programme",
    "payments.pay": "a payment of one's own",
    "payments.returned": "a payment of one's own",
    "payments.start": "a payment of one's own",
    "pool_desk.decline": "a pool that asks",
    "pool_desk.pool": "a pool that asks",
    "pool_desk.start": "a pool that is short",
    "privacy.give": "one of one's own organisations, in the form",
    "privacy.sign_in_again": "nothing, but it signs out, to prove anew who one is",
    "privacy.withdraw": "one of one's own organisations, in the form",
    "proposals.agree": "a proposal that one is asked to give along",
    "proposals.ask": "a request to the provider",
    "proposals.change": "a proposal of the provider",
    "proposals.decline": "a request to the provider",
    "proposals.new": "a request to the provider",
    "proposals.request": "a request to the provider",
    "proposals.send": "a proposal of the provider",
    "proposals.show": "a proposal of the provider",
    "proposals.withdraw": "a proposal of the provider",
    "recognition_agreements.at_desk": "an agreement that waits",
    "recognition_agreements.end": "an agreement of one's own",
    "recognition_agreements.mine": "an agreement of one's own",
    "recognition_agreements.refuse": "an agreement that waits",
    "recognition_agreements.sign": "an agreement that waits",
    "recognition_board.decision": "a decision",
    "recognition_board.my_decision": "a decision about oneself",
    "recognition_board.my_file_decision": "a decision about oneself",
    "recognition_judging.mine": "a report about oneself",
    "recognition_judging.report": "a file that one judges",
    "recognition_library.drop": "a file that is not sent yet",
    "recognition_library.file": "evidence with a file",
    "recognition_library.share": "a file that is not sent yet",
    "recognition_library.unshare": "a file that is not sent yet",
    "recognition_library.use": "a file that is not sent yet",
    "recognition_mappings.book": "a certificate that counts after a test",
    "recognition_mappings.call_off": "a test of one's own",
    "recognition_mappings.call_off_at_desk": "a test that was booked",
    "recognition_mappings.end": "a mapping that counts",
    "recognition_mappings.judge": "a test that was booked",
    "recognition_mappings.own_test": "a test of one's own",
    "recognition_mappings.sign": "a mapping that waits for a signature",
    "recognition_patterns.approve": "a pattern with precedents",
    "recognition_patterns.end": "an approval that counts",
    "recognition_patterns.end_equivalence": "an equivalence that counts",
    "recognition_patterns.equivalence": "an equivalence",
    "recognition_patterns.paper": "an equivalence that was used",
    "recognition_patterns.sign": "an approval that waits for a signature",
    "recognition_patterns.sign_equivalence": "an equivalence that waits for a signature",
    "recognition_patterns.take_back": "an equivalence that was used",
    "recognition_slots.withdraw": "a slot of one's own",
    "requests.answer": "a request of one's own",
    "requests.choose": "a request of one's own",
    "requests.new": "a question of one's own firm",
    "requests.show": "a request of one's own",
    "requests.withdraw": "a request of one's own",
    "results.reopen": "a final result",
    "sources.new_budget": "a source of money",
    "sources.resize": "a budget",
    "sources.source": "a source of money",
    "taking_part.tick": "an item that is ticked by hand, in the form",
}
OPEN, LINK, MAY, NO, SIGN_IN = "open", "link", "may", "–", "sign in"
_METHODS: Final = ("GET", "POST")
_HEAD: Final = """# Who may do what

Made by `python -m tools.permissions`, which asks the real application for every page as every person of the demo; a test makes it again and compares. Do not edit.

| cell | what happens |
|---|---|
| may | the page is reached; what it does may still be refused, as when a class is full |
| – | answered as if it did not exist |
| sign in | signs in first |

Who has a role that asks for it (assessor, exam board, fund manager, programme office) has given the second proof here; before that only the pages of the second step open.

A line with **of others** has the id of something that belongs to another provider, organisation or person.
"""


@dataclass(frozen=True)
class Line:
    """One address with one method: what happens for each role, with ids of one's own or those of others."""

    endpoint: str
    method: str
    address: str
    is_others: bool
    cells: tuple[str, ...]


def walk() -> list[Line]:
    """Ask for every page as every role, on a small world of its own; nothing that is asked changes it."""
    with tempfile.TemporaryDirectory(prefix="academy-permissions-") as folder:
        settings = load_settings({"DATA_DIR": folder, "SECRET_KEY": "only-to-see-who-may-what-" * 2, "LOG_LEVEL": "critical"})
        tables.make(settings.database_url)
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False  # so that every POST reaches its view
        with database().writing() as session:
            own, others = world.build(session, utc_now())
        cookies = {role: _cookie(app, world.as_role(app, role)) for role in world.ROLES}
        search.rebuild()
        occupations.rebuild()
        database().close()
        set_database(_Rehearsal(settings.database_url))
        lines = [line for rule in _rules(app) for line in _lines(app, rule, cookies, own, others)]
        database().close()
    return lines


def _cookie(app: Flask, client: FlaskClient) -> str:
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    return "" if found is None else found.value


class _Rehearsal(Database):
    """A database in which no transaction lasts, so that each role meets the same world."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with suppress(_Undone), super().writing() as session:
            yield session
            _undo()


class _Undone(Exception):
    """A transaction came to its end, and is rolled back."""


def _undo() -> NoReturn:
    raise _Undone


def _rules(app: Flask) -> list[Rule]:
    return sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=lambda rule: (rule.rule, rule.endpoint))


def _lines(
    app: Flask, rule: Rule, cookies: dict[str, str], own: dict[str, world.Belongings], others: world.Belongings,
) -> Iterator[Line]:
    """Yield the lines of a page: with ids of one's own and, where it has ids and is closed, with those of others."""
    is_open = getattr(app.view_functions[rule.endpoint], "open_to_all", False)
    for method in _METHODS:
        if method in (rule.methods or ()):
            for is_others in (False, True) if rule.arguments - {"lang_code"} and not is_open else (False,):
                cells = []
                for number, (role, cookie) in enumerate(cookies.items()):
                    ids = others if is_others else own.get(role, own["learner"])
                    answer = _ask(app, _filled(app, rule, ids), method, cookie, number)
                    cells.append(_cell(answer, is_open=is_open, has_token="token" in rule.arguments))
                yield Line(rule.endpoint, method, rule.rule.replace("<any(nl, en):lang_code>", "nl"), is_others, tuple(cells))


def _filled(app: Flask, rule: Rule, ids: world.Belongings) -> str:
    known = {"lang_code": "nl", "filename": "x", "kind": "modules", "number": 1} | ids.values(rule.endpoint)
    values = {name: known.get(name, world.NOWHERE) for name in rule.arguments}
    with app.test_request_context():
        built = rule.build(values)
    assert built is not None, rule
    return built[1]


def _ask(app: Flask, address: str, method: str, cookie: str, number: int) -> tuple[int, str]:
    """Return the status and where one is sent; each question is a browser of its own, each role a network of its own."""
    client = app.test_client()
    if cookie:
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
    answer = client.open(address, method=method, environ_base={"REMOTE_ADDR": f"192.0.2.{number + 1}"})
    assert answer.status_code < 500, f"{method} {address}: {answer.status_code}"  # noqa: PLR2004
    return answer.status_code, answer.headers.get("Location", "")


def _cell(answer: tuple[int, str], *, is_open: bool, has_token: bool) -> str:
    status, location = answer
    if is_open:
        return LINK if has_token else OPEN
    if status in {301, 302, 303} and "/sign-in?" in location:
        return SIGN_IN
    if status in {403, 404}:
        return NO
    return MAY if status < 400 or status in {409, 410, 422} else str(status)  # noqa: PLR2004


def text_of(lines: list[Line]) -> str:
    """Return the whole document."""
    parts = [_HEAD]
    merged = _merged(lines)
    for cell, title in ((OPEN, "Open to everyone"), (LINK, "For who has the link from a letter")):
        parts += [f"## {title}\n", *(f"* {line.method} `{line.address}`" for line in merged if set(line.cells) == {cell}), ""]
    for area, found in groupby((line for line in merged if not {OPEN, LINK} & set(line.cells)), key=_area):
        parts += [f"## {area}\n", "| page | " + " | ".join(world.ROLES) + " |", "|---|" + "---|" * len(world.ROLES)]
        parts += [*(_row(line) for line in found), ""]
    return "\n".join(parts)


def _merged(lines: list[Line]) -> list[Line]:
    """Join the methods of one address that have the same answers; the lines of an area come together."""
    joined: dict[tuple[str, bool, tuple[str, ...]], Line] = {}
    for line in lines:
        key = (line.address, line.is_others, line.cells)
        there = joined.get(key)
        methods = line.method if there is None else ", ".join(sorted({*there.method.split(", "), line.method}))
        joined[key] = Line(line.endpoint, methods, *key)
    return sorted(joined.values(), key=_area)


def _area(line: Line) -> str:
    """Return the first part of the address after the language; what has no other part is in the hall."""
    parts = line.address.removeprefix("/nl").strip("/").split("/")
    return f"/{parts[0]}" if len(parts) > 1 or parts[0] == "my" else "/"


def _row(line: Line) -> str:
    whose = " **of others**" if line.is_others else f" (needs {NEED_MORE[line.endpoint]})" if line.endpoint in NEED_MORE else ""
    return f"| {line.method} `{line.address}`{whose} | " + " | ".join(line.cells) + " |"


def main() -> None:
    PAGE.write_text(text_of(walk()))


if __name__ == "__main__":
    main()
