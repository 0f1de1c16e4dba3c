"""Lists of people as they are pasted: who stands on them, and what is wrong on which line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.employers.forms.people import read_lines, sort_out

names = st.text(st.characters(whitelist_categories=["Lu", "Ll"]), min_size=1, max_size=20)
locals_ = st.from_regex(r"[a-z]{1,10}[0-9]{0,3}", fullmatch=True)


@pytest.mark.parametrize(("line", "email", "name"), [
    ("eva@voorbeeld.nl", "eva@voorbeeld.nl", ""), ("  EVA@Voorbeeld.NL ", "eva@voorbeeld.nl", ""), ("Eva Bakker <eva@voorbeeld.nl>", "eva@voorbeeld.nl", "Eva Bakker"),
    ("eva@voorbeeld.nl; Eva Bakker", "eva@voorbeeld.nl", "Eva Bakker"), ("Eva,Bakker,eva@voorbeeld.nl", "eva@voorbeeld.nl", "Eva Bakker"),
    ('"Eva Bakker" <eva@voorbeeld.nl>,', "eva@voorbeeld.nl", "Eva Bakker"), ("Eva\teva@voorbeeld.nl", "eva@voorbeeld.nl", "Eva"),
    ("http://spam.nl eva@voorbeeld.nl", "eva@voorbeeld.nl", ""), ("06 eva@voorbeeld.nl", "eva@voorbeeld.nl", ""), ("eva@", "", ""), ("Eva Bakker", "", ""),
])
def test_somebody_on_a_line(line: str, email: str, name: str) -> None:
    (found,) = read_lines(line)
    assert (found.email, found.name if email else "") == (email, name)


def test_several_addresses_on_a_line_are_several_people() -> None:
    assert [(one.number, one.email) for one in read_lines("\na@b.nl, c@d.nl;e@f.nl")] == [(2, "a@b.nl"), (2, "c@d.nl"), (2, "e@f.nl")]


@pytest.mark.parametrize("heading", ["Naam;E-mail", "E-mailadres", "naam,e-mail", "First name\tLast name\tE-mail address", "mail"])
def test_the_heading_of_a_table_is_nobody(heading: str) -> None:
    assert [one.email for one in read_lines(f"{heading}\na@b.nl")] == ["a@b.nl"]
    assert [one.email for one in read_lines(f"a@b.nl\n{heading}")] == ["a@b.nl", ""]  # further down it is a fault


def test_what_is_wrong_is_told_by_the_number_of_its_line() -> None:
    found = sort_out(read_lines("a@b.nl\n\nniemand\nA@B.nl\nc@d.nl\ne@f.nl\ng@h.nl"), taken={"c@d.nl"}, room=2)
    assert found.good == (("a@b.nl", ""), ("e@f.nl", ""))
    assert [number for number, _fault in found.faults] == [3, 4, 5, 7]


@given(st.lists(st.tuples(names, locals_), max_size=12, unique_by=lambda one: one[1]), st.sampled_from(["{name} <{email}>", "{email};{name}", "{name}\t{email}"]), st.integers(0, 12))
def test_nobody_is_lost_and_no_more_are_asked_than_there_is_room(people: list[tuple[str, str]], form: str, room: int) -> None:
    lines = [form.format(name=name, email=f"{local}@voorbeeld.nl") for name, local in people]
    found = sort_out(read_lines("\n".join(lines)), taken=(), room=room)
    assert len(found.good) == min(room, len(people))
    assert len(found.good) + len(found.faults) == len(people)
    assert [email for email, _name in found.good] == [f"{local}@voorbeeld.nl" for _name, local in people[:room]]


@given(st.text(max_size=400))
def test_whatever_is_pasted_is_read(text: str) -> None:
    found = sort_out(read_lines(text), taken=(), room=3)
    assert len(found.good) <= 3
    assert len({email for email, _name in found.good}) == len(found.good)
