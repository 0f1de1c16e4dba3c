"""Rules of the house that neither ruff, mypy nor import-linter can keep."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from academy.app import create_app
from academy.config import load_settings
from academy.kernel.db import database
from tests import tables
from tools import translate

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "academy"
TEMPLATES = CODE / "templates"
LONGEST_FILE = 400
LONGEST_VIEW = 20

# What may be seen without signing in. A page is added here on purpose, together with `@open_to_all`.
OPEN_PAGES = {
    "privacy.answer_approval", "privacy.erase_now", "privacy.erased",
    "accounts.check_mail", "accounts.open_link", "accounts.passkey_challenge", "accounts.send_link", "accounts.sign_in",
    "accounts.sign_in_with_passkey", "accounts.sign_in_with_password", "accounts.sign_out", "accounts.sign_up",
    "bank_notices.notice",
    "by_letter.answer", "by_letter.invoice",
    "catalogue.calendar", "catalogue.programme_page", "catalogue.programmes", "catalogue.provider_page", "catalogue.providers",
    "demands.answer", "demands.join", "demands.matches", "demands.post",
    "drawing.draw",
    "enrolment.asked", "enrolment.enrol", "enrolment.hold", "enrolment.module_page",
    "experience.answer", "experience.reviews", "experience.thanks",
    "frozen_reports.public", "frozen_reports.public_file", "frozen_reports.public_show",
    "gathering.change", "gathering.confirm", "gathering.decline", "gathering.extend", "gathering.leave", "gathering.pay_empty", "gathering.pledge",
    "gathering.for_modules", "gathering.pool", "gathering.pools", "gathering.withdraw",
    "identities.arrive", "identities.depart",
    "leaving.confirm_withdrawal", "leaving.received", "leaving.withdraw",
    "notices.letter", "notices.letter_html", "notices.mailbox",
    "occupations.occupation_page",
    "open_numbers.file", "open_numbers.page",
    "organisations.invitation",
    "pathways_building.change", "pathways_building.choose", "pathways_building.goal", "pathways_building.life", "pathways_building.move",
    "pathways_building.open_limit", "pathways_building.remove", "pathways_building.renew", "pathways_building.show",
    "pathways_following.changes", "pathways_following.leave", "pathways_following.take",
    "pathways_having.have", "pathways_having.remove", "pathways_having.try_out",
    "pathways_progress.of_pathway", "pathways_reading.advise", "pathways_reading.read", "pathways_reading.remove", "pathways_reading.renew",
    "recognition_claiming.scan",
    "recognition_patterns.public", "recognition_patterns.public_file",
    "recognition_statements.answer", "recognition_statements.decline", "recognition_statements.thanks",
    "recognition_agreements.by_link", "recognition_agreements.refuse_by_link", "recognition_agreements.report_by_link", "recognition_agreements.sign_by_link",
    "recognition_mappings.beside",
    "search.all_topics", "search.home", "search.how_we_rank", "search.results", "search.similar", "search.suggestions", "search.topic",
    "searches.by_link", "searches.confirm", "searches.put_back", "searches.save", "searches.sent", "searches.stop", "searches.wish",
    "seat_guests.answer",
    "skills.classification",
    "site.about", "site.accessibility", "site.help", "site.privacy",
    "root.choose_language", "root.live", "root.ready", "root.robots", "root.security_txt", "root.security_txt_at_the_top",
    "root.sitemap", "root.sitemap_part",
    "waiting.leave",
    "built_file", "static",
}
# Names and signs that are the same in every language.
SAME_EVERYWHERE = {"AD Academy", "Almere", "AD Academy Almere", "English", "Nederlands", "Privacy", "EC", "nl", "en"}


def files(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern) if "__pycache__" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), named(path))


PYTHON = files("academy/**/*.py")
OUR_FILES = files("academy/**/*.py", "academy/templates/**/*.html", "tests/**/*.py", "tools/*.py", "benchmarks/**/*.py")
PAGES = [path for path in files("academy/templates/**/*.html") if "mail" not in path.parts]  # letters have rules of their own
MIGRATIONS = files("academy/migrations/versions/*.py")
ROOMS = [path.parent for path in files("academy/*/__init__.py")]
VIEWS = files("academy/*/views.py", "academy/*/views/*.py")


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield (last part of the name, call)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def imports(tree: ast.AST) -> set[str]:
    """Return the modules that `tree` imports, with the names taken from them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


# Size


@pytest.mark.parametrize("path", OUR_FILES, ids=named)
def test_a_file_fits_in_one_head(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", VIEWS, ids=named)
def test_a_view_loads_calls_and_answers(path: Path) -> None:
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_VIEW
    ]
    assert not long


# Where things happen


def ends_transactions(tree: ast.AST) -> list[int]:
    """Return the lines on which a transaction of the database is begun or ended."""
    if not any(name.startswith(("sqlalchemy", "academy.kernel.db")) for name in imports(tree)):
        return []  # `commit` of something else, such as the search index
    return [call.lineno for name, call in calls(tree) if name in {"begin", "commit", "rollback"}]


@pytest.mark.parametrize("path", [path for path in PYTHON if named(path) != "academy/kernel/db.py"], ids=named)
def test_only_the_database_of_the_kernel_ends_transactions(path: Path) -> None:
    if "migrations" not in path.parts:
        assert not ends_transactions(parsed(path))


def test_a_service_that_commits_would_be_noticed() -> None:
    assert ends_transactions(ast.parse("from sqlalchemy.orm import Session\ndef take(session): session.commit()")) == [2]


# The clock keeps universal time: its day is another one than people's between midnight and one or two. These read a day that has no zone.
DAYS_WITHOUT_A_ZONE = {"academy/kernel/clock.py", "academy/exchange/provider_feeds/items.py", "academy/funding/cli.py"}


@pytest.mark.parametrize("path", [path for path in PYTHON if named(path) not in DAYS_WITHOUT_A_ZONE], ids=named)
def test_a_day_is_a_day_in_amsterdam(path: Path) -> None:
    assert not [call.lineno for name, call in calls(parsed(path)) if name == "date" and not call.args]


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_relationships_never_query_by_surprise(path: Path) -> None:
    for name, call in calls(parsed(path)):
        if name == "relationship":
            lazy = next((ast.literal_eval(word.value) for word in call.keywords if word.arg == "lazy"), None)
            assert lazy == "raise_on_sql", f"line {call.lineno}"


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_only_the_entrances_read_settings(path: Path) -> None:
    entrances = {"academy/app.py", "academy/cli.py", "academy/config.py", "academy/wsgi.py"}
    if named(path) not in entrances and "demo" not in path.parts:
        assert "academy.config" not in imports(parsed(path))
        assert not {name for name in ("environ", "getenv") if re.search(rf"\bos\.{name}\b", path.read_text())}


@pytest.mark.parametrize("path", MIGRATIONS, ids=named)
def test_migrations_import_nothing_of_ours(path: Path) -> None:
    assert not {name for name in imports(parsed(path)) if name.split(".")[0] == "academy"}
    assert "academy." not in path.read_text()


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    says = ast.get_docstring(parsed(room / "__init__.py")) or ""
    assert len(says) > 60


# What is installed


LOCKS = files("requirements*.lock", "package-lock.json")


@pytest.mark.parametrize("path", LOCKS, ids=named)
def test_lock_files_name_packages_and_hashes_but_no_addresses(path: Path) -> None:
    assert not re.search("://|file:", path.read_text())


def test_what_is_tested_is_what_runs() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


# Pages


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("house")
    settings = load_settings({"DATA_DIR": str(folder), "SECRET_KEY": "only-for-tests-" * 3, "LOG_LEVEL": "error"})
    tables.make(settings.database_url)
    yield create_app(settings)
    database().close()


def pages_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: "nl" if name == "lang_code" else "1" for name in rule.arguments}
    with app.test_request_context():
        return url_for(rule.endpoint, **values)


def test_every_page_is_closed_unless_named_open(house: Flask) -> None:
    marked = {name for name, view in house.view_functions.items() if getattr(view, "open_to_all", False)} | {"static"}
    assert marked == OPEN_PAGES


def test_a_closed_page_sends_a_stranger_to_sign_in(house: Flask) -> None:
    stranger = house.test_client()
    let_in = []
    for rule in pages_of(house):
        if rule.endpoint in OPEN_PAGES or "GET" not in (rule.methods or ()):
            continue
        answer = stranger.get(address(house, rule))
        if answer.status_code not in {302, 303} or "/sign-in" not in answer.headers["Location"]:
            let_in.append(f"{rule.endpoint}: {answer.status_code}")
    assert not let_in


def test_every_post_needs_a_token(house: Flask) -> None:
    stranger = house.test_client()
    writing = [rule for rule in pages_of(house) if {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())]
    assert writing
    accepted = {
        rule.endpoint: answer.status_code
        for rule in writing
        if (answer := stranger.post(address(house, rule), data={"x": "1"})).status_code != 400
    }
    assert not accepted


def test_every_form_that_posts_carries_the_token() -> None:
    for path in PAGES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
            if re.search(r"""method=["']post["']""", form, re.IGNORECASE):
                assert "csrf" in form, named(path)


# Templates


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_no_inline_style_or_script_without_a_nonce(path: Path) -> None:
    text = path.read_text()
    assert not re.findall(r"\sstyle\s*=", text)
    assert not re.findall(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not [tag for tag in re.findall(r"<(?:script|style)\b[^>]*>", text) if "nonce=" not in tag and "src=" not in tag]


class Words(HTMLParser):
    """Collects what a reader sees or hears."""

    SPOKEN = frozenset({"alt", "aria-label", "placeholder", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def untranslated(template: str) -> list[str]:
    """Return the words in `template` that do not pass through gettext."""
    plain = re.sub(r"\{% block \w*class %\}.*?\{% endblock %\}", "", template)
    plain = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", plain, flags=re.DOTALL)
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\x1f", plain, flags=re.DOTALL)
    words = Words()
    words.feed(plain)
    pieces = (piece.strip(" \n\t·–-.,:;()/|&+*“”…") for text in words.found for piece in text.split("\x1f"))
    return [piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece) and piece not in SAME_EVERYWHERE]


@pytest.mark.parametrize("path", files("academy/templates/**/*.html"), ids=named)
def test_every_word_passes_through_gettext(path: Path) -> None:
    assert not untranslated(path.read_text())


def test_a_forgotten_word_would_be_noticed() -> None:
    assert untranslated('<p title="Zoek">{{ _("Vind") }} maar</p>') == ["Zoek", "maar"]


# English


def test_no_text_hides_in_an_f_string() -> None:
    """Where Python is 3.11 the texts inside one are not found, and nobody would translate them."""
    hidden = re.compile(r"""f(?:"[^"\n]*|'[^'\n]*)\{n?_?(?:_|gettext)\(""")
    assert [str(path) for path in (ROOT / "academy").rglob("*.py") if hidden.search(path.read_text())] == []


def test_english_has_every_text_and_no_others() -> None:
    wanted = {(translate.key_of(text), text.context or "") for text in translate.entries(translate.texts_in_code())}
    english = translate.read(translate.ENGLISH)
    present = {(translate.key_of(text), text.context or "") for text in translate.entries(english)}
    assert (sorted(wanted - present), sorted(present - wanted)) == ([], []), "run `make translate`"


def test_english_is_complete_certain_and_fills_in_the_same_values() -> None:
    english = translate.read(translate.ENGLISH)
    assert translate.missing(english) == []
    assert [translate.key_of(text) for text in translate.entries(english) if text.fuzzy] == []
    assert [(translate.key_of(text), [str(error) for error in errors]) for text, errors in english.check()] == []


# A place is where something is, or how high something stands; what one counts, pays for and keeps is a seat.
_SEAT_CALLED_PLACE = re.compile(r"%\(\w+\)s (more |empty |free )?places?\b|\b(per|pay for|buy|the empty) places?\b|\b(keep|give|pass) your place\b", re.IGNORECASE)


def test_english_calls_a_seat_a_seat_everywhere() -> None:
    forms = (text.string for text in translate.entries(translate.read(translate.ENGLISH)))
    texts = (each for form in forms for each in ((form,) if isinstance(form, str) else form or ()))
    assert [text for text in texts if _SEAT_CALLED_PLACE.search(text)] == []
