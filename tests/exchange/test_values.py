"""Each kind of cell in the forms in which others write it."""

from decimal import Decimal

import pytest

from academy.exchange import values
from academy.exchange.values import BadValue, Price
from academy.kernel.money import Money


@pytest.mark.parametrize(("text", "codes"), [
    ("English", ("en",)), ("Engels", ("en",)), ("Español", ("es",)), ("中文", ("zh",)), ("日本語", ("ja",)), ("اللغة العربية", ("ar",)),
    ("Nederlands", ("nl",)), ("nl", ("nl",)), ("nl-NL", ("nl",)), ("Français", ("fr",)), ("Frysk", ("fy",)),
    ("Portuguese (Brazilian)", ("pt",)), ("Chinese (Simplified)", ("zh",)), ("English, Español", ("en", "es")),
    ("Subtitles: English, English", ("en",)), ("", ()), ("pending", ()), ("None", ()),
])
def test_a_language_is_known_by_its_name_in_english_dutch_or_itself(text: str, codes: tuple[str, ...]) -> None:
    assert values.parse_languages(text) == values.Languages(codes, ())


@pytest.mark.parametrize("text", ["Career Karma", "Course", "8583", "Elfs"])
def test_an_unknown_language_stays_as_it_came(text: str) -> None:
    assert values.parse_languages(text) == values.Languages((text,), (text,))


@pytest.mark.parametrize(("text", "price"), [
    ("FREE-Add a Verified Certificate for $49 USD", Price(Money(0), "FREE-Add a Verified Certificate for $49 USD")),
    ("gratis", Price(Money(0))), ("Free", Price(Money(0))), ("0", Price(Money(0))),
    ("495", Price(Money(49500))), ("€ 1.250,00", Price(Money(125000))), ("EUR 12.50", Price(Money(1250))),
    ("1,250", Price(Money(125000))), ("495,-", Price(Money(49500))), ("7,5", Price(Money(750))),
    ("CHF 900", Price(None, "CHF 900")), ("$49", Price(None, "$49")), ("49 USD", Price(None, "49 USD")),
    ("Free trial, then €39", Price(None, "Free trial, then €39")), ("vanaf € 30", Price(None, "vanaf € 30")), ("", Price(None)),
])
def test_a_price_is_euros_or_words(text: str, price: Price) -> None:
    assert values.parse_price(text, in_euros=True) == price


def test_a_bare_number_of_another_source_is_not_euros() -> None:
    assert values.parse_price("49", in_euros=False) == Price(None, "49")


@pytest.mark.parametrize("text", ["veel", "-5", "€ 99999999", "1.2345"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.parse_price(text, in_euros=True)


@pytest.mark.parametrize(("text", "found"), [("7,5", "7.5"), ("30", "30"), ("30 EC", "30"), ("2.50", "2.5"), ("0", "0")])
def test_study_credits_have_one_decimal(text: str, found: str) -> None:
    assert values.parse_ec(text) == Decimal(found)


@pytest.mark.parametrize(("text", "code"), [("7,25", "ec-too-fine"), ("500", "ec-too-high"), ("tien", "not-ec"), ("-1", "not-ec")])
def test_what_are_no_study_credits_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        values.parse_ec(text)
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "level"), [
    ("5", "5"), ("4+", "4+"), ("NLQF 5", "5"), ("niveau 4", "4"), ("mbo 4", "4"), ("mbo-niveau 3", "3"), ("Ad", "5"), ("bachelor", "6"), ("", ""),
])
def test_a_level_is_that_of_the_nlqf(text: str, level: str) -> None:
    assert values.parse_level(text) == level


def test_a_difficulty_is_no_level() -> None:
    with pytest.raises(BadValue):
        values.parse_level("Beginner")


@pytest.mark.parametrize(("text", "number"), [
    ("10,438", "10438"), ("1.250,50", "1250.5"), ("12,767 reviews", "12767"), ("124980", "124980"), ("49.90", "49.9"),
])
def test_numbers_have_dutch_or_english_thousands(text: str, number: str) -> None:
    assert values.parse_count(text) == Decimal(number)


@pytest.mark.parametrize(("text", "rating"), [("4.9stars", "4.9"), ("4,7", "4.7"), ("5", "5")])
def test_a_rating_may_count_stars(text: str, rating: str) -> None:
    assert values.parse_rating(text) == Decimal(rating)


@pytest.mark.parametrize("text", ["9", "4.9 maanden", "Cloud Computing"])
def test_what_is_no_rating_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.parse_rating(text)


def test_a_register_code_is_text_and_loses_a_thousands_dot() -> None:
    assert values.parse_register_code("25.080") == ("25080", True)
    assert values.parse_register_code("80001") == ("80001", False)
    for wrong in ("7412.1", "8001", "Techniek"):
        with pytest.raises(BadValue):
            values.parse_register_code(wrong)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "www.school.example", "https://", "8583", "https://[x", "http://a b"])
def test_only_web_addresses_are_addresses(text: str) -> None:
    with pytest.raises(BadValue):
        values.parse_url(text)


def test_a_comma_between_brackets_does_not_separate_skills() -> None:
    text = "Fraud (Cards, Cheques), SQL, SQL, Securities (Finance), Open (rest"
    assert values.split_list(text) == ("Fraud (Cards, Cheques)", "SQL", "Securities (Finance)", "Open (rest")


@pytest.mark.parametrize("text", ["2–4 hours per week", "7 Weeks", "1 - 3 Months", "Less Than 2 Hours", "8 uur"])
def test_a_study_load_names_a_time(text: str) -> None:
    assert values.parse_study_load(text) == text


def test_a_study_load_without_a_time_is_refused() -> None:
    with pytest.raises(BadValue):
        values.parse_study_load("Cloud Computing")
