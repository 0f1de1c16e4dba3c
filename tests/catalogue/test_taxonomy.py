"""Sectors and clusters are data: a file that is checked, and that a city may replace."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from academy.catalogue import api as catalogue
from academy.catalogue import taxonomy
from academy.kernel.text import Localized
from academy.kernel.translation import reading_in

OWN = """
[[cluster]]
code = "water"
title = { nl = "Water", en = "Water" }

[[sector]]
code = "haven"
title = { nl = "Haven", en = "Harbour" }
cluster = "water"
valid_from = 2026-09-01
valid_until = 2028-08-31

[[sector]]
code = "sport"
title = { nl = "Sport", en = "Sports" }
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """A file of another city; afterwards the packaged one is in use again."""
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    yield path
    taxonomy.use(taxonomy.PACKAGED)


def test_the_twelve_sectors_stand_in_their_order() -> None:
    assert taxonomy.sector_codes() == (
        "ict", "techniek", "bouw", "handel", "agrofood", "zorg", "welzijn", "educatie", "zakelijk", "duurzaam", "media", "taal",
    )


def test_the_six_clusters_of_the_region_are_there() -> None:
    assert [cluster.title.nl for cluster in taxonomy.current().clusters.values()] == [
        "ICT & Media", "Health", "Handel & logistiek", "Duurzaam bouwen", "Luchthaven Lelystad", "High tech materialen",
    ]


@pytest.mark.parametrize(("sector", "cluster"), [
    ("ict", "ict-media"), ("media", "ict-media"), ("zorg", "health"), ("welzijn", "health"), ("handel", "handel-logistiek"),
    ("bouw", "duurzaam-bouwen"), ("duurzaam", "duurzaam-bouwen"), ("techniek", "high-tech-materialen"),
    ("agrofood", None), ("taal", None), ("no such sector", None),
])
def test_a_sector_has_one_cluster_or_none(sector: str, cluster: str | None) -> None:
    found = taxonomy.cluster_of(sector)
    assert (found.code if found else None) == cluster


@pytest.mark.parametrize(("language", "word"), [("nl", "Groen en voedsel"), ("en", "Green and food")])
def test_a_sector_is_named_in_the_language_of_the_reader(language: str, word: str) -> None:
    with reading_in("nl" if language == "nl" else "en"):
        assert catalogue.sector_word("agrofood") == word


def test_an_unknown_sector_is_shown_as_it_came() -> None:
    assert catalogue.sector_word("ruimtevaart") == "ruimtevaart"


def test_another_file_brings_other_sectors(own: Path) -> None:
    taxonomy.use(own)
    assert [sector.code for sector in taxonomy.sectors()] == ["haven", "sport"]
    assert catalogue.sector_word("haven") == "Haven"
    assert catalogue.sector_word("ict") == "ict"
    assert taxonomy.cluster_of("haven") == taxonomy.Cluster("water", Localized("Water", "Water"))


@pytest.mark.parametrize(("day", "may"), [
    (date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2028, 8, 31), True), (date(2028, 9, 1), False),
])
def test_a_sector_may_be_chosen_from_its_first_day_through_its_last(own: Path, day: date, may: bool) -> None:
    assert taxonomy.load(own).sectors["haven"].may_be_chosen(on=day) is may
    assert taxonomy.load(own).sectors["sport"].may_be_chosen(on=day)


def test_a_sector_may_last_one_day(own: Path) -> None:
    own.write_text(OWN.replace("2028-08-31", "2026-09-01"), encoding="utf-8")
    assert taxonomy.load(own).sectors["haven"].may_be_chosen(on=date(2026, 9, 1))


def test_order_moves_a_sector_and_keeps_the_rest_as_written(own: Path) -> None:
    own.write_text(OWN + '\norder = 0\n[[sector]]\ncode = "spel"\ntitle = { nl = "Spel", en = "Games" }\n', encoding="utf-8")
    assert list(taxonomy.load(own).sectors) == ["sport", "haven", "spel"]


@pytest.mark.parametrize(("was", "becomes", "wrong"), [
    ('code = "haven"', 'code = "De Haven"', "own.toml: sector 1.code: 'De Haven' is not"),
    ('code = "haven"\n', "", "sector 1.code: None is not"),
    ('code = "sport"', 'code = "haven"', "sector: 'haven' is there 2 times"),
    ('title = { nl = "Sport", en = "Sports" }', 'title = "Sport"', "sector 2.title: must be written as"),
    ('title = { nl = "Sport", en = "Sports" }', 'title = { nl = "Sport" }', "sector 2.title.en: is missing"),
    ('title = { nl = "Sport", en = "Sports" }', 'title = { nl = " ", en = "Sports" }', "sector 2.title.nl: is missing"),
    ('en = "Sports" }', 'en = "Sports", fr = "Sports" }', "sector 2.title.fr: is not known here"),
    ('cluster = "water"', 'cluster = "vuur"', "sector 1.cluster: there is no cluster 'vuur'"),
    ('cluster = "water"', 'cluster = ["water"]', "sector 1.cluster: there is no cluster"),
    ('cluster = "water"', 'clustr = "water"', "sector 1.clustr: is not known here"),
    ("valid_until = 2028-08-31", "valid_until = 2026-08-31", "sector 1.valid_until: 2026-08-31 is before valid_from 2026-09-01"),
    ("valid_from = 2026-09-01", 'valid_from = "1 september"', "sector 1.valid_from: '1 september' is not a day"),
    ("valid_from = 2026-09-01", "valid_from = 2026-09-01T00:00:00Z", "sector 1.valid_from:"),
    ("valid_from = 2026-09-01", "order = true", "sector 1.order: True is not a whole number"),
    ("[[cluster]]", "[cluster]", "cluster: must be written as [[cluster]]"),
    ("[[cluster]]", "[[klaster]]", "klaster: is not known here"),
    ("[[cluster]]", "[[cluster", "own.toml: "),
])
def test_a_wrong_file_says_where_and_why(own: Path, was: str, becomes: str, wrong: str) -> None:
    assert was in OWN
    own.write_text(OWN.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(taxonomy.TaxonomyWrong) as refused:
        taxonomy.load(own)
    assert wrong in str(refused.value)


def test_a_file_without_sectors_is_wrong(own: Path) -> None:
    own.write_text("", encoding="utf-8")
    with pytest.raises(taxonomy.TaxonomyWrong, match="sector: there are none"):
        taxonomy.load(own)


def test_a_file_in_another_encoding_or_not_there_is_wrong(own: Path) -> None:
    own.write_bytes("# caf\u00e9".encode("latin-1"))
    with pytest.raises(taxonomy.TaxonomyWrong, match=r"own\.toml"):
        taxonomy.load(own)
    with pytest.raises(taxonomy.TaxonomyWrong, match=r"gone\.toml"):
        taxonomy.load(own.with_name("gone.toml"))


def test_a_wrong_file_leaves_the_taxonomy_in_use(own: Path) -> None:
    taxonomy.use(own)
    with pytest.raises(taxonomy.TaxonomyWrong):
        taxonomy.use(own.with_name("gone.toml"))
    assert taxonomy.sector_codes() == ("haven", "sport")
