"""Decisions of accounts: plain values in, plain answers out."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

LINK_LIFETIME = timedelta(minutes=15)
SIGN_IN_LIFETIME = timedelta(days=30)
THROTTLE_WINDOW = timedelta(minutes=15)
# Tight for one account from one network, so that a stranger elsewhere can not lock its owner out; wide for either alone.
PASSWORDS_PER_PAIR, LINKS_PER_PAIR = 10, 5
PASSWORDS_PER_ACCOUNT, LINKS_PER_ACCOUNT = 200, 20
ATTEMPTS_PER_NETWORK = 200  # a school or a firm shares one
SHORTEST_PASSWORD = 10  # NIST SP 800-63B asks at least 8; length beats composition rules
LONGEST_PASSWORD = 200


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


def desk_of(memberships: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return the first workspace of each kind out of (kind, role, slug): `{"provider": "windesheim"}`, `{"office": "programmabureau"}`."""
    found: dict[str, str] = {}
    for kind, role, slug in memberships:
        if (kind == "provider" and role in _AT_A_PROVIDER) or (kind == "office" and role == "office"):
            found.setdefault(str(kind), slug)
    return found
