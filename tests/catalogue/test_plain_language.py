"""Advice for plain Dutch: what is flagged, where, and what is left alone."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.catalogue import plain_language
from academy.catalogue.advice_words import advice_words
from academy.catalogue.plain_language import AdviceCode, review, score

LIST = tomllib.loads((Path(plain_language.__file__).parent / "data" / "plain_words.toml").read_text(encoding="utf-8"))
PLAIN = "Je leert lassen en meten. Je maakt een werkstuk van staal. De docent helpt je daarbij."
SIGNS = st.text(alphabet=st.sampled_from("aeu 12.,:;()-•\n\t!?…'’éÉİß&@/U") | st.characters(), max_size=300)


def found(text: str, code: AdviceCode) -> list[str]:
    """Return the places of one kind of advice, as they stand in the text."""
    return [text[advice.start:advice.end] for advice in review(text) if advice.code is code]


def sentence_of(words: int) -> str:
    return " ".join(["Je", *["leert"] * (words - 1)]) + "."


def test_plain_dutch_gets_no_advice() -> None:
    assert review(PLAIN) == ()
    assert score(PLAIN) == 100


@pytest.mark.parametrize("text", ["", "   ", "\n\n\n", "...", "- \n- "])
def test_a_text_without_words_gets_no_advice(text: str) -> None:
    assert review(text) == ()
    assert score(text) == 100


# Length


def test_a_sentence_of_more_than_20_words_is_too_long() -> None:
    assert found(sentence_of(20), AdviceCode.LONG_SENTENCE) == []
    [advice] = review(sentence_of(21))
    assert (advice.code, advice.number, advice.start, advice.end) == (AdviceCode.LONG_SENTENCE, 21, 0, len(sentence_of(21)) - 1)
    assert len(advice.words) <= 80


def test_sentences_of_more_than_15_words_on_average_are_too_long() -> None:
    just_right = " ".join([sentence_of(14), sentence_of(15), sentence_of(16)])
    assert review(just_right) == ()
    too_long = " ".join([sentence_of(15), sentence_of(15), sentence_of(16)])
    assert [(advice.code, advice.number) for advice in review(too_long)] == [(AdviceCode.LONG_AVERAGE, 16)]


def test_a_paragraph_of_more_than_100_words_is_too_long() -> None:
    sentences = [sentence_of(10)] * 10
    assert review(" ".join(sentences)) == ()
    assert [(advice.code, advice.number) for advice in review(" ".join([*sentences, "Klaar."]))] == [(AdviceCode.LONG_PARAGRAPH, 101)]
    assert review(" ".join(sentences) + "\n\nKlaar.") == ()


@pytest.mark.parametrize(("text", "number"), [
    ("Dhr. Jansen geeft les, bijv. in nr. 12 of o.a. thuis.", 1),
    ("Prof. J. de Vries betaalt 1.250 euro of 12.500,50 euro.", 1),
    ("Kijk op https://www.almere.nl/a.b?c=d.e of op almere.nl. Meld je aan.", 2),
    ("Je leert lassen, meten, enz. Daarna maak je een toets.", 2),
    ("Je leert lassen, meten enz. en je maakt een toets.", 1),
    ("Je leert lassen! Wil je meer? Bel ons…", 3),
    ("Je denkt na... en je gaat door.", 1),
    ("Je leert:\n- lassen\n- meten en\n• zagen", 4),
    ("1. Je leest.\n2) Je schrijft\na) Je rekent", 3),
    ("Je leert werken in een groep en je maakt daarna samen met de\nanderen een plan.", 1),  # broken by a mail program
    ("uitleggen wat een machine doet\nberekenen van een maat", 2),  # items of a list without its marks
])
def test_a_sentence_ends_where_a_reader_ends_it(text: str, number: int) -> None:
    assert len(plain_language._sentences(text)) == number


# The passive


@pytest.mark.parametrize(("text", "passive"), [
    ("De toets wordt door de docent beoordeeld.", "wordt door de docent beoordeeld"),
    ("Er worden opdrachten gemaakt.", "worden opdrachten gemaakt"),
    ("De lessen werden online gegeven.", "werden online gegeven"),
    ("Je hoort dat de opdracht besproken wordt.", "besproken wordt"),
    ("De toets die gemaakt moet worden, duurt een uur.", "gemaakt moet worden"),
    ("Om toegelaten te worden, heb je een diploma nodig.", "toegelaten te worden"),
    ("Hier wordt zijn werk nagekeken.", "wordt zijn werk nagekeken"),
    ("De module is ontwikkeld door een bedrijf.", "is ontwikkeld"),
    ("Je leert hoe een muur wordt opgebouwd uit steen.", "wordt opgebouwd"),
    ("Hier word je opgeleid tot monteur.", "word je opgeleid"),
])
def test_a_passive_is_found(text: str, passive: str) -> None:
    assert found(text, AdviceCode.PASSIVE) == [passive]


@pytest.mark.parametrize("text", [
    "Je wordt bouwkundige.",
    "Je wordt gediplomeerd verpleegkundige.",
    "Je wordt een gevraagd vakman.",
    "Je wordt bekend met de stof en bevoegd voor de klas.",
    "Je wordt beveiligingsspecialist, beleidsassistent of gemeenteraadslid.",
    "Je kunt monteur worden, want je hebt veel geoefend.",
    "Je wordt leider en je hebt geleerd hoe dat gaat.",
    "De cursus is begonnen en je bent geslaagd.",
    "De kosten zijn gestegen.",
    "Je werkt met Word en hebt een tekst gemaakt.",
    "Het wordt warm. Gemaakt heb je nog niets.",
])
def test_what_only_looks_like_a_passive_is_left_alone(text: str) -> None:
    assert found(text, AdviceCode.PASSIVE) == []


# Words


@pytest.mark.parametrize(("text", "difficult", "easy"), [
    ("Je leert middels opdrachten.", "middels", "met"),
    ("Teneinde te slagen, oefen je.", "Teneinde", "om"),
    ("Je dient te oefenen.", "dient te", "moeten"),
    ("Je werkt met behulp van een computer.", "met behulp van", "met"),
    ("Je implementeert een systeem.", "implementeert", "invoeren"),
    ("Een geïmplementeerd systeem.", "geïmplementeerd", "invoeren"),
    ("Je evalueerde en definieert.", "evalueerde", "bekijken hoe het ging"),
    ("Jouw COMPETENTIES tellen.", "COMPETENTIES", "wat je kunt"),
])
def test_a_difficult_word_comes_with_an_easier_one(text: str, difficult: str, easy: str) -> None:
    first = next(advice for advice in review(text) if advice.code is AdviceCode.DIFFICULT_WORD)
    assert (first.words, first.replacement) == (difficult, easy)


def test_a_phrase_goes_before_the_words_in_it() -> None:
    assert found("Dat is op basis van relevante eisen.", AdviceCode.DIFFICULT_WORD) == ["op basis van", "relevante"]


def test_no_easier_word_is_itself_difficult() -> None:
    for table in ("words", "phrases", "verbs"):
        for forms, easy in LIST[table].items():
            assert found(f"{easy}.", AdviceCode.DIFFICULT_WORD) == [], (forms, easy)


def test_no_word_stands_in_the_list_twice() -> None:
    forms = [form.strip() for table in ("words", "phrases", "verbs") for key in LIST[table] for form in key.split(",")]
    assert len(forms) == len(set(forms))
    assert len(forms) >= 350


@pytest.mark.parametrize(("text", "unexplained"), [
    ("Je haalt 5 EC.", ["EC"]),
    ("Je haalt 5 EC en later 10 EC.", ["EC"]),
    ("Je haalt 5 EC (140 uur).", []),
    ("1 EC is 28 uur. Je haalt 5 EC.", []),
    ("Je haalt 5 studiepunten (EC).", []),
    ("Je haalt 5 EC. Een EC is een studiepunt.", ["EC"]),  # too late: the first use is what counts
    ("Met een EVC-traject kom je sneller in de AD.", ["EVC", "AD"]),
    ("Een Associate degree (AD) duurt twee jaar. De AD telt mee.", []),
    ("Ad hoc werken en de advertentie lezen.", []),
])
def test_an_abbreviation_is_explained_at_its_first_use(text: str, unexplained: list[str]) -> None:
    assert found(text, AdviceCode.ABBREVIATION_UNEXPLAINED) == unexplained


@pytest.mark.parametrize(("text", "strangers"), [
    ("U leert lassen en krijgt uw diploma.", ["U", "uw"]),
    ("Men leert lassen. Daarna oefent de student thuis.", ["Men", "de student"]),
    ("Studenten maken een plan.", ["Studenten"]),
    ("Je helpt andere studenten.", []),
    ("De les duurt 3 u en de spanning U is hoog.", []),
])
def test_the_reader_is_spoken_to(text: str, strangers: list[str]) -> None:
    assert found(text, AdviceCode.NO_YOU) == strangers


# Score


def test_the_score_is_what_its_formula_says() -> None:
    assert score("Je toets wordt beoordeeld. Je oefent. Je leest. Je schrijft.") == 100 - 12  # 50 times 1 of 4, rounded to even
    assert score(sentence_of(25)) == 100 - 30 - 25  # ten words too many on average, every sentence long
    assert score("U oefent.") == 98


def test_a_text_of_an_office_scores_far_below_a_plain_one() -> None:
    office = (
        "De student dient te beschikken over competenties die middels opdrachten worden getoetst, teneinde de relevante expertise "
        "in het kader van de beroepspraktijk op adequate wijze te implementeren."
    )
    assert score(office) < 30


# For every text


@given(SIGNS)
def test_every_place_lies_within_the_text_and_the_score_within_its_limits(text: str) -> None:
    for advice in review(text):
        assert 0 <= advice.start < advice.end <= len(text)
        assert advice.words
        assert len(advice.words) <= 80
        assert advice_words(advice)
    assert 0 <= score(text) <= 100


@given(st.lists(st.sampled_from(["wordt", "gemaakt", "middels", "u", "EC", "lassen", "is", "door", "dient te", ",", ".", "\n", "\n- "])))
def test_advice_comes_in_order_and_the_same_twice(words: list[str]) -> None:
    text = " ".join(words)
    places = [(advice.start, advice.end) for advice in review(text)]
    assert places == sorted(places)
    assert review(text) == review(text)


@pytest.mark.parametrize("hostile", [
    "wordt ", "zijn door ", "te ", "\n", " ", "\n ", ".", "a", "a-", "1,", "www.", "u ", "\n- ", "(", "EC ", "b. ", "in het kader ", "wordt gemaakt ",
], ids=repr)
def test_no_text_takes_longer_than_its_length(hostile: str) -> None:
    text = (hostile * 200_000)[:200_000]
    begun = time.thread_time()
    review(text)
    assert time.thread_time() - begun < 60  # takes 0.1 to 0.6 where nothing else runs; a search that starts again at every word takes minutes


def test_the_words_say_what_is_wrong_and_what_to_do() -> None:
    text = f"De toets wordt middels een computer beoordeeld. U haalt 5 EC. {sentence_of(21)}"
    assert [advice_words(advice) for advice in review(text)] == [
        "Wie doet dit? Begin met die persoon in plaats van “wordt middels een computer beoordeeld”: “je maakt” of “de docent geeft”.",
        "“middels” is moeilijk. Schrijf bijvoorbeeld “met”.",
        "Spreek de lezer aan. Schrijf “je” in plaats van “U”.",
        "Niet iedereen kent “EC”. Leg het de eerste keer uit: studiepunten (1 EC is 28 uur).",
        "Deze zin heeft 21 woorden. Maak er twee zinnen van, met hoogstens 20 woorden.",
    ]
