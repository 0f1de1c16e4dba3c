"""The audit trail in plain words, for whom it concerns."""

from collections.abc import Mapping
from typing import Any, Final

from academy.accounts.models import Purpose, Role
from academy.accounts.words import role_word
from academy.kernel.translation import _, _l

# What an act says to the person it concerns. An act that has been written down stays here: the trail is kept.
_ACTS: Final = {
    "admission-given": _l("%(organisation)s liet je toe tot een module."),
    "admission-refused": _l("%(organisation)s liet je niet toe tot een module."),
    "age-declared": _l("Je gaf door of je jonger bent dan 16 jaar."),
    "app-added": _l("Een app voor de inlogcode werd toegevoegd."),
    "app-removed": _l("De app voor de inlogcode werd weggehaald."),
    "approval-asked": _l("Je vroeg je ouder, voogd of decaan om toestemming."),
    "approval-given": _l("Je kreeg toestemming om je in te schrijven."),
    "approval-refused": _l("De toestemming om je in te schrijven werd geweigerd."),
    "attendance-exported": _l("Je naam werd gedownload, met wanneer je er was, met de lijst van je groep."),
    "bank-asked-again": _l("%(organisation)s liet de betaaldienst opnieuw proberen wat met een betaling van je niet lukte."),
    "call-list-exported": _l("%(organisation)s downloadde je naam en e-mailadres, om te bellen over een vraag of een groep."),
    "call-list-seen": _l("%(organisation)s bekeek je naam en e-mailadres, om te bellen over een vraag of een groep."),
    "call-noted": _l("%(organisation)s schreef op wat er uit een telefoontje met je kwam."),
    "class-called-off": _l("Een startmoment waarvoor je je had ingeschreven werd afgezegd."),
    "class-extended": _l("De aanbieder besluit later of je groep doorgaat."),
    "class-goes-ahead": _l("Je groep gaat zeker door."),
    "class-undecided": _l("Voor je groep waren er nog te weinig mensen. De aanbieder besluit of hij doorgaat."),
    "consent-given": _l("Je gaf %(organisation)s toestemming om iets van je te zien: %(purpose)s."),
    "consent-withdrawn": _l("Je trok de toestemming aan %(organisation)s in: %(purpose)s."),
    "demand-replied": _l("%(organisation)s gaf antwoord op je vraag."),
    "employer-approved": _l("%(organisation)s zei per e-mail ja tegen betalen voor een plek van jou."),
    "employer-asked": _l("Je vroeg je werkgever om voor een plek van jou te betalen."),
    "employer-refused": _l("Je werkgever zei nee tegen betalen voor een plek van jou."),
    "identity-linked": _l("Een account van SURFconext of eduID werd gekoppeld."),
    "identity-unlinked": _l("Een account van SURFconext of eduID werd losgekoppeld."),
    "lots-drawn": _l("De plekken van je groep werden verloot."),
    "membership-added": _l("Je werkt nu voor %(organisation)s, als %(roles)s."),
    "membership-changed": _l("Je rol bij %(organisation)s veranderde. Je bent nu: %(roles)s."),
    "membership-removed": _l("Je werkt niet meer voor %(organisation)s. Je was: %(roles)s."),
    "money-given-back": _l("%(organisation)s stuurde geld terug dat je te veel of verkeerd betaalde."),
    "money-looked-at": _l("%(organisation)s keek een betaling van je na, omdat er iets niet klopte."),
    "ownership-handed-over": _l("Je bent nu eigenaar van %(organisation)s."),
    "passkey-added": _l("Een toegangssleutel werd toegevoegd."),
    "passkey-removed": _l("Een toegangssleutel werd weggehaald."),
    "password-set": _l("Het wachtwoord werd gewijzigd."),
    "payment-received": _l("%(organisation)s heeft je betaling ontvangen."),
    "payment-settled-after-all": _l("%(organisation)s boekte een betaling van je die was blijven liggen."),
    "person-erased": _l("Het account werd verwijderd."),
    "personal-data-exported": _l("Al je gegevens werden gedownload."),
    "pledge-confirmed": _l("Plekken die je aan een groep toezegde, werden bevestigd."),
    "recovery-code-used": _l("Er werd ingelogd met een herstelcode."),
    "recovery-codes-made": _l("Er werden nieuwe herstelcodes gemaakt."),
    "refund-due": _l("Je betaling kwam te laat. Je krijgt je geld terug."),
    "result-final": _l("De examencommissie van %(organisation)s maakte je resultaat definitief."),
    "result-reopened": _l("De examencommissie van %(organisation)s bekijkt je resultaat opnieuw."),
    "results-final": _l("De examencommissie van %(organisation)s maakte resultaten van je groep definitief."),
    "roster-exported": _l("Je naam en e-mailadres werden gedownload, met de lijst van je groep."),
    "roster-seen": _l("Je naam en e-mailadres werden bekeken, op de lijst van je groep."),
    "seats-withdrawn": _l("Je inschrijving werd beëindigd, omdat het startmoment is afgezegd."),
    "share-approved": _l("%(organisation)s betaalt mee aan een plek van jou."),
    "share-refused": _l("%(organisation)s betaalt niet mee aan een plek van jou."),
    "study-group-arranged": _l("De studiegroep van je module kreeg een plek en een tijd."),
    "study-group-possible": _l("Genoeg mensen van je module willen een studiegroep."),
}
# Acts about things, not people: nobody's own page shows them.
NOT_ABOUT_PEOPLE: Final = frozenset({
    "invitation-sent", "module-archived", "module-changed", "module-published", "module-restored", "module-sent-back", "module-submitted",
    "beneficiaries-changed", "billing-details-changed", "budget-changed", "budget-made", "draw-announced", "draw-taken-back", "guest-cancelled", "guest-replaced", "guests-invited",
    "invoice-payment-noted", "module-tax-told", "seats-bought",
    "organisation-closed", "pool-accepted", "pool-declined", "pool-merged", "pool-released", "proposal-chosen", "proposal-sent", "proposal-withdrawn", "provider-tax-told", "request-made", "request-withdrawn", "company-course-noted", "company-course-step-taken-back", "rule-made", "seat-codes-made", "seats-given-back", "seats-kept-apart", "source-made",
})
_PURPOSES: Final = {
    Purpose.PROGRESS_TO_EMPLOYER: _l("of je een betaalde plek gebruikt en afrondt"), Purpose.RESULT_TO_EMPLOYER: _l("je resultaat"),
    Purpose.EVIDENCE_TO_EMPLOYER: _l("je bewijzen van wat je al kunt"), Purpose.ROUTE_TO_SCHOOL: _l("wat je kiest"),
}


def act_words(act: str, details: Mapping[str, Any], organisation: str) -> str:
    """Return what happened, as a sentence. One of a later release, which this one does not know, gives its code."""
    if act not in _ACTS:
        return _("Er is iets vastgelegd: %(act)s.", act=act)
    return _ACTS[act] % {
        "organisation": organisation or _("een organisatie"), "roles": _roles(details), "purpose": _purpose(details.get("purpose")),
    }


def _roles(details: Mapping[str, Any]) -> str:
    codes = details.get("after") or details.get("roles") or [details.get("role")]
    known = {role.value for role in Role}
    return ", ".join(role_word(Role(code)) for code in codes if code in known)


def _purpose(code: object) -> str:
    return str(_PURPOSES[Purpose(code)]) if code in {purpose.value for purpose in Purpose} else ""


def actor_words(*, name: str, organisation: str, is_reader: bool, is_person: bool) -> str:
    """Return who did it. For who acts for an organisation that organisation answers, so its people stay unnamed (CJEU C-579/21)."""
    if is_reader:
        return _("Jij")
    if not is_person:
        return _("AD Academy")
    return organisation or name or _("Iemand die niet meer bij AD Academy is")
