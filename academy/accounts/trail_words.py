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
    "agreement-asked": _l("Je vroeg of een vak van elders meetelt bij %(organisation)s."),
    "agreement-booked": _l("Je haalde een vak elders. Het telt mee bij %(organisation)s."),
    "agreement-ended": _l("Je stopte een afspraak over een vak elders."),
    "agreement-lapsed": _l("Een afspraak over een vak elders verviel, omdat er op tijd geen handtekening of uitslag kwam."),
    "agreement-not-passed": _l("De uitslag van een vak elders was: niet gehaald."),
    "agreement-refused": _l("Een afspraak over een vak elders werd niet getekend."),
    "agreement-signed-home": _l("De examencommissie van %(organisation)s tekende je afspraak over een vak elders."),
    "agreement-signed-host": _l("De school die het vak geeft, tekende je afspraak met %(organisation)s."),
    "agreement-taken-back": _l("De uitslag van een vak elders wordt opnieuw bekeken. Tot dan telt het niet mee bij %(organisation)s."),
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
    "decision-confirmed": _l("De examencommissie van %(organisation)s liet na je bezwaar een besluit over erkenning staan."),
    "decision-draft-dropped": _l("De examencommissie van %(organisation)s haalde een concept van een besluit over erkenning weg."),
    "decision-drafted": _l("De examencommissie van %(organisation)s maakte een concept van een besluit over erkenning. Een tweede lid tekent nog."),
    "decision-revised": _l("De examencommissie van %(organisation)s herzag een besluit over erkenning."),
    "decision-taken": _l("De examencommissie van %(organisation)s nam een besluit over je aanvraag om erkenning."),
    "demand-replied": _l("%(organisation)s gaf antwoord op je vraag."),
    "employer-approved": _l("%(organisation)s zei per e-mail ja tegen betalen voor een plek van jou."),
    "employer-asked": _l("Je vroeg je werkgever om voor een plek van jou te betalen."),
    "employer-refused": _l("Je werkgever zei nee tegen betalen voor een plek van jou."),
    "file-advised": _l("%(organisation)s gaf advies over je aanvraag om erkenning."),
    "file-appeal-withdrawn": _l("Je trok je bezwaar over een erkenning in."),
    "file-appealed": _l("Je maakte bezwaar tegen een besluit over een erkenning."),
    "file-exemption-requested": _l("Je vroeg de examencommissie van %(organisation)s om vrijstelling."),
    "file-handed-back": _l("Iemand van %(organisation)s stopte als begeleider van je aanvraag om erkenning."),
    "file-intake-asked": _l("Je vroeg %(organisation)s om een begeleider voor een erkenning."),
    "file-lapse-contested": _l("Je ging verder met een aanvraag voor erkenning die was verlopen."),
    "file-opened": _l("Je begon een aanvraag voor erkenning bij %(organisation)s."),
    "file-seen": _l("%(organisation)s bekeek je aanvraag om erkenning."),
    "file-sent": _l("Je verstuurde een aanvraag voor erkenning naar %(organisation)s."),
    "file-signed": _l("Je tekende de afspraak bij een aanvraag voor erkenning."),
    "file-signed-by-guide": _l("%(organisation)s tekende de afspraak over je aanvraag om erkenning."),
    "file-taken": _l("Iemand van %(organisation)s begeleidt je aanvraag om erkenning."),
    "file-appointment-booked": _l("Je koos een moment met een assessor, voor je aanvraag om erkenning."),
    "file-appointment-called-off": _l("Een afspraak met een assessor, voor je aanvraag om erkenning, werd afgezegd."),
    "file-given-back": _l("Een assessor van %(organisation)s gaf je aanvraag om erkenning terug."),
    "file-look-judged": _l("Een assessor van %(organisation)s gaf een oordeel na een gesprek, bezoek of toets met je."),
    "file-look-planned": _l("Een assessor van %(organisation)s plande een gesprek, bezoek of toets met je."),
    "file-more-asked": _l("Een assessor van %(organisation)s vroeg je om meer bewijs."),
    "file-portfolio-judged": _l("Een assessor van %(organisation)s beoordeelde je portfolio."),
    "file-report-issued": _l("Een assessor van %(organisation)s schreef het rapport over wat je al kunt."),
    "file-taken-up": _l("Een assessor van %(organisation)s begon aan je portfolio, en ziet je bewijs."),
    "evidence-added": _l("Je voegde een bewijs toe aan je bewijzen."),
    "evidence-downloaded": _l("%(organisation)s downloadde een bewijs van je."),
    "evidence-removed": _l("Je verwijderde een bewijs."),
    "evidence-seen": _l("%(organisation)s bekeek een bewijs van je."),
    "evidence-statement-answered": _l("Iemand op je werk gaf een verklaring over wat je doet."),
    "evidence-statement-asked": _l("Je vroeg iemand op je werk om een verklaring."),
    "evidence-statement-declined": _l("Iemand op je werk wilde geen verklaring geven."),
    "file-archived": _l("Een aanvraag van je werd gearchiveerd. Bewijs dat nergens meer voor nodig was, ging weg."),
    "file-shared": _l("Je deelde de bewijzen van een aanvraag met een assessor van %(organisation)s."),
    "file-unshared": _l("Je deelt de bewijzen van een aanvraag niet meer met een assessor van %(organisation)s."),
    "file-lapsed": _l("Een aanvraag van je voor erkenning verliep, omdat er lang niets gebeurde."),
    "file-withdrawn": _l("Je trok een aanvraag voor erkenning in."),
    "decision-by-pattern": _l("De examencommissie van %(organisation)s kende je erkenning toe zonder opnieuw te kijken, omdat ze dit al vaker besliste."),
    "decision-revoked": _l("De examencommissie van %(organisation)s trok een besluit over wat je al kunt in."),
    "equivalence-used": _l("Een papier van je telde direct mee bij %(organisation)s."),
    "equivalence-use-taken-back": _l("De examencommissie van %(organisation)s nam terug dat een papier van je direct meetelde."),
    "identity-linked": _l("Een account van SURFconext of eduID werd gekoppeld."),
    "identity-unlinked": _l("Een account van SURFconext of eduID werd losgekoppeld."),
    "local-test-booked": _l("Je boekte een toets bij %(organisation)s, na een online cursus."),
    "local-test-called-off": _l("Je toets bij %(organisation)s na een online cursus ging niet door."),
    "local-test-failed": _l("Een assessor van %(organisation)s gaf door dat je een toets na een online cursus niet haalde."),
    "local-test-passed": _l("Een assessor van %(organisation)s gaf door dat je een toets na een online cursus haalde. Ze telt mee."),
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
    "commission-answered", "commission-closed", "commission-invited", "commission-made",
    "mapping-drafted", "mapping-ended", "mapping-published",
    "participation-changed", "readiness-noted",
    "equivalence-drafted", "equivalence-ended", "equivalence-published", "pattern-approved", "pattern-ended", "pattern-signed",
    "organisation-closed", "pool-accepted", "pool-declined", "pool-merged", "pool-released", "proposal-chosen", "proposal-sent", "proposal-withdrawn", "provider-tax-told", "report-frozen", "report-published", "report-taken-back", "request-made", "request-withdrawn", "company-course-noted", "company-course-step-taken-back", "credit-rule-changed", "outcome-weights-changed", "recognition-terms-changed", "rule-made", "seat-codes-made", "seats-given-back", "seats-kept-apart", "source-made",
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
