"""A compound is also found by its parts, and what is no compound is left whole; how well that goes is a number."""

import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from academy.search import language
from academy.search.folding import words_of
from academy.search.language import parts


def words(text: str) -> list[str]:
    return text.split()


# Written before the list of constituents was. The odd half was looked at while the list was mended, the even half not until the end.
COMPOUNDS = dict(pair.split("=") for pair in words("""
havenlogistiek=haven+logistiek logistiekmanagement=logistiek+management cybersecurity=cyber+security zorgmedewerker=zorg+medewerker
bedrijfsadministratie=bedrijf+administratie magazijnmedewerker=magazijn+medewerker heftruckchauffeur=heftruck+chauffeur
vrachtwagenchauffeur=vrachtwagen+chauffeur transportplanning=transport+planning voorraadbeheer=voorraad+beheer orderpicker=order+picker
expeditiemedewerker=expeditie+medewerker zeehaven=zee+haven luchtvaarttechniek=luchtvaart+techniek scheepsbouw=schip+bouw
binnenvaartschipper=binnenvaart+schipper koeltechniek=koel+techniek installatietechniek=installatie+techniek elektrotechniek=elektro+techniek
werktuigbouwkunde=werktuigbouw+kunde metaalbewerking=metaal+bewerking machinebouw=machine+bouw lasrobot=las+robot
onderhoudsmonteur=onderhoud+monteur fietstechnicus=fiets+technicus autotechniek=auto+techniek autoschadehersteller=autoschade+hersteller
bedrijfswagentechniek=bedrijfswagen+techniek motorfietstechniek=motorfiets+techniek bandenmonteur=band+monteur windenergie=wind+energie
zonnepaneel=zon+paneel warmtepomp=warmte+pomp energietransitie=energie+transitie waterbeheer=water+beheer waterzuivering=water+zuivering
procestechniek=proces+techniek procesoperator=proces+operator kunststofverwerking=kunststof+verwerking houtbewerking=hout+bewerking
meubelmaker=meubel+maker timmerwerk=timmer+werk dakdekker=dak+dekker tegelzetter=tegel+zetter wegenbouw=weg+bouw betonbouw=beton+bouw
bouwplaats=bouw+plaats bouwtekenaar=bouw+tekenaar bouwmaterialen=bouw+materiaal woningbouw=woning+bouw gevelbouw=gevel+bouw
rioolbeheer=riool+beheer schilderwerk=schilder+werk glaszetter=glas+zetter vloerenlegger=vloer+legger interieurbouw=interieur+bouw
projectleider=project+leider projectmanagement=project+management kwaliteitsmanagement=kwaliteit+management
verandermanagement=verander+management teamleider=team+leider bedrijfsleider=bedrijf+leider afdelingshoofd=afdeling+hoofd
personeelsbeleid=personeel+beleid personeelsadviseur=personeel+adviseur salarisadministratie=salaris+administratie
loonadministrateur=loon+administrateur boekhoudprogramma=boekhoud+programma belastingadviseur=belasting+adviseur
omzetbelasting=omzet+belasting bankmedewerker=bank+medewerker verzekeringsadviseur=verzekering+adviseur hypotheekadviseur=hypotheek+adviseur
kredietbeoordeling=krediet+beoordeling bedrijfseconomie=bedrijf+economie marketingcommunicatie=marketing+communicatie
onlinemarketing=online+marketing marktonderzoek=markt+onderzoek verkoopgesprek=verkoop+gesprek verkoopadviseur=verkoop+adviseur
inkoopbeleid=inkoop+beleid winkelmedewerker=winkel+medewerker winkelinrichting=winkel+inrichting groothandel=groot+handel
detailhandel=detail+handel klantcontact=klant+contact klantenservice=klant+service webwinkel=web+winkel bedrijfsvoering=bedrijf+voering
ondernemingsplan=onderneming+plan managementassistent=management+assistent directiesecretaresse=directie+secretaresse
receptiemedewerker=receptie+medewerker softwareontwikkeling=software+ontwikkeling softwareontwikkelaar=software+ontwikkelaar
webdesign=web+design webontwikkelaar=web+ontwikkelaar databasebeheer=database+beheer netwerkbeheer=netwerk+beheer
netwerkbeheerder=netwerk+beheerder systeembeheer=systeem+beheer systeembeheerder=systeem+beheerder
informatiebeveiliging=informatie+beveiliging gegevensbescherming=gegevens+bescherming datacenter=data+center dataanalyse=data+analyse
gamedesign=game+design appontwikkeling=app+ontwikkeling computernetwerk=computer+netwerk helpdeskmedewerker=helpdesk+medewerker
applicatieontwikkelaar=applicatie+ontwikkelaar mediavormgever=media+vormgever mediavormgeving=media+vormgeving geluidstechniek=geluid+techniek
podiumtechniek=podium+techniek lichttechniek=licht+techniek filmproductie=film+productie videomontage=video+montage
fotobewerking=foto+bewerking reclamebureau=reclame+bureau muziekonderwijs=muziek+onderwijs ouderenzorg=ouderen+zorg jeugdzorg=jeugd+zorg
thuiszorg=thuis+zorg gehandicaptenzorg=gehandicapte+zorg kraamzorg=kraam+zorg verpleeghuis=verpleeg+huis wijkverpleging=wijk+verpleging
gezondheidszorg=gezondheid+zorg zorgverlener=zorg+verlener zorgtechnologie=zorg+technologie doktersassistent=dokter+assistent
tandartsassistent=tandarts+assistent apothekersassistent=apotheker+assistent operatieassistent=operatie+assistent
medicatieveiligheid=medicatie+veiligheid wondzorg=wond+zorg patientenzorg=patient+zorg laboratoriumonderzoek=laboratorium+onderzoek
bloedafname=bloed+afname voedingsleer=voeding+leer voedingsadvies=voeding+advies levensmiddelentechnologie=levensmiddel+technologie
jeugdhulpverlening=jeugd+hulpverlening schuldhulpverlening=schuld+hulpverlening maatschappijleer=maatschappij+leer welzijnswerk=welzijn+werk
jongerenwerker=jongeren+werker kinderopvang=kind+opvang peuterspeelzaal=peuter+speelzaal onderwijsassistent=onderwijs+assistent
basisschool=basis+school basisonderwijs=basis+onderwijs beroepsonderwijs=beroep+onderwijs klassenmanagement=klas+management
leerlingbegeleiding=leerling+begeleiding taalonderwijs=taal+onderwijs rekenvaardigheid=reken+vaardigheid gespreksvoering=gesprek+voering
gesprekstechnieken=gesprek+techniek studieloopbaan=studie+loopbaan loopbaanbegeleiding=loopbaan+begeleiding praktijkopleider=praktijk+opleider
werkbegeleider=werk+begeleider stageopdracht=stage+opdracht eindexamen=eind+examen sportinstructeur=sport+instructeur
zweminstructeur=zwem+instructeur fitnesstrainer=fitness+trainer bewegingsonderwijs=beweging+onderwijs voetbaltrainer=voetbal+trainer
sportmassage=sport+massage keukenassistent=keuken+assistent keukenhygiene=keuken+hygiene restaurantmanager=restaurant+manager
hotelreceptie=hotel+receptie broodbakker=brood+bakker banketbakker=banket+bakker voedselveiligheid=voedsel+veiligheid wijnkennis=wijn+kennis
reisadviseur=reis+adviseur reisbureau=reis+bureau evenementenorganisatie=evenement+organisatie vrijetijdsmanagement=vrijetijd+management
dierverzorging=dier+verzorging dierenarts=dier+arts dierenartsassistent=dierenarts+assistent paardensport=paard+sport
melkveehouderij=melkvee+houderij varkenshouderij=varken+houderij akkerbouw=akker+bouw tuinbouw=tuin+bouw glastuinbouw=glas+tuinbouw
landbouw=land+bouw boomkwekerij=boom+kwekerij bloemschikken=bloem+schikken bosbouw=bos+bouw natuurbeheer=natuur+beheer
groenvoorziening=groen+voorziening tuinontwerp=tuin+ontwerp plantenkennis=plant+kennis gewasbescherming=gewas+bescherming
milieuonderzoek=milieu+onderzoek milieukunde=milieu+kunde bodemonderzoek=bodem+onderzoek afvalverwerking=afval+verwerking
brandpreventie=brand+preventie brandveiligheid=brand+veiligheid verkeersveiligheid=verkeer+veiligheid verkeersregelaar=verkeer+regelaar
objectbeveiliging=object+beveiliging winkelbeveiliging=winkel+beveiliging cameratoezicht=camera+toezicht politieagent=politie+agent
strafrecht=straf+recht arbeidsrecht=arbeid+recht bestuursrecht=bestuur+recht gemeenterecht=gemeente+recht gemeentebeleid=gemeente+beleid
bestuurskunde=bestuur+kunde overheidscommunicatie=overheid+communicatie milieuwetgeving=milieu+wetgeving schoonmaakbedrijf=schoonmaak+bedrijf
schoonmaaktechniek=schoonmaak+techniek gebouwbeheer=gebouw+beheer textielverwerking=textiel+verwerking kledingontwerp=kleding+ontwerp
modevormgeving=mode+vormgeving haarverzorging=haar+verzorging schoonheidsspecialist=schoonheid+specialist huidverzorging=huid+verzorging
brillenglas=bril+glas tandtechniek=tand+techniek schoenmaker=schoen+maker goudsmid=goud+smid treinmachinist=trein+machinist
spoorwegen=spoor+weg railvervoer=rail+vervoer busvervoer=bus+vervoer taxichauffeur=taxi+chauffeur toezichthouder=toezicht+houder
risicoanalyse=risico+analyse kostprijsberekening=kostprijs+berekening gebruikersonderzoek=gebruiker+onderzoek
productontwikkeling=product+ontwikkeling procesverbetering=proces+verbetering ketenmanagement=keten+management
duurzaamheidsbeleid=duurzaamheid+beleid klimaatadaptatie=klimaat+adaptatie mobiliteitsmanagement=mobiliteit+management
arbeidsmarkt=arbeid+markt vrijwilligerswerk=vrijwilliger+werk mantelzorgondersteuning=mantelzorg+ondersteuning
"""))
SIMPLE = words("""
verpleegkundige verzorgende verpleging ondernemer ondernemerschap management administratie organisatie communicatie informatica psychologie
pedagogiek economie accountancy marketing logistiek techniek mechatronica elektronica restaurant receptionist kapper kapster bakkerij slagerij
toerisme recreatie horeca hospitality onderwijs opleiding onderzoek ontwikkeling ontwerpen vormgeving verandering verbetering vergadering
begeleiding beveiliging bediening behandeling bestuur bestelling beroep bedrijf gebouw gebied gemeente gezondheid gesprek duurzaamheid
veiligheid vaardigheden verantwoordelijkheid zelfstandigheid samenwerken communiceren presenteren solliciteren programmeren analyseren
adviseren controleren installeren monteren repareren schilderen timmeren metselen medewerker specialist assistent adviseur directeur
secretaresse manager monteur operator coordinator nederlands engels duits frans wiskunde natuurkunde scheikunde biologie geschiedenis
aardrijkskunde filosofie theologie verloskunde fysiotherapie logopedie dietetiek radiologie farmacie anatomie fysiologie pathologie
architectuur cultuur literatuur muziek theater dans beeldende kunstenaar journalistiek fotografie internationaal commercieel financieel
juridisch technisch medisch sociaal maatschappelijk universiteit hogeschool academie diploma certificaat examen kwalificatie competentie
verkoper vertegenwoordiger ambtenaar notaris makelaar hovenier imker chocolade sinaasappel aardappel tarwe bouwkundige werktuigkundige
leidinggevende handhaving overleg overeenkomst onderneming toepassing leadership engineering development governance sustainability partnership
workshop business network ziekenhuis levensmiddelen landschap wetenschap gereedschap eigenschap maatschappij gezelschap leerling sterling
tweeling mannelijk vriendelijk eigenlijk bankier hotelier tuinder kweker teler
""")

LISTS = tomllib.loads((Path(language.__file__).parent / "constituents.toml").read_text(encoding="utf-8"))
LISTED = [word for name in ("anywhere", "first", "last") for listed in LISTS[name].values() for word in words(listed)]


def test_the_golds_are_large_enough_to_mean_something() -> None:
    assert len(COMPOUNDS) + len(SIMPLE) >= 300


def test_compounds_are_split_into_the_parts_one_may_search_by() -> None:
    right = sum("+".join(parts(word)) == expected for word, expected in COMPOUNDS.items())
    assert right / len(COMPOUNDS) >= 0.97


def test_what_is_no_compound_stays_whole() -> None:
    assert [word for word in SIMPLE if parts(word)] == []


@pytest.mark.parametrize(("word", "expected"), [
    ("havenlogistiek", ("haven", "logistiek")), ("zorgmedewerkers", ("zorg", "medewerker")), ("tandartsen", ("tand", "arts")),
    ("glastuinbouw", ("glas", "tuinbouw")), ("zonnepanelen", ("zon", "paneel")), ("bouwmaterialen", ("bouw", "materiaal")),
])
def test_parts_are_words_of_the_list_whatever_their_form_in_the_compound(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@pytest.mark.parametrize("word", ["", "ad", "c++", "web2app", "logistiek", "logistieke", "bedrijven", "logistiekx", "xlogistiek", "logistiek" * 6])
def test_a_word_that_is_not_wholly_made_of_listed_words_has_no_parts(word: str) -> None:
    assert parts(word) == ()


def test_a_word_made_to_be_slow_is_answered_at_once() -> None:
    assert len(parts("zorg" * 10)) == 10


def test_the_list_holds_folded_words_of_at_least_three_letters_each_once() -> None:
    assert [word for word in LISTED if words_of(word) != [word] or len(word) < 3] == []
    assert [word for word, times in Counter(LISTED).items() if times > 1] == []


def test_exceptions_and_irregular_forms_speak_of_words_of_the_list() -> None:
    named = chain(LISTS["forms"], (part for found in LISTS["exceptions"].values() for part in words(found)))
    assert sorted(set(named) - set(LISTED)) == []


def test_every_exception_changes_something() -> None:
    assert all(parts(word) == tuple(words(found)) for word, found in LISTS["exceptions"].items())
