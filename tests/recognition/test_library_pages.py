"""The library as pages: a photo, a PDF or a diploma added in one screen, used by ticking outcomes, seen by who may and written down before it is."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.kernel import uploads
from academy.kernel.db import Database
from academy.recognition.kinds import EvidenceKind, FileState
from academy.recognition.service import evidence as service
from tests.kernel import uploads as files
from tests.recognition.keeping import in_file, pieces, trail
from tests.recognition.reading import SignIn, fetched, send, sign_in_to, text
from tests.recognition.world import World, make_world

F = FileState
LIBRARY = "/nl/my/evidence"
Budget = Callable[[int], AbstractContextManager[list[str]]]


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_world(database, datetime.now(UTC))  # noqa: TID251 - requests read the real clock


@pytest.fixture
def sign_in(app: Flask, world: World) -> SignIn:
    return sign_in_to(app, world)


@pytest.fixture
def learner(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.learner)


def upload(content: bytes = files.PDF, name: str = "werk.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def work(**more: object) -> dict[str, object]:
    return {"title": "Netwerktekening", "text": "Ik tekende het zelf.", "file": upload()} | more


def on_disk() -> int:
    return len(list(uploads.folder()._folder.glob("*")))


def given(client: FlaskClient, address: str) -> tuple[str, bytes]:
    """Return how a file is given, and what is in it."""
    answer = client.get(address)
    assert answer.status_code == 200
    told = answer.headers["Content-Disposition"].partition(";")[0], answer.data
    answer.close()
    return told


def last(world: World) -> UUID:
    return pieces(world)[-1]


# Adding


def test_an_empty_library_says_where_to_begin(learner: FlaskClient) -> None:
    said = text(learner, LIBRARY)
    assert "Je hebt nog geen bewijzen" in said
    assert "Een diploma, certificaat of module van elders" in said


def test_the_form_opens_the_camera_of_a_phone_and_takes_files_too(learner: FlaskClient) -> None:
    page = learner.get(f"{LIBRARY}/new/work").get_data(as_text=True)
    assert 'accept="image/*" capture="environment"' in page.replace("\n", " ")
    assert ".pdf,.jpg,.jpeg,.png,.heic,.heif,.mp4,.m4v,.docx,.odt,.txt" in page
    assert 'enctype="multipart/form-data"' in page


@pytest.mark.parametrize("field", ["photo", "file"])
def test_a_photo_or_a_file_becomes_a_piece_in_one_screen(world: World, learner: FlaskClient, field: str) -> None:
    led = send(learner, f"{LIBRARY}/new/work", **({"title": "Foto van de kast", "text": ""} | {field: upload(files.jpeg(), "IMG_1.JPG")}))
    assert led == f"{LIBRARY}/{last(world)}"
    said = text(learner, led)
    assert "Foto van de kast" in said
    assert "Nog niemand, behalve jij." in said
    assert on_disk() == 1


def test_a_diploma_is_added_with_its_crebo_number_and_without_a_file(world: World, learner: FlaskClient) -> None:
    send(learner, f"{LIBRARY}/new/earlier", kind="diploma", title="Mbo ICT-beheer", source="CREBO", code="25606", earned_on="2019-07-01")
    said = text(learner, LIBRARY)
    assert "Mbo ICT-beheer" in said
    assert "CREBO · 25606 · 1 jul 2019" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert on_disk() == 0


@pytest.mark.parametrize("kind", ["module-elsewhere", "mooc", "company-course", "experience-certificate"])
def test_every_kind_of_earlier_learning_is_added_with_a_file(world: World, learner: FlaskClient, kind: str) -> None:
    send(learner, f"{LIBRARY}/new/earlier", kind=kind, title="Iets", source="Coursera", code="X-1", earned_on="2024-01-31", file=upload())
    with world.database.reading() as session:
        from academy.recognition.models import Evidence  # noqa: PLC0415 - to see what was kept

        row = session.get_one(Evidence, last(world))
        assert (row.kind.value, row.source, row.code, row.filename) == (kind, "Coursera", "X-1", "werk.pdf")


def test_a_link_is_added_and_opens_without_saying_where_one_came_from(world: World, learner: FlaskClient) -> None:
    led = send(learner, f"{LIBRARY}/new/link", title="Mijn project", url="https://voorbeeld.nl/project", text="De website.")
    page = learner.get(led).get_data(as_text=True)
    assert 'href="https://voorbeeld.nl/project" rel="external noopener noreferrer nofollow"' in page


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "data:text/html,x", "ftp://voorbeeld.nl", "https://", "//voorbeeld.nl", "https://ik:geheim@voorbeeld.nl", "http://[::1", "x",
])
def test_what_is_no_web_address_is_no_link(world: World, learner: FlaskClient, url: str) -> None:
    assert "Dit is geen link" in send(learner, f"{LIBRARY}/new/link", 422, title="Mijn project", url=url)
    assert pieces(world) == []


@pytest.mark.parametrize(("kind", "data", "said"), [
    ("work", {"title": "Iets"}, "Maak een foto of kies een bestand."),
    ("link", {"title": "", "url": "https://voorbeeld.nl"}, "Geef het een naam."),
    ("earlier", {"kind": "statement", "title": "x", "source": "x", "earned_on": "2020-01-01"}, "Wat heb je?"),
    ("earlier", {"kind": "local-test", "title": "x", "source": "x", "earned_on": "2020-01-01"}, "Wat heb je?"),
    ("earlier", {"kind": "diploma", "title": "x", "source": "x", "earned_on": "2099-01-01"}, "Deze dag moet nog komen."),
    ("earlier", {"kind": "diploma", "title": "x", "source": "", "earned_on": "2019-01-01"}, "Schrijf van wie je het kreeg."),
    ("earlier", {"kind": "diploma", "title": "x", "source": "x", "earned_on": ""}, "Vul in wanneer je het haalde."),
])
def test_what_is_missing_is_said_at_the_field_and_nothing_is_kept(world: World, learner: FlaskClient, kind: str, data: dict[str, object], said: str) -> None:
    assert said in send(learner, f"{LIBRARY}/new/{kind}", 422, **data)
    assert (pieces(world), on_disk()) == ([], 0)


@pytest.mark.parametrize(("content", "name", "status", "said"), [
    (files.PROGRAM, "cv.pdf", 422, "is geen goed PDF-bestand"), (files.HTML, "cv.pdf", 422, "webpagina"), (files.SVG, "tekening.svg", 422, "Dit soort bestand"),
    (files.PROGRAM, "cv.exe", 422, "Dit soort bestand"), (b"", "cv.pdf", 422, "leeg"), (files.bomb(), "cv.docx", 422, "is geen goed Word"),
    (files.PDF[:9] + b"x" * service.MOST_BYTES + files.PDF[9:], "cv.pdf", 413, "25 MB"),
])
def test_a_file_that_is_not_what_it_says_is_refused_in_a_sentence(
    world: World, learner: FlaskClient, content: bytes, name: str, status: int, said: str,
) -> None:
    assert said in send(learner, f"{LIBRARY}/new/work", status, **work(file=upload(content, name)))
    assert (pieces(world), on_disk()) == ([], 0)


class _Endless(io.RawIOBase):
    """Two gigabytes that are made while they are read; `given` says how many were."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given = head, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer)  # type: ignore[arg-type] # any buffer
        piece = self.head or b"x" * min(len(room), 2 * 1024**3 - self.given)
        piece, self.head = piece[: len(room)], self.head[len(room):]
        room[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)


@pytest.mark.parametrize("declared", [True, False])
def test_two_gigabytes_are_refused_before_they_are_read(world: World, learner: FlaskClient, *, declared: bool) -> None:
    sent = _Endless(b'--x\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n')
    length = {"CONTENT_LENGTH": str(2 * 1024**3)} if declared else {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    status, said = fetched(
        lambda: learner.post(f"{LIBRARY}/new/work", content_type="multipart/form-data; boundary=x", environ_overrides={"wsgi.input": sent, **length}),
    )
    assert (status, "te groot" in said) == (413, True)
    assert sent.given <= (1024**2 if declared else service.MOST_BYTES + 1024**2)
    assert (pieces(world), on_disk()) == ([], 0)


def test_the_same_file_again_leads_to_the_one_that_is_there(world: World, learner: FlaskClient) -> None:
    first = send(learner, f"{LIBRARY}/new/work", **work())
    again = send(learner, f"{LIBRARY}/new/work", **work(title="Iets anders", file=upload(name="kopie.pdf")))
    assert first == again
    assert "Je had dit al." in text(learner, again)
    assert (len(pieces(world)), on_disk()) == (1, 1)


def test_a_full_library_refuses_and_keeps_nothing_on_disk(world: World, learner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PIECES", 0)
    said = send(learner, f"{LIBRARY}/new/work", 409, **work())
    assert "Verwijder wat je niet meer nodig hebt" in said
    assert on_disk() == 0


def test_a_busy_database_is_tried_again_with_the_same_file(world: World, learner: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from academy.kernel.errors import DatabaseBusy  # noqa: PLC0415 - raised by a stand-in

    add, tries = service.add_evidence, []

    def busy_once(*args: object, **what: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise DatabaseBusy
        return add(*args, **what)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(service, "add_evidence", busy_once)
    send(learner, f"{LIBRARY}/new/work", **work())
    assert (len(tries), len(pieces(world)), on_disk()) == (2, 1, 1)


# In a file


def test_a_new_piece_is_added_and_used_in_one_screen(world: World, learner: FlaskClient) -> None:
    file = world.file(F.DRAFT, evidence=[])
    page = learner.get(f"{LIBRARY}/new/work?file={file.code}").get_data(as_text=True)
    assert "Je richt een netwerk in." in page
    led = send(learner, f"{LIBRARY}/new/work?file={file.code}", **work(outcomes=[str(each) for each in world.outcomes[:2]]))
    assert led == f"/nl/my/recognition/{file.code}/evidence"
    assert in_file(world, file.id) == {last(world): set(world.outcomes[:2])}
    assert "er is bewijs" in text(learner, led)
    send(learner, f"{LIBRARY}/new/work?file={file.code}", **work(outcomes=[str(world.outcomes[2])]))  # the same file again: for this too
    assert in_file(world, file.id) == {last(world): set(world.outcomes)}


def test_evidence_of_the_library_is_ticked_for_outcomes_and_taken_away(world: World, learner: FlaskClient) -> None:
    file, piece = world.file(F.PORTFOLIO_OPEN, evidence=[]), world.diploma()
    address = f"/nl/my/recognition/{file.code}/evidence"
    assert "Mbo-diploma" in text(learner, address)
    send(learner, address, evidence=str(piece), outcomes=[str(world.outcomes[0])])
    assert in_file(world, file.id) == {piece: {world.outcomes[0]}}
    send(learner, f"{address}/drop", evidence=str(piece))
    assert in_file(world, file.id) == {}
    for wrong in ({"evidence": "x"}, {"evidence": str(piece), "outcomes": ["x"]}, {"evidence": str(piece), "outcomes": [str(piece)]}, {}):
        send(learner, address, 404, **wrong)


def test_a_file_that_was_sent_shows_its_evidence_without_buttons(world: World, learner: FlaskClient) -> None:
    file = world.file(F.PORTFOLIO_SUBMITTED)
    said = text(learner, f"/nl/my/recognition/{file.code}/evidence")
    assert "Bewijs toevoegen of weghalen kan nu niet." in said
    assert "Haal weg" not in said
    text(learner, f"/nl/my/recognition/{file.code}/evidence", 200)


def test_pages_of_the_library_ask_the_database_little_however_much_there_is(world: World, learner: FlaskClient, queries: Budget) -> None:
    used = [world.diploma(str(number)) for number in range(30)]
    file = world.file(F.PORTFOLIO_OPEN, evidence=used)
    with queries(8):
        text(learner, LIBRARY)
    with queries(11):
        text(learner, f"/nl/my/recognition/{file.code}/evidence")
    with queries(9):
        text(learner, f"{LIBRARY}/{used[0]}")
    with queries(10):
        text(learner, f"/nl/my/recognition/{file.code}/sharing")


# One piece


def test_a_piece_is_described_anew_kept_and_removed(world: World, learner: FlaskClient) -> None:
    address = send(learner, f"{LIBRARY}/new/work", **work())
    assert 'value="Netwerktekening"' in learner.get(f"{address}/edit").get_data(as_text=True)
    send(learner, f"{address}/edit", title="Tekening van het netwerk", text="")
    assert "Tekening van het netwerk" in text(learner, address)
    send(learner, f"{address}/keep", keep="y")
    assert "blijft bewaard" in text(learner, LIBRARY)
    send(learner, f"{address}/remove")
    text(learner, address, 404)


def test_evidence_of_a_sent_file_can_not_be_removed_and_the_page_says_why(world: World, learner: FlaskClient) -> None:
    piece = world.evidence()
    world.file(F.PORTFOLIO_SUBMITTED, evidence=[piece])
    assert "Verwijderen kan nu niet" in text(learner, f"{LIBRARY}/{piece}")
    assert "Wacht tot er is besloten" in send(learner, f"{LIBRARY}/{piece}/remove", 409)


def test_a_statement_is_not_edited(world: World, learner: FlaskClient) -> None:
    piece = world.evidence(EvidenceKind.STATEMENT, url="", text="Zij kan het.")
    assert "Beschrijf het opnieuw" not in text(learner, f"{LIBRARY}/{piece}")
    text(learner, f"{LIBRARY}/{piece}/edit", 404)


# Who sees it


def test_a_file_is_shown_or_downloaded_and_that_is_written_down_before(world: World, learner: FlaskClient, sign_in: SignIn) -> None:
    send(learner, f"{LIBRARY}/new/work", **work())
    piece, assessor = last(world), sign_in(world.assessor)
    file = world.file(F.PORTFOLIO_SUBMITTED, evidence=[piece])
    address = f"/nl/recognition/evidence/{piece}/file"
    assert assessor.get(address).status_code == 404
    send(learner, f"/nl/my/recognition/{file.code}/sharing", assessor=str(world.assessor.person_id))
    assert given(assessor, address) == ("inline", files.PDF)
    assert given(assessor, address) == ("inline", files.PDF)
    assert given(assessor, f"{address}?download=1") == ("attachment", files.PDF)
    assert [line.act for line in trail(world, "evidence-seen", "evidence-downloaded")] == ["evidence-seen", "evidence-downloaded"]
    assert given(learner, address) == ("inline", files.PDF)
    said = text(learner, f"{LIBRARY}/{piece}")
    assert "Aad Assessor, Windesheim in Almere gedownload" in said
    assert "bekeken" in said
    send(learner, f"/nl/my/recognition/{file.code}/sharing/back", assessor=str(world.assessor.person_id))
    assert assessor.get(address).status_code == 404
    assert "zag je bewijs van" in text(learner, f"/nl/my/recognition/{file.code}/sharing")


def test_of_an_exam_board_the_log_names_the_provider_not_the_person(world: World, learner: FlaskClient, sign_in: SignIn) -> None:
    send(learner, f"{LIBRARY}/new/work", **work())
    piece = last(world)
    world.file(F.EXEMPTION_REQUESTED, evidence=[piece])
    assert given(sign_in(world.board), f"/nl/recognition/evidence/{piece}/file") == ("inline", files.PDF)
    said = text(learner, f"{LIBRARY}/{piece}")
    assert "Windesheim in Almere bekeken" in said
    assert "Bea Bestuur" not in said


def test_a_look_that_can_not_be_written_down_shows_nothing(world: World, learner: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from academy.kernel.errors import StorageUnavailable  # noqa: PLC0415 - raised by a stand-in

    send(learner, f"{LIBRARY}/new/work", **work())
    world.file(F.EXEMPTION_REQUESTED, evidence=[last(world)])

    def refuse(*_args: object, **_what: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr(service, "record", refuse)
    answer = sign_in(world.board).get(f"/nl/recognition/evidence/{last(world)}/file")
    assert answer.status_code == 503
    assert files.PDF not in answer.data


def test_what_is_somebody_elses_is_not_there(world: World, learner: FlaskClient, sign_in: SignIn) -> None:
    send(learner, f"{LIBRARY}/new/work", **work())
    piece, file, stranger = last(world), world.file(F.PORTFOLIO_OPEN), sign_in(world.stranger)
    for address in (
        f"{LIBRARY}/{piece}", f"{LIBRARY}/{piece}/edit", f"/nl/recognition/evidence/{piece}/file", f"/nl/my/recognition/{file.code}/evidence",
        f"/nl/my/recognition/{file.code}/sharing", f"{LIBRARY}/new/work?file={file.code}", f"{LIBRARY}/new/anything", f"{LIBRARY}/x",
    ):
        text(stranger, address, 404)
    for address in (f"{LIBRARY}/{piece}/remove", f"{LIBRARY}/{piece}/keep", f"/nl/my/recognition/{file.code}/sharing"):
        send(stranger, address, 404, assessor=str(world.assessor.person_id))
    assert pieces(world)


def test_evidence_without_a_file_has_no_file_to_give(world: World, learner: FlaskClient) -> None:
    text(learner, f"/nl/recognition/evidence/{world.diploma()}/file", 404)


def test_the_pages_are_in_english_too(world: World, learner: FlaskClient) -> None:
    file = world.file(F.PORTFOLIO_OPEN, evidence=[world.diploma()])
    for address in ("my/evidence", "my/evidence/new/work", "my/evidence/new/earlier", "my/evidence/new/link", f"my/recognition/{file.code}/evidence"):
        assert learner.get(f"/en/{address}").status_code == 200
