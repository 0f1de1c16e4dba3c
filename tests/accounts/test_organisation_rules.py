"""Numbers of firms, roles, addresses and names: what is accepted, and what is not."""

import pytest
from stdnum import get_cc_module

from academy.accounts import rules
from academy.accounts.models import OrganisationKind, Role
from academy.kernel.web.mail_address import clean_email


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12345678", "12345678"), (" 12 34 56 78 ", "12345678"), ("12.345.678", "12345678"), ("01234567", "01234567"),
        ("00000000", None), ("1234567", None), ("123456789", None), ("000012345678", None), ("١٢٣٤٥٦٧٨", None), ("12345678x", None), ("", None),
    ],
)
def test_a_kvk_number_has_eight_digits_and_forgives_spaces_and_dots(typed: str, kept: str | None) -> None:
    assert rules.kvk_number(typed) == kept


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("BE", "BE 0428.759.497", "BE0428759497"), ("BE", "0428759497", "BE0428759497"), ("DE", "de136695976", "DE136695976"),
        ("GR", "EL094259216", "EL094259216"), ("GR", "GR094259216", "EL094259216"), ("AT", "ATU13585627", "ATU13585627"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"), ("NO", "995525828 MVA", "NO995525828MVA"), ("GB", "GB 980 7806 84", "GB980780684"),
        ("BE", "0428759498", None), ("DE", "136695975", None), ("FR", "BE0428759497", None), ("DE", "", None), ("DE", "🙂", None),
        ("DE", "DE" * 50, None), ("XX", "12345678", None),
    ],
)
def test_a_foreign_firm_has_a_vat_id_that_keeps_the_rules_of_its_country(country: str, typed: str, kept: str | None) -> None:
    assert rules.vat_id(typed, country) == kept


@pytest.mark.parametrize("country", [country for country in rules.COUNTRIES if country != "NL"])
def test_every_country_on_offer_has_rules_for_its_numbers(country: str) -> None:
    assert get_cc_module(country.lower(), "vat") is not None
    assert rules.vat_id("", country) is None


def test_every_kind_of_organisation_has_an_owner_and_a_reader_and_every_role_a_place() -> None:
    for kind in OrganisationKind:
        roles = rules.roles_of(kind)
        assert roles[0] == Role.OWNER
        assert roles[-1] == Role.READER
    assert {role for kind in OrganisationKind for role in rules.roles_of(kind)} == set(Role)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("noor@voorbeeld.nl", "noor@voorbeeld.nl"),
        ("noor@bücher.de", "noor@xn--bcher-kva.de"),
        ("noor@пример.рф", "noor@xn--e1afmkfd.xn--p1ai"),
        ("noor@vооrbeeld.nl", None),  # noqa: RUF001 - two Cyrillic letters
        ("noor@аррӏе.com", None),  # noqa: RUF001 - all Cyrillic before .com
        ("noor@xn--vrbeeld-9iga.nl", None),  # the first one as the network writes it
    ],
)
def test_an_address_whose_letters_come_from_two_scripts_is_refused(typed: str, kept: str | None) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize("name", ["Kijk op http://kwaad.example", "www.kwaad.example", "info@kwaad.example", "<b>Firma</b>", "a\\b"])
def test_the_name_of_an_organisation_is_no_address(name: str) -> None:
    assert rules.names_a_website(name)


@pytest.mark.parametrize("name", ["De Boer & Zn.", "Bol.com", "Café 't Hoekje", "Wwwater B.V."])
def test_ordinary_names_are_names(name: str) -> None:
    assert not rules.names_a_website(name)


def test_an_address_of_an_organisation_is_its_name_and_a_code_so_that_nobody_takes_another_ones() -> None:
    assert rules.slug_for("Bäckerij Ötzi & Zn.", "K7QX2") == "backerij-otzi-zn-k7qx2"
    assert rules.slug_for("日本", "K7QX2") == "organisatie-k7qx2"
    assert len(rules.slug_for("a" * 300, "K7QX2")) <= 80


@pytest.mark.parametrize(
    ("organisation", "network", "too_many"), [(50, 200, False), (51, 1, True), (1, 201, True)],
)
def test_an_organisation_sends_fifty_invitations_a_day_and_a_network_two_hundred(organisation: int, network: int, too_many: bool) -> None:
    assert rules.Invited(organisation, network).too_many is too_many


@pytest.mark.parametrize(("kind", "role", "desk"), [
    ("provider", "owner", {"provider": "hier"}), ("provider", "exam_board", {"exam_board": "hier"}), ("provider", "assessor", {"assessor": "hier"}),
    ("employer", "approver", {"employer": "hier", "firm": "hier"}), ("employer", "reader", {"employer": "hier"}), ("fund", "fund_manager", {"fund": "hier"}),
    ("social_partner", "reader", {"fund": "hier"}), ("office", "office", {"office": "hier"}), ("office", "reader", {}), ("school", "dean", {"firm": "hier"}),
])
def test_the_menu_leads_people_to_where_they_work(kind: str, role: str, desk: dict[str, str]) -> None:
    assert rules.desk_of([(kind, role, "hier"), (kind, role, "daar")]) == desk
