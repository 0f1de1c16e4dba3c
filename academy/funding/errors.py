"""Refusals of funding."""

from typing_extensions import override

from academy.kernel.errors import Link, NotFound, Refusal
from academy.kernel.formats import money
from academy.kernel.money import Money
from academy.kernel.translation import _


class VatUndecided(Refusal):
    """Nobody said what the provider or the module is to the tax office, so a seat that costs money can not be sold (standard of VAT, row 7)."""

    code = "vat-undecided"

    def __init__(self, module_slug: str, provider_name: str) -> None:
        super().__init__(module_slug)
        self._module_slug, self._provider_name = module_slug, provider_name

    @override
    def sentence(self) -> str:
        return _("De btw van deze module staat nog niet vast. Daarom kun je je nog niet inschrijven.")

    @override
    def next_step(self) -> str:
        return _("%(provider)s moet dat eerst doorgeven. Vraag het hun, of kies een andere module.", provider=self._provider_name)

    @override
    def links(self) -> list[Link]:
        return [Link(_("Terug naar de module"), "enrolment.module_page", {"slug": self._module_slug})]


class OwnShareChanged(Refusal):
    """The learner would pay more than was shown: a budget was used up, or a rule ended, while they looked."""

    code = "own-share-changed"

    def __init__(self, own: Money) -> None:
        super().__init__(self.code)
        self._own = own

    @override
    def sentence(self) -> str:
        return _("Wat je zelf betaalt is net veranderd: het wordt %(amount)s. Je bent nog niet ingeschreven.", amount=money(self._own))

    @override
    def next_step(self) -> str:
        return _("Bekijk opnieuw wie wat betaalt. Daarna beslis je.")


class BudgetUsedUp(Refusal):
    """Somebody else used the last of a budget in this moment, and nobody agreed to pay instead."""

    code = "budget-used-up"

    @override
    def sentence(self) -> str:
        return _("Het budget dat zou meebetalen is net op. Je bent nog niet ingeschreven.")

    @override
    def next_step(self) -> str:
        return _("Bekijk opnieuw wie wat betaalt. Daarna beslis je.")


class BlockUsedUp(Refusal):
    """Every seat of a block has a name, or the block gives out none."""

    code = "block-used-up"

    @override
    def sentence(self) -> str:
        return _("Alle plekken die hiervoor zijn gekocht, zijn vergeven.")

    @override
    def next_step(self) -> str:
        return _("Vraag je werkgever om een plek, of schrijf je zelf in.")


class SourceNotFound(NotFound):
    """No such source, or not one of the reader's."""

    code = "source-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze regeling vinden we niet bij jullie.")

    @override
    def next_step(self) -> str:
        return _("Kijk bij jullie regelingen en budgetten.")


class ShareNotFound(NotFound):
    """No such share, or not one for the reader to decide about."""

    code = "share-not-found"

    @override
    def sentence(self) -> str:
        return _("Deze aanvraag vinden we niet bij jullie.")

    @override
    def next_step(self) -> str:
        return _("Kijk welke aanvragen nog openstaan.")


class ShareDecided(Refusal):
    """A colleague, the learner or the clock was quicker."""

    code = "share-decided"

    @override
    def sentence(self) -> str:
        return _("Over deze aanvraag is al beslist. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Kijk welke aanvragen nog openstaan.")


class EvidenceNotSeen(Refusal):
    """The rule asks for evidence, and who approves did not say to have seen it."""

    code = "evidence-not-seen"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Goedkeuren kan pas als je het bewijs hebt gezien.")

    @override
    def next_step(self) -> str:
        return _("Vink aan wat je hebt gezien. Vraag de cursist om wat nog ontbreekt.")


class RuleWrong(Refusal):
    """A rule that can not count: its values contradict each other, or it would change what others were promised."""

    code = "rule-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Deze regel kan zo niet. Er is niets bewaard.")

    @override
    def next_step(self) -> str:
        return _("Een regel die al geldt verandert niet. Laat een nieuwe regel ingaan op een latere dag.")


class BudgetWrong(Refusal):
    """A budget of nothing, of a period that is no period, or beside another in the same period."""

    code = "budget-wrong"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Dit budget kan zo niet. Er is niets bewaard.")

    @override
    def next_step(self) -> str:
        return _("Kies een bedrag boven nul, en dagen waarin er nog geen budget is.")


class BudgetTooSmall(Refusal):
    """Less than was promised and spent already."""

    code = "budget-too-small"
    status = 422

    @override
    def sentence(self) -> str:
        return _("Van dit budget is al meer toegezegd of betaald dan dit bedrag.")

    @override
    def next_step(self) -> str:
        return _("Kies een hoger bedrag.")


class AskGone(NotFound):
    """No such letter: forged, mistyped, or erased with who asked."""

    code = "ask-gone"

    @override
    def sentence(self) -> str:
        return _("Deze link werkt niet. Er is niets beslist.")

    @override
    def next_step(self) -> str:
        return _("Open de link uit de e-mail opnieuw, of vraag je medewerker wat er aan de hand is.")


class AskAnswered(Refusal):
    """A colleague, the learner or the clock was quicker."""

    code = "ask-answered"

    @override
    def sentence(self) -> str:
        return _("Deze vraag staat niet meer open. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Ga terug naar de pagina. Daar staat wat er is besloten.")


class AskChanged(Refusal):
    """What is asked became another amount while its reader looked."""

    code = "ask-changed"

    @override
    def sentence(self) -> str:
        return _("Het bedrag is net veranderd. Er is nog niets beslist.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de vraag opnieuw. Daarna beslis je.")


class TooMuchUnpaid(Refusal):
    """A firm for which nobody has an account has several seats that are not paid yet."""

    code = "too-much-unpaid"

    @override
    def sentence(self) -> str:
        return _("Er staan nog te veel plekken van dit bedrijf open. Er is niets beslist.")

    @override
    def next_step(self) -> str:
        return _("Betaal eerst een factuur, of maak een account voor je bedrijf en zet een budget klaar.")
