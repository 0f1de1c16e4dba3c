"""How was counted: the page of a report that lets somebody else check it."""

from collections.abc import Callable
from typing import Final

from academy.kernel.text import Localized
from academy.kernel.translation import _
from academy.reports.facts import Column, ColumnKind, Section, Table
from academy.reports.kinds import Source
from academy.reports.rules.hiding import FEW_FIRMS, FEW_PEOPLE
from academy.reports.rules.scoring import CENTS_A_PERSON, MOST_MONEY
from academy.reports.words import in_both, source_words


def method_section() -> Section:
    """Return how the figures were counted, what is left out, and what each word means."""
    return Section("method", in_both(lambda: _("Zo is geteld")), tuple(in_both(say) for say in _SENTENCES), (_words_table(),))


_SENTENCES: Final[tuple[Callable[[], str], ...]] = (
    lambda: _("De getallen komen uit de gegevens van AD Academy zelf: wat mensen, bedrijven en scholen daar deden. Er is niets geschat en niets bijgeteld."),
    lambda: _("Mensen tellen één keer per vakje van een tabel, ook als ze iets vaker vroegen. Aantallen mensen zijn afgerond op vijf, en toegezegd geld op honderd euro."),
    lambda: _(
        "Niet te tonen: minder dan %(fewest)s mensen, of een getal waaruit je een kleine groep kunt uitrekenen.",
        fewest=FEW_PEOPLE,
    ),
    lambda: _(
        "Bedrijven en scholen tellen als bedrijf, niet als mens. Voor hoeveel mensen ze vragen en hoeveel geld ze toezeggen, staat er vanaf %(fewest)s bedrijven. Een bedrijf van één persoon telt als mens.",
        fewest=FEW_FIRMS,
    ),
    lambda: _(
        "De score van een gat is: mensen zonder plek \N{MULTIPLICATION SIGN} haast \N{MULTIPLICATION SIGN} geld. Mensen zonder plek is het aantal mensen dat iets wil leren, min de vrije plekken. Haast loopt van 1 tot 2. "
        "Geld is 1, en 1 meer voor elke € %(euros)s die er per persoon is toegezegd, met ten hoogste %(most)s.",
        euros=CENTS_A_PERSON // 100, most=MOST_MONEY,
    ),
    lambda: _("Wat mensen zelf typten staat niet in dit rapport. Ook namen en adressen van mensen staan er niet in."),
    lambda: _(
        "Dit rapport is vastgelegd. Alle bestanden ervan worden opnieuw gemaakt uit wat is vastgelegd, en zijn elke keer precies hetzelfde. "
        "De gegevens zelf kun je downloaden als JSON. Met de controlegetallen kan iedereen nagaan dat er niets is veranderd.",
    ),
)


def _words_table() -> Table:
    columns = (
        Column("word", in_both(lambda: _("Woord")), ColumnKind.TEXT), Column("meaning", in_both(lambda: _("Wat het betekent, en waar het vandaan komt")), ColumnKind.TEXT),
    )
    return Table(
        "words", in_both(lambda: _("Woorden in dit rapport")), columns, tuple((in_both(word), in_both(meaning)) for word, meaning in _WORDS),
        Localized(),
    )


_WORDS: Final[tuple[tuple[Callable[[], str], Callable[[], str]], ...]] = (
    (lambda: source_words(Source.DEMAND), lambda: _("Een vraag naar scholing, van een bedrijf, een school of een mens. Alleen als het e-mailadres is bevestigd.")),
    (lambda: source_words(Source.PLEDGE), lambda: _("Iemand doet mee met een groep die een les wil, en zegt plekken of geld toe.")),
    (lambda: source_words(Source.WAITING), lambda: _("Iemand staat of stond op de wachtlijst van een module.")),
    (lambda: source_words(Source.SEARCH), lambda: _("Een zoekopdracht waarbij minder dan drie modules pasten. We weten niet wie zocht.")),
    (lambda: source_words(Source.WISH), lambda: _("Iemand zei na het zoeken dat hij dit mist.")),
    (lambda: source_words(Source.REFUSED), lambda: _("Een examencommissie erkende iets niet. Dat deel moet iemand dus nog leren.")),
    (lambda: source_words(Source.BLOCKED), lambda: _("Een route naar een diploma die niet af te maken is, omdat er iets ontbreekt.")),
    (lambda: _("Gepland aanbod"), lambda: _("Plekken in groepen die open zijn voor inschrijven of al bezig zijn.")),
    (lambda: _("Gat"), lambda: _("Een vaardigheid die meer mensen willen leren dan er plek is.")),
    (lambda: _("Vaardigheid"), lambda: _("Een begrip uit ESCO, de Europese lijst van vaardigheden. Een module die geen vaardigheden noemt, telt als zichzelf.")),
)
