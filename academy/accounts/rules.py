"""Decisions of accounts: plain values in, plain answers out."""

import unicodedata
from datetime import timedelta

LINK_LIFETIME = timedelta(minutes=15)
SIGN_IN_LIFETIME = timedelta(days=30)
THROTTLE_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_ACCOUNT = 10
ATTEMPTS_PER_ADDRESS = 100  # of the network: a school or a firm shares one
LINKS_PER_ACCOUNT = 5
SHORTEST_PASSWORD = 10  # NIST SP 800-63B asks at least 8; length beats composition rules
LONGEST_PASSWORD = 200


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
