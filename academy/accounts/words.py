"""Roles, organisations and ways in, in the reader's words."""

from babel import Locale

from academy.accounts.models import OrganisationKind, Purpose, Role, SignInMethod, SizeClass
from academy.kernel.translation import _l, reading_language

_ROLES = {
    Role.OWNER: _l("eigenaar"), Role.EDITOR: _l("redacteur"), Role.PLANNER: _l("planner"), Role.TEACHER: _l("docent"),
    Role.ASSESSOR: _l("assessor"), Role.EXAM_BOARD: _l("examencommissie"), Role.BUYER: _l("inkoper"),
    Role.APPROVER: _l("goedkeurder"), Role.READER: _l("meelezer"), Role.DEAN: _l("decaan"),
    Role.FUND_MANAGER: _l("fondsbeheerder"), Role.OFFICE: _l("programmabureau"),
}


_DUTIES = {
    Role.OWNER: _l("beheert de organisatie en wie er meedoet"), Role.EDITOR: _l("schrijft en publiceert modules"),
    Role.PLANNER: _l("plant startmomenten"), Role.TEACHER: _l("ziet wie er in de klas zit"),
    Role.ASSESSOR: _l("beoordeelt wat iemand al kan"), Role.EXAM_BOARD: _l("beslist over vrijstellingen"),
    Role.BUYER: _l("vraagt scholing aan en koopt plekken"), Role.APPROVER: _l("keurt aanvragen van collega’s goed"),
    Role.READER: _l("kijkt mee en verandert niets"), Role.DEAN: _l("begeleidt leerlingen die dat goedvinden"),
    Role.FUND_MANAGER: _l("beheert regels en budget van het fonds"), Role.OFFICE: _l("kijkt modules na en ziet wat er gezocht wordt"),
}
_KINDS = {
    OrganisationKind.PROVIDER: _l("Aanbieder"), OrganisationKind.EMPLOYER: _l("Werkgever"), OrganisationKind.SCHOOL: _l("School"),
    OrganisationKind.FUND: _l("Fonds"), OrganisationKind.SOCIAL_PARTNER: _l("Sociale partner"),
    OrganisationKind.OFFICE: _l("Programmabureau"),
}
_SIZES = {
    SizeClass.ALONE: _l("Alleen ik"), SizeClass.UNDER_5: _l("2 tot en met 4 mensen"), SizeClass.UNDER_50: _l("5 tot en met 49 mensen"),
    SizeClass.UNDER_250: _l("50 tot en met 249 mensen"), SizeClass.LARGE: _l("250 mensen of meer"),
}


def role_word(role: Role) -> str:
    return str(_ROLES[role])


def duty_words(role: Role) -> str:
    """Return what one does in a role: `plant startmomenten`."""
    return str(_DUTIES[role])


def kind_word(kind: OrganisationKind) -> str:
    return str(_KINDS[kind])


def size_words(size: SizeClass) -> str:
    return str(_SIZES[size])


def country_word(country: str) -> str:
    """Return the name of a country, by its code of ISO 3166-1."""
    return str(Locale(reading_language()).territories.get(country, country))


_METHODS = {
    SignInMethod.LINK: _l("Link per e-mail"), SignInMethod.PASSWORD: _l("Wachtwoord"), SignInMethod.PASSKEY: _l("Toegangssleutel"),
    SignInMethod.IDENTITY_PROVIDER: _l("SURFconext of eduID"),
}
_WAYS_IN = {
    "password-set": _l("Er is een nieuw wachtwoord ingesteld."),
    "passkey-added": _l("Er is een toegangssleutel (passkey) toegevoegd."),
    "passkey-removed": _l("Er is een toegangssleutel (passkey) verwijderd."),
    "app-added": _l("Er is een app voor de tweede stap ingesteld."),
    "app-removed": _l("De app voor de tweede stap is verwijderd."),
    "recovery-codes-made": _l("Er zijn nieuwe herstelcodes gemaakt. De oude werken niet meer."),
    "recovery-code-used": _l("Er is ingelogd met een herstelcode."),
    "identity-linked": _l("Er is een account van SURFconext of eduID gekoppeld. Daarmee kun je nu ook inloggen."),
    "identity-unlinked": _l("Een account van SURFconext of eduID is losgekoppeld. Daarmee kun je niet meer inloggen."),
}


def method_word(method: SignInMethod) -> str:
    return str(_METHODS[method])


def way_in_words(what: str) -> str:
    """Return a sentence about a change, named as in `WayInChanged`; "" for a name from another release."""
    return str(_WAYS_IN.get(what, ""))


_PURPOSES = {
    Purpose.PROGRESS_TO_EMPLOYER: _l("Of ik een betaalde plek gebruik en of ik klaar ben"),
    Purpose.RESULT_TO_EMPLOYER: _l("Mijn cijfers en uitslagen"),
    Purpose.EVIDENCE_TO_EMPLOYER: _l("Mijn bewijzen van wat ik al kan"),
    Purpose.ROUTE_TO_SCHOOL: _l("Welke modules ik kies"),
}


def purpose_words(purpose: Purpose) -> str:
    """Return what an organisation may see of me, as I would say it."""
    return str(_PURPOSES[purpose])
