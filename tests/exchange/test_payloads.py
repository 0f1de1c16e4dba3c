"""Bytes of others become JSON, items get their family by their fields, and a folder of payloads is read like an endpoint."""

import json
import tracemalloc
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from academy.exchange import spool
from academy.exchange.findings import Problem
from academy.exchange.payloads import (
    DEEPEST,
    NOTICES,
    Family,
    Kind,
    NotAPayload,
    Parent,
    family_of,
    identity_of,
    parent_of,
    parsed,
)
from academy.exchange.spool import SpooledItem, payloads_in

DUTCH = {"naam": "één café – €", "code": "25.080"}


def written(value: Any, encoding: str) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(encoding)


def read(body: bytes, content_type: str = "application/json") -> tuple[Any, str, tuple[str, ...]]:
    found = parsed(body, content_type)
    return found.value, found.encoding, found.notices


# Encodings ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "declared", "found", "notices"), [
    ("utf-8", "", "utf-8", ()),
    ("utf-8", "UTF-8", "utf-8", ()),
    ("utf-8-sig", "", "utf-8", ()),
    ("utf-8-sig", "iso-8859-1", "utf-8", ()),
    ("utf-16", "", "utf-16", ()),
    ("utf-16-le", "", "utf-16-le", ("utf-16-undeclared",)),
    ("utf-16-be", "", "utf-16-be", ("utf-16-undeclared",)),
    ("utf-16-le", "utf-16le", "utf-16le", ()),
    ("utf-32", "", "utf-32", ()),
    ("cp1252", "", "windows-1252", ("windows-1252-assumed",)),
    ("cp1252", "windows-1252", "windows-1252", ()),
    ("cp1252", "ISO-8859-1", "windows-1252", ()),
    ("iso-8859-15", '"iso-8859-15"', "iso-8859-15", ()),
    ("cp1252", "utf-8", "windows-1252", ("windows-1252-assumed",)),
    ("utf-8", "utf-16", "utf-8", ("not-as-declared",)),
    ("utf-16-le", "utf-8", "utf-16-le", ("utf-16-undeclared",)),
    ("utf-8", "klingon", "utf-8", ("charset-unknown",)),
    ("utf-8", "rot13", "utf-8", ("charset-unknown",)),
    ("utf-8", "unicode_escape", "utf-8", ("charset-unknown",)),
])
def test_text_is_read_as_marked_as_declared_or_as_it_is(encoding: str, declared: str, found: str, notices: tuple[str, ...]) -> None:
    value = {"naam": "één café €"} if encoding == "iso-8859-15" else DUTCH
    assert read(written(value, encoding), f"application/json; charset={declared}") == (value, found, notices)
    assert set(notices) <= NOTICES.keys()


def test_plain_text_in_utf_16_is_not_taken_for_utf_8_with_zeros_in_it() -> None:
    assert read(written(["code"], "utf-16-le"), "application/json; charset=utf-8") == (["code"], "utf-16-le", ("utf-16-undeclared",))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8,
).filter(lambda value: isinstance(value, list | dict))


@given(value=values, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_any_json_comes_through_any_unicode(value: Any, encoding: str) -> None:
    assert parsed(json.dumps(value).encode(encoding)).value == value


@given(body=st.binary(max_size=200), content_type=st.text(max_size=30))
@example(body=b"[1", content_type="charset=undefined")
@example(body=b"\xff\xfe[", content_type="charset=utf-16")
def test_no_bytes_do_anything_but_be_read_or_refused(body: bytes, content_type: str) -> None:
    with suppress(NotAPayload):
        assert set(parsed(body, content_type).notices) <= NOTICES.keys()


@given(value=values, cut=st.integers(1, 50))
def test_json_that_is_cut_off_is_known_as_half(value: Any, cut: int) -> None:
    whole = json.dumps(value).encode()
    with pytest.raises(NotAPayload) as caught:
        parsed(whole[:-cut])
    assert caught.value.code in {"half-answer", "empty-answer"}


def test_numbers_with_a_point_stay_as_they_are_written() -> None:
    assert parsed(b'[7412.10, 25.080, 1E5, 12, -3, "7412.10"]').value == ["7412.10", "25.080", "1E5", 12, -3, "7412.10"]


def test_depth_is_allowed_up_to_its_limit() -> None:
    assert parsed(b"[" * DEEPEST + b"]" * DEEPEST).value
    for depth in (DEEPEST + 1, 10_000):
        with pytest.raises(NotAPayload, match="nested"):
            parsed(b'{"a":' * depth + b"1" + b"}" * depth)


# Families ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("item", "kind", "version"), [
    ({"educationSpecificationType": "badType"}, Kind.EDUCATION_SPECIFICATION, 5),
    ({"programId": "1", "educationSpecification": "2"}, Kind.PROGRAM, 5),
    ({"programmeType": "programme"}, Kind.PROGRAM, 6),
    ({"courseId": "1", "teachingLanguage": "nld"}, Kind.COURSE, 5),
    ({"courseId": "1", "teachingLanguages": ["nld"]}, Kind.COURSE, 6),
    ({"courseId": "1"}, Kind.COURSE, 6),
    ({"offeringId": "1", "offeringType": "component", "course": "2"}, Kind.OFFERING, 5),
    ({"courseOfferingId": "1", "courseId": "2"}, Kind.OFFERING, 6),
    ({"programmeOfferingId": "1", "programmeId": "2"}, Kind.OFFERING, 6),
    ({"learningOutcomeId": "1"}, Kind.LEARNING_OUTCOME, 6),
    ({"organizationId": "1", "organizationType": "root"}, Kind.ORGANIZATION, 5),
    ({"organisationId": "1", "organisationType": "root"}, Kind.ORGANIZATION, 6),
])
def test_an_item_is_known_by_its_fields(item: dict[str, Any], kind: Kind, version: int) -> None:
    assert family_of(item | {"name": "x"}) == Family(kind, version)


@pytest.mark.parametrize("item", [
    {}, {"name": "x"}, {"courseId": "1"}, {"associationId": "1", "courseOfferingId": "2", "name": "x"}, {"componentId": "1", "courseId": "2", "name": "x"},
    {"courseId": "1", "name": "x", "teachingLanguage": "nld", "teachingLanguages": ["nld"]}, {"buildingId": "1", "name": "x"},
    {"organizationId": "1", "name": "x"},
])
def test_what_could_be_two_things_or_none_is_not_guessed(item: dict[str, Any]) -> None:
    assert family_of(item) is None


def test_an_identity_is_the_id_of_the_family_else_the_primary_code() -> None:
    code = {"primaryCode": {"codeType": "identifier", "code": "C1"}}
    assert identity_of({"courseOfferingId": "o", "courseId": "c", **code}) == "o"
    assert identity_of({"programType": "program", **code}) == "C1"
    assert identity_of({"courseId": 12, **code}) == "12"
    assert [identity_of(odd) for odd in ({}, {"primaryCode": "C1"}, {"courseId": ["x"], "name": "x"})] == ["", "", ""]


@pytest.mark.parametrize(("fields", "parent"), [
    ({"offeringId": "1", "course": "c"}, Parent(Kind.COURSE, "c")),
    ({"offeringId": "1", "program": {"programId": "p"}}, Parent(Kind.PROGRAM, "p")),
    ({"courseOfferingId": "1", "courseId": "c"}, Parent(Kind.COURSE, "c")),
    ({"programmeOfferingId": "1", "programme": {"programmeId": "p"}}, Parent(Kind.PROGRAM, "p")),
    ({"offeringId": "1", "course": {"name": "?"}}, None),
    ({"offeringId": "1"}, None),
    ({"courseId": "c", "program": "p"}, None),
])
def test_an_offering_says_whose_it_is(fields: dict[str, Any], parent: Parent | None) -> None:
    assert parent_of(fields | {"name": "x"}) == parent


# A folder of payloads ----------------------------------------------------------------------------------------------------------------


def put(folder: Path, **files: Any) -> Path:
    for name, value in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return folder


def found_in(folder: Path) -> tuple[list[SpooledItem], list[tuple[str, str]]]:
    found = list(payloads_in(folder))
    problems = [(one.value, one.code) for one in found if isinstance(one, Problem)]
    return [one for one in found if isinstance(one, SpooledItem)], problems


COURSE = {"courseId": "c-1", "name": "x", "level": "bachelor"}
OFFERING = {"offeringId": "o-1", "name": "x"}


def test_objects_lists_and_envelopes_are_read_and_the_rest_is_named(tmp_path: Path) -> None:
    put(tmp_path, one=COURSE, list=[COURSE, OFFERING], envelope={"items": [COURSE, {"x": 1}, None]}, log={"http-messages": []},
        program=OFFERING, half=b'{"courseId": ', page=b"<html>", numbers=[1], empty=b"", none=[])
    (tmp_path / "README.txt").write_text("not looked at")
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    items, problems = found_in(tmp_path)
    assert [(item.resource, item.number, item.family and item.family.kind) for item in items] == [
        ("envelope.json", 1, "course"), ("list.json", 1, "course"), ("list.json", 2, "offering"), ("one.json", 1, "course"),
        ("program.json", 1, "offering"),
    ]
    assert problems == [
        ("empty.json", "empty-answer"), ("envelope.json", "family-unknown"), ("half.json", "half-answer"), ("log.json", "family-unknown"),
        ("numbers.json", "no-objects"), ("page.json", "html-instead-of-json"),
    ]


def test_an_offering_belongs_to_the_course_whose_folder_it_is_in(tmp_path: Path) -> None:
    put(tmp_path, courses__some=COURSE, courses__some__offerings={"items": [OFFERING, OFFERING | {"course": "own"}]},
        courses__other__offerings=[OFFERING], programs__broken=b"{", programs__broken__offerings=[OFFERING], things__x__offerings=[OFFERING],
        offerings=[OFFERING])
    items, _problems = found_in(tmp_path)
    assert [(item.resource, item.parent) for item in items if item.value["name"] == "x" and "offeringId" in item.value] == [
        ("courses/other/offerings.json", Parent(Kind.COURSE, "other")),
        ("courses/some/offerings.json", Parent(Kind.COURSE, "c-1")),
        ("courses/some/offerings.json", Parent(Kind.COURSE, "own")),
        ("offerings.json", None),
        ("programs/broken/offerings.json", Parent(Kind.PROGRAM, "broken")),
        ("things/x/offerings.json", None),
    ]


def test_a_file_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_LARGEST_PAYLOAD", 10)
    assert found_in(put(tmp_path, one=COURSE)) == ([], [("one.json", "too-large")])


def peak_of(folder: Path) -> int:
    tracemalloc.start()
    count = sum(1 for _ in payloads_in(folder))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50 * len(list(folder.iterdir()))
    return peak


def test_memory_is_flat_as_files_grow_in_number(tmp_path: Path) -> None:
    def filled(name: str, count: int) -> Path:
        return put(tmp_path / name, **{f"p{number}": [COURSE | {"description": "x" * 1000}] * 50 for number in range(count)})

    few = peak_of(filled("few", 4))
    assert peak_of(filled("many", 60)) < few * 1.5


@pytest.mark.slow
def test_the_real_payloads_are_recognised_and_exactly_the_strangers_named(real_data: Path) -> None:
    items, problems = found_in(real_data / "ooapi" / "eduhub-rio-mapper")
    assert Counter((item.family.kind, item.family.version) for item in items if item.family) == {
        (Kind.EDUCATION_SPECIFICATION, 5): 20, (Kind.PROGRAM, 5): 13, (Kind.COURSE, 5): 4, (Kind.OFFERING, 5): 28,
    }
    assert problems == [
        ("dev/fixtures/opleidingsrelatie0000-0000-0000-0000-000000000000.json", "family-unknown"),
        ("test-common/fixtures/http-messages-1.json", "family-unknown"),
        ("test-common/fixtures/ooapi/program-consumers.json", "family-unknown"),
    ]
    parents = {item.resource: item.parent for item in items if item.parent is not None}
    assert parents["test-common/fixtures/remote-entities/courses/some/offerings.json"] == Parent(Kind.COURSE, "{{courses/some}}")
    assert all(item.parent for item in items if item.family and item.family.kind is Kind.OFFERING)
