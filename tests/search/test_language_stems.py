"""A stem is there to bring forms of a word together and to keep other words apart; how well it does is a number."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest

from academy.search.language import stemming, stems


def groups(text: str) -> list[list[str]]:
    return [group.split() for group in " ".join(text.split()).split("/")]


# Dutch words, folded, whose forms must be found by each other. The stemmer was mended while looking at every second group.
TOGETHER = groups("""
zorgverlener zorgverleners / zorgverlening zorgverleningen / verpleegkundige verpleegkundigen / verzorgen verzorging verzorgt verzorgde /
zorg zorgen / patient patienten / client clienten / apotheek apotheken / tandarts tandartsen /
behandelen behandeling behandelingen behandelt / gezondheid gezond gezonde / begeleiden begeleider begeleiders begeleiding /
ziekenhuis ziekenhuizen / huis huizen / bedrijf bedrijven / ondernemer ondernemers / ondernemen onderneemt onderneming ondernemingen /
administratie administraties / administratief administratieve / boekhouder boekhouders / boekhouden boekhouding / leraar leraren /
docent docenten / leren leert / lessen les / school scholen / onderwijs onderwijzen / opleiding opleidingen opleiden opleider /
student studenten / leerling leerlingen / toets toetsen toetsing / schoonmaken schoonmaak schoonmaker schoonmakers / programma programmas /
programmeren programmeur programmeert / logistiek logistieke / beheer beheren beheerder beheerders / duurzaam duurzame duurzaamheid /
elektrotechniek electrotechniek / elektrisch electrisch elektrische / techniek technieken / technisch technische / monteur monteurs /
monteren monteert / installatie installaties / installeren installeert installateur / machine machines / metaal metalen /
lassen lasser lassers last / draaien draaier draait / timmeren timmert / schilderen schilder schilders / metselen metselaar metselt /
bouw bouwen bouwt / gebouw gebouwen / dak daken / weg wegen / brug bruggen / riool riolen / ontwerp ontwerpen ontwerper ontwerpers /
tekenen tekenaar tekent / project projecten / plan plannen / planning planningen / leider leiders / manager managers /
teamleider teamleiders / verkoop verkopen verkoper verkopers / inkoop inkopen inkoper inkopers / winkel winkels / klant klanten /
product producten / produceren produceert / productie producties / handel handelen / markt markten / adviseur adviseurs /
adviseren adviseert / advies adviezen / kok koks / koken kookt / bakker bakkers / bakken bakt / gast gasten / keuken keukens /
restaurant restaurants / gerecht gerechten / hotel hotels / magazijn magazijnen / transport transporten / chauffeur chauffeurs /
voertuig voertuigen / auto autos / fiets fietsen / vliegtuig vliegtuigen / schip schepen / haven havens / vervoer vervoeren vervoerder /
boom bomen / plant planten / dier dieren / veehouder veehouders / hovenier hoveniers / tuin tuinen / bloem bloemen / akker akkers /
milieu milieus / water waters / energie energieen / netwerk netwerken / netwerkbeheerder netwerkbeheerders / systeem systemen /
database databases / ontwikkelen ontwikkelaar ontwikkelaars ontwikkeling ontwikkelingen / applicatie applicaties /
beveiligen beveiliger beveiliging / veilig veilige veiligheid / handhaven handhaver handhaving / recht rechten / jurist juristen /
juridisch juridische / wet wetten / gemeente gemeenten gemeentes / politiek politieke / sociaal sociale / maatschappelijk maatschappelijke /
kind kinderen / jeugd jeugdige / gezin gezinnen / ouder ouders / ouderen oudere / mens mensen / gedrag gedragingen / gesprek gesprekken /
taal talen / tekst teksten / schrijven schrijft schrijver / lezen leest lezer / rekenen rekent /
onderzoek onderzoeken onderzoeker onderzoekers / analyse analyses / analyseren analyseert / meten meet meting metingen / proces processen /
kwaliteit kwaliteiten / methode methoden methodes / model modellen / materiaal materialen / stof stoffen / chemie chemisch /
laboratorium laboratoria / chemisch chemische / muziek muzieken / muzikant muzikanten / kunst kunsten / kunstenaar kunstenaars / film films /
foto fotos / fotograaf fotografen / vormgeven vormgever vormgeving / creatief creatieve / digitaal digitale / sport sporten /
trainen trainer trainers / bewegen beweegt beweging / kapper kappers / kapsel kapsels / mode modes / naaien naait / groot grote /
klein kleine / nieuw nieuwe / internationaal internationale / financieel financiele / commercieel commerciele /
zelfstandig zelfstandige zelfstandigheid / agrarisch agrarische / hygienisch hygienische / psychisch psychische / communiceren communiceert /
communicatie communicaties / organiseren organiseert organisator / organisatie organisaties / reinigen reiniging reiniger /
bedienen bediening / voeden voeding / schade schades / reparatie reparaties / repareren repareert reparateur / assistent assistenten /
medewerker medewerkers / specialist specialisten / dienst diensten / dienstverlener dienstverleners dienstverlening /
uitvoeren uitvoerder uitvoering uitvoert / voorlichten voorlichter voorlichting / vak vakken / vakman vakmannen / beroep beroepen /
werkgever werkgevers / werknemer werknemers / motor motoren motors / lamp lampen / brief brieven / reis reizen / prijs prijzen /
cijfer cijfers / verslag verslagen / vaardig vaardige vaardigheid vaardigheden / mogelijk mogelijke mogelijkheid mogelijkheden /
zwanger zwangere zwangerschap / vrijwilliger vrijwilligers / verloskundige verloskundigen / fysiotherapeut fysiotherapeuten /
fysiotherapie fysiotherapieen / theater theaters / dieet dieten / voedingsmiddel voedingsmiddelen / tegel tegels / vloer vloeren /
kabel kabels / camera cameras / drone drones / robot robots / sensor sensoren / meubel meubels meubelen /
stoffeerder stoffeerders stofferen / verwarmen verwarming / koelen koeling / isoleren isolatie / inspecteren inspectie inspecteur /
controleren controle controleur / regelen regeling / besturen bestuurder bestuur besturing / diploma diplomas / werk werken werkt werker /
arbeid arbeider arbeiders / sollicitatie sollicitaties / solliciteren solliciteert / loon lonen / belasting belastingen /
verzekering verzekeringen verzekeren / lening leningen lenen / hypotheek hypotheken / crisis crises / thema themas
""")
# Written when that was done, and on purpose hard: words of one family rather than forms of one word.
FAMILIES = groups("""
lijst lijsten / boekenkast boekenkasten / tandtechnicus tandtechnici / stukadoor stukadoors stukadoren / loodgieter loodgieters /
dakdekker dakdekkers / kraanmachinist kraanmachinisten / scheepsbouwer scheepsbouwers scheepsbouw / stuurman stuurlieden / matroos matrozen /
kapitein kapiteins / slager slagers slagerij / banketbakker banketbakkers / ober obers / gastvrij gastvrije gastvrijheid /
toerist toeristen toeristisch toeristische / reisleider reisleiders / evenement evenementen / receptionist receptionisten /
secretaresse secretaresses / secretarieel secretariele / notaris notarissen / makelaar makelaars makelaardij /
taxateur taxateurs taxeren taxatie / verkoopt verkopen / factureren factuur facturen factureert / debiteur debiteuren / budget budgetten /
budgetteren budgettering / salaris salarissen / calculator calculatoren calculeren calculatie /
constructeur constructeurs constructie constructies / frezen freest frees / slijpen slijpt / solderen soldeert soldering / stekker stekkers /
schakelaar schakelaars / leidingen leiding / pijp pijpen / sloop slopen sloper / asfalt asfalteren / stratenmaker stratenmakers /
landmeter landmeters / kaart kaarten / bodem bodems / gewas gewassen / kas kassen / paard paarden / koe koeien / varken varkens /
hond honden / huisdier huisdieren / dierenarts dierenartsen / bijen bij / ethiek ethisch ethische / filosofie filosofisch /
wetenschap wetenschappen wetenschappelijk / statistiek statistieken statistisch / wiskunde wiskundig / natuurkundig natuurkundige /
vertalen vertaler vertaling vertaalt / tolk tolken / journalist journalisten / redacteur redacteuren redactie / schrijver schrijvers /
uitgever uitgevers uitgeverij / drukker drukkers / cultuur culturen cultureel culturele / geschiedenis geschiedenissen / gids gidsen /
zwemmen zwemmer zwemt / coach coaches coachen coacht / instructeur instructeurs instructie / pedagogisch pedagogische pedagoog /
kinderopvang kinderopvangen / peuter peuters / beperking beperkingen / verslaving verslavingen verslaafd / revalidatie revalideren /
bloed bloeden / operatie operaties opereren / medicijn medicijnen / psycholoog psychologen psychologie / brandweer brandweren /
agent agenten / alarm alarmen / inbraak inbraken / rijbewijs rijbewijzen / rijden rijdt rijder / band banden / motorfiets motorfietsen /
treinmachinist treinmachinisten / luchthaven luchthavens / vracht vrachten / pallet pallets / voorraad voorraden /
levering leveringen leveren levert / inkoopt inkopen / verpakken verpakking verpakt / robotica robot robots /
algoritme algoritmen algoritmes / gebruiker gebruikers gebruiken gebruik / server servers / website websites / code codes coderen /
bestand bestanden / test testen tester testers / beleid beleidsmatig / strategie strategieen strategisch strategische /
veranderen verandering verandert / innovatie innovaties innoveren innovatief innovatieve / circulair circulaire / afval afvallen /
wind winden / zonnepaneel zonnepanelen / warmtepomp warmtepompen / ventilatie ventileren / airco aircos
""")
ENGLISH = groups("""
course courses / network networks networking / program programs programming / develop developer developers development /
engineer engineers engineering / nurse nurses nursing / manage managing managed management / design designs designing designed /
teach teaches teaching / study studies studying / analysis analyses / technology technologies / business businesses /
communicate communicating communication / policy policies / sustainable sustainability
""")
# Words that must not be found by each other.
APART = groups("""
media medisch / media medicijn / bedrijf bedrag / bedrijf bedrog / leren leraar / leren leger / boek boeket / handel handeling /
handel hand / dieren dienen / kaart kaas / bouwen boeren / bouw boer / plannen planten / plan plant / plant plaat / markt marketing /
markt markeren / zorg zorgvuldig / loon lood / bomen bommen / manen mannen / ramen rammen / wegen wekken / weken wekken / school schol /
spellen spelen / haken hakken / zaken zakken / taken takken / poten potten / koper kopper / kopen koppen / hopen hoppen / dag dak /
draad draai / raad rad / tekst tekort / communicatie commune / communicatie commercie / politie politiek / muziek museum /
organisatie orgaan / praktijk prak / proces procent / product project / machine macht / metaal metafoor / methode metaal / meten metten /
mode modem / mode model / modern modem / verkeer verkeerd / verkeer verkoop / verzorgen verzekeren / verzorging verzekering /
verpleging vergelijking / vervoer vervolg / voeding voering / vorm vormsel / sport spoor / sporten sporen / stage station / stal staal /
stad staat / tuin tuig / trein training / treinen trainen / weten wetten / werk wereld / week werk / wijk wijn / zaal zalf / baden batten /
kapper kapitaal / kapsel kapel / kunst kunde / klant klank / huis huid / gebouw gebied / gemeente gemeen / film filter / energie energiek /
docent dossier / dienst dieet / client klimaat / chemie chef / crisis criteria / beroep beroerte / bestuur bestelling / arts artiest /
arbeid arbiter / advies advertentie / acteur actueel / account accu / informatie informatica / economie ecologie / psychologie psychiatrie /
logistiek logopedie / logica logistiek / techniek technologie / politiek polis / toets toetsenbord / toerisme toernooi /
commercieel commissie / juridisch jury / personeel persoon / universiteit universeel / functie functioneel / natuur nationaal /
kwaliteit kwalificatie / produceren producent / verloskundige verlies / reken reiken / rekening reikende / bakken bak / vis visie /
missie mis / visie visum / pasta pastoor / post postuur / porto poort / passen pasen / brood broer / lijm lijn / lijn lijst / vlees vliegen /
dans danig / zwemmen zweven / varen varken / vaart vaardig / schaap schap / schapen scheppen / schoon schoen / schoen school / bloed bloei /
bloem bloei / pijn pijp / begeleiden beleid / gebruiken bruikbaar / gericht richt / gerecht recht / gedrag dragen / gewicht wicht /
geval vallen / gemeente gemeen / getal taal / warm waren / leiding lid / handel hond / zagen zaken / zaag zaak / weven wegen /
reizen rijzen / lezen leasen / lopen loppen / kolen koelen / tol tolk / bel belasting / last belasting / kas kast / kassa kas /
tand tandarts / post poster / rijst rijden / rijst reizen / paneel pan / motor motief / metaal mentaal / sociaal socioloog / muziek musical /
robot rob / bank bang / bestand bestaan / verstand verstaan / toestel toestaan / verband verbinden / vorm norm / innoveren inn /
balie ballet / lichaam licht / lichten lichamen / circulair circus / boekhouder boek / verhaal verhelen / bouwer boer / boter boot /
koffer kof / peper peen / toner toon / letter letten / meester meest / later laat / zomer zoom / kamer kam / waarde waar
""")


def is_found_by(one: str, other: str) -> bool:
    return not set(stems(one)).isdisjoint(stems(other))


def share_together(kept: Sequence[Sequence[str]]) -> float:
    return sum(all(is_found_by(*pair) for pair in combinations(group, 2)) for group in kept) / len(kept)


def test_the_golds_are_large_enough_to_mean_something() -> None:
    assert len(TOGETHER) >= 150
    assert len(APART) >= 80


def test_forms_of_a_dutch_word_share_a_stem() -> None:
    assert share_together(TOGETHER) >= 0.98


def test_most_words_of_a_dutch_family_share_a_stem() -> None:
    assert share_together(FAMILIES) >= 0.9


def test_forms_of_an_english_word_share_a_stem() -> None:
    assert share_together(ENGLISH) == 1


def test_other_words_share_no_stem() -> None:
    assert sum(is_found_by(*pair) for pair in APART) / len(APART) <= 0.04


@pytest.mark.parametrize(("one", "other"), [
    ("electrotechniek", "elektrotechniek"), ("theorie", "teorie"), ("photoshop", "fotoshop"), ("systeem", "sisteem"),
])
def test_spellings_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert is_found_by(one, other)


@pytest.mark.parametrize(("one", "other"), [("bomen", "bommen"), ("begeleiding", "beleid"), ("overheid", "over"), ("handeling", "handel")])
def test_what_the_bare_stemmer_confuses_stays_apart(one: str, other: str) -> None:
    assert not is_found_by(one, other)


@pytest.mark.parametrize("word", ["c++", ".net", "5g", "mp3s", "25080", "it", "русскии", ""])
def test_what_is_no_word_of_letters_has_no_stems(word: str) -> None:
    assert stems(word) == ()


@pytest.mark.parametrize("word", ["ict", "bus", "kok", "vca"])
def test_a_word_of_three_letters_is_its_own_stem(word: str) -> None:
    assert stems(word) == (word,)


def test_stems_are_distinct_and_no_stem_is_empty() -> None:
    for word in (word for group in TOGETHER + FAMILIES + ENGLISH for word in group):
        found = stems(word)
        assert len(found) == len(set(found))
        assert all(found)


def test_each_thread_has_stemmers_of_its_own_because_they_are_not_safe_in_two_at_once() -> None:
    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(lambda: stemming._stemmers.dutch).result()
    assert other is not stemming._stemmers.dutch
    assert other("verkopen") == stemming._stemmers.dutch("verkopen")
