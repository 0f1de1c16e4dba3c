"""Decisions of accounts: plain values in, plain answers out."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from stdnum import get_cc_module

from academy.kernel.text import fold

LINK_LIFETIME = timedelta(minutes=15)
SIGN_IN_LIFETIME = timedelta(days=30)
THROTTLE_WINDOW = timedelta(minutes=15)
# Tight for one account from one network, so that a stranger elsewhere can not lock its owner out; wide for either alone.
PASSWORDS_PER_PAIR, LINKS_PER_PAIR = 10, 5
PASSWORDS_PER_ACCOUNT, LINKS_PER_ACCOUNT = 200, 20
ATTEMPTS_PER_NETWORK = 200  # a school or a firm shares one
SHORTEST_PASSWORD = 10  # NIST SP 800-63B asks at least 8; length beats composition rules
LONGEST_PASSWORD = 200
KEEP_HISTORY = timedelta(days=90)  # how long an ended sign-in can be looked at by whose it was
# Who judges or decides on diplomas, money or everybody's supply proves in two ways who they are.
ROLES_WITH_SECOND_STEP: Final = frozenset({"assessor", "exam_board", "office", "fund_manager"})
SECOND_STEPS_PER_PERSON = 5  # wrong codes in a window: a guess is right three times in a million
CHALLENGE_LIFETIME = timedelta(minutes=5)
CHALLENGES_PER_NETWORK = 200
MOST_PASSKEYS = 20
RECOVERY_CODES = 10
_LOCAL_HOSTS = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True)
class Attempts:
    """How often something was tried in this window: by one network for one account, by the network, for the account."""

    by_pair: int
    by_network: int
    by_account: int

    @property
    def too_many_passwords(self) -> bool:
        return (
            self.by_pair > PASSWORDS_PER_PAIR
            or self.by_network > ATTEMPTS_PER_NETWORK
            or self.by_account > PASSWORDS_PER_ACCOUNT
        )

    @property
    def too_many_links(self) -> bool:
        """Tell whether this network asks too often; it hears so."""
        return self.by_pair > LINKS_PER_PAIR or self.by_network > ATTEMPTS_PER_NETWORK

    @property
    def mailbox_is_full(self) -> bool:
        """Tell whether the account gets too many letters, from wherever; then none is sent and nobody hears it."""
        return self.by_account > LINKS_PER_ACCOUNT


def clean_name(name: str) -> str:
    """Return a person's name without control characters and double spaces."""
    printable = "".join(" " if unicodedata.category(char).startswith("C") else char for char in name)
    return " ".join(printable.split())


def masked(email: str) -> str:
    """Return an address that its owner recognises and a passer-by does not: `f…@demo.example`."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


def device_of(user_agent: str) -> str:
    """Return a rough name of browser and system, for the list of sign-ins; nothing finer is kept."""
    browsers = (("Firefox", "Firefox"), ("Edg/", "Edge"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
               ("Linux", "Linux"))
    browser = next((name for mark, name in browsers if mark in user_agent), "")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


_AT_A_PROVIDER = {"owner", "editor", "planner", "teacher", "reader"}
_AT_AN_EMPLOYER = {"owner", "buyer", "approver", "reader"}
_ACT_FOR_A_FIRM = {"owner", "buyer", "approver", "dean"}
_AT_A_FUND = {"owner", "fund_manager", "reader"}


def desk_of(memberships: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return the first workspace of each kind out of (kind, role, slug): `{"provider": "windesheim"}`, `{"office": "programmabureau"}`, `{"exam_board": "windesheim"}`, `{"assessor": "windesheim"}`,
    `{"employer": "zilvermeeuw-techniek"}`, `{"fund": "fonds-leren-flevoland"}`; `firm` is where one acts for a firm or a school, and does not only look.
    """
    found: dict[str, str] = {}
    for kind, role, slug in memberships:
        if (kind == "provider" and role in _AT_A_PROVIDER) or (kind == "office" and role == "office"):
            found.setdefault(str(kind), slug)
        if kind == "provider" and role in {"assessor", "exam_board"}:
            found.setdefault(str(role), slug)
        if kind == "employer" and role in _AT_AN_EMPLOYER:
            found.setdefault("employer", slug)
        if kind in {"employer", "school"} and role in _ACT_FOR_A_FIRM:
            found.setdefault("firm", slug)
        if kind in {"fund", "social_partner"} and role in _AT_A_FUND:
            found.setdefault("fund", slug)
    return found


# Organisations

INVITATION_LIFETIME = timedelta(days=14)
INVITATION_WINDOW = timedelta(days=1)
INVITATIONS_PER_ORGANISATION, INVITATIONS_PER_NETWORK = 50, 200  # a day
_ROLES: Final = {
    "provider": ("owner", "editor", "planner", "teacher", "assessor", "exam_board", "reader"),
    "employer": ("owner", "buyer", "approver", "reader"),
    "school": ("owner", "dean", "reader"),
    "fund": ("owner", "fund_manager", "reader"),
    "social_partner": ("owner", "fund_manager", "reader"),
    "office": ("owner", "office", "reader"),
}
# The members of the European Union, and the neighbours whose firms work here; ISO 3166-1.
COUNTRIES: Final = (
    "NL", "BE", "DE", "AT", "BG", "CH", "CY", "CZ", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)
_VAT_LETTERS: Final = {"GR": "EL", "CH": "CHE"}  # a number that does not begin with the letters of its country
_LONGEST_SLUG = 60
MOST_IN_SWITCHER = 6  # organisations in the header: they travel in the cookie, which holds 4 kB


def roles_of(kind: str) -> tuple[str, ...]:
    """Return the roles that people may have at an organisation of this kind, the widest first."""
    return _ROLES[kind]


def kvk_number(typed: str) -> str | None:
    """Return a number of the Dutch trade register in the form we keep, eight digits, or None.

    Spaces, dots and dashes are forgiven. The register publishes no check digit, so nothing but the shape can be checked here: whether the
    number was given out, and to whom, only the register knows. Twelve digits are the number of a branch, not of a firm.
    """
    digits = re.sub(r"[\s.\-]", "", typed)
    return digits if re.fullmatch(r"[0-9]{8}", digits) and digits.strip("0") else None


def vat_id(typed: str, country: str) -> str | None:
    """Return a VAT id with the letters of its country, checked by that country's own rules, or None.

    The letters may be left out. It says that the number can exist, not that it does.
    """
    kind = get_cc_module(country.lower(), "vat")
    number = re.sub(r"[\s.\-]", "", typed).upper()
    letters = _VAT_LETTERS.get(country, country)
    bare = number.removeprefix(letters).removeprefix(country)
    if kind is None or not bare.isascii() or not bare.isalnum():
        return None
    return next((f"{letters}{bare}" for form in (bare, f"{letters}{bare}") if kind.is_valid(form)), None)


def slug_for(name: str, code: str) -> str:
    """Return the address of an organisation that someone made: its name and a code, `bakkerij-k7qx`.

    The code keeps people from taking the address that a provider would get, and from learning which names are there.
    """
    return f"{re.sub(r'[^a-z0-9]+', '-', fold(name))[:_LONGEST_SLUG].strip('-') or 'organisatie'}-{code.lower()}"


def names_a_website(name: str) -> bool:
    """Tell whether a name holds an address: it stands in letters to people who did not ask for them."""
    return bool(re.search(r"[@/\\<>]|www\.|:\s*//", name, re.IGNORECASE))


@dataclass(frozen=True)
class Invited:
    """How many invitations went out today: for the organisation, and from the network."""

    by_organisation: int
    by_network: int

    @property
    def too_many(self) -> bool:
        return self.by_organisation > INVITATIONS_PER_ORGANISATION or self.by_network > INVITATIONS_PER_NETWORK


# Privacy

UNUSED = timedelta(days=730)  # then an account has no purpose any more (AVG art. 5(1)(e)), unless its owner says it has
TO_COME_BACK = timedelta(days=30)  # after the letter
FRESH_SIGN_IN = timedelta(minutes=15)  # for what can not be undone, and for changing how one gets in
_NOBODY: Final = "@invalid"  # RFC 2606: no such domain will ever be
_PURPOSES: Final = {
    "employer": ("progress_to_employer", "result_to_employer", "evidence_to_employer"),
    "school": ("route_to_school",),
}


def purposes_of(kind: str) -> tuple[str, ...]:
    """Return what an organisation of this kind may be allowed to see of a person."""
    return _PURPOSES.get(kind, ())


def address_of_nobody(person_id: UUID) -> str:
    """Return what stands in the place of the address of who left: unlike any other, and no mail can be sent to it."""
    return f"erased-{person_id}{_NOBODY}"


def is_nobody(email: str) -> bool:
    """Tell whether an address is that of someone who left."""
    return email.endswith(_NOBODY)


def mailbox_of(email: str) -> str:
    """Return an address without what stands behind a plus: letters to either come to the same person (RFC 5233)."""
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


class SecondStep(StrEnum):
    """How far someone is with the second proof of who they are."""

    DONE = "done"  # given, or not asked
    TO_GIVE = "to_give"
    TO_SET_UP = "to_set_up"  # asked, but there is nothing to give it with yet


def second_step(*, is_given: bool, has_role: bool, has_app: bool, has_passkey: bool) -> SecondStep:
    """Return what is still asked in a session: a role may ask for a second proof, and so does an authenticator app of one's own.

    A passkey alone asks nothing: it is a way in, and as such both proofs at once.
    """
    if is_given or not (has_role or has_app):
        return SecondStep.DONE
    return SecondStep.TO_GIVE if has_app or has_passkey else SecondStep.TO_SET_UP


@dataclass(frozen=True)
class RelyingParty:
    """For whom passkeys are made: a host name (`id`), and the one origin at which they are used."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty:
    """Return for whom passkeys are made at this address; one's own machine is `localhost`, for an IP address can have none (WebAuthn 5.1.3)."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    host = "localhost" if host in _LOCAL_HOSTS else host
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    return RelyingParty(host, f"{parts.scheme}://{host}" + ("" if parts.port in {None, standard} else f":{parts.port}"))


def bare_code(text: str) -> str:
    """Return a code as it is kept, however it was typed over: small letters, no spaces or dashes, and no I, L or O (Crockford's base 32)."""
    return "".join(text.split()).replace("-", "").lower().translate(str.maketrans("ilo", "110"))


APPROVAL_LIFETIME = timedelta(days=30)
APPROVAL_WINDOW = timedelta(days=1)
APPROVALS_PER_WINDOW = 5  # letters to addresses that a visitor chose
