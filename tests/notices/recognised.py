"""Letters about recognition: what is written about an event, to whom, and that nothing that somebody typed stands in it."""

from typing import Any
from uuid import UUID

from sqlalchemy import update

from academy.accounts.api import Actor, OrganisationKind, Role, register_organisation
from academy.accounts.models import Person
from academy.accounts.rules import address_of_nobody
from academy.kernel.ids import new_id
from academy.kernel.outbox import Event
from academy.notices.gateway import Letter
from academy.notices.recognition_letters import LETTERS
from academy.recognition.events import FileMoved
from academy.recognition.facts import FileFacts
from academy.recognition.kinds import DecisionGround, FileState, Judgement, Who
from academy.recognition.models import FileStep, RecognitionFile
from academy.recognition.service.booking import About, Answered, book_decision
from tests.recognition.world import World

LURE = "Win €€€ op evil.example"
TYPED: dict[str, Any] = {"employer": LURE, "advice_reason": LURE}


def letters(world: World, event: Event, **moment: Any) -> dict[str, Letter]:
    """Return what is written about an event by the address of its reader, each of whom has one letter."""
    (write,) = [write for kind, write in LETTERS.values() if kind is type(event)]
    with world.database.reading() as session:
        written = list(write(session, event, moment.get("now", world.now)))
    for letter in written:
        assert LURE not in letter.subject + letter.text + letter.html, "nothing that somebody typed"
        assert letter.subject in letter.html
    assert len({letter.key for letter in written}) == len(written), "each is a letter of its own"
    by_reader = {letter.to: letter for letter in written}
    assert len(by_reader) == len(written)
    return by_reader


def only(world: World, event: Event, reader: Actor | str, **moment: Any) -> Letter:
    """Return the one letter that is written, to this reader."""
    found = letters(world, event, **moment)
    address = reader if isinstance(reader, str) else reader.email
    assert set(found) == {address}
    return found[address]


def step(world: World, file: FileFacts, who: Who, by: Actor | None, was: FileState | None = None) -> FileMoved:
    """Write that somebody took a file to where it is; returns the news."""
    with world.database.writing() as session:
        line = FileStep(id=new_id(), file_id=file.id, from_state=was, to_state=file.state, at=world.now, by_id=by.person_id if by else None, who=who, why=LURE)
        session.add(line)
    return FileMoved(file.id, line.id)


def decided(world: World, *, state: FileState = FileState.GRANTED) -> tuple[FileFacts, UUID]:
    """Let the board have granted a file; returns it in this state, and the decision."""
    file = world.file(FileState.EXEMPTION_REQUESTED, **TYPED)
    about = About(file.person_id, file.module_id, file.provider_id, DecisionGround.FILE, file_id=file.id)
    answers = [Answered(each.id, each.wording, each.worth, Judgement.YES, reason=LURE) for each in world.module.outcomes]
    decision_id: UUID = world.run(book_decision, about=about, answers=answers, signers=[world.board.person_id])
    change(world, RecognitionFile, file.id, state=state, decision_id=decision_id)
    return world.facts(file.id), decision_id


def change(world: World, table: type[Any], row_id: UUID, **values: Any) -> None:
    with world.database.writing() as session:
        session.execute(update(table).where(table.id == row_id).values(**values))


def reads_english(world: World, reader: Actor) -> None:
    change(world, Person, reader.person_id, language="en")


def leaves(world: World, reader: Actor) -> None:
    """Let somebody's account be erased: their address is nobody's."""
    change(world, Person, reader.person_id, email=address_of_nobody(reader.person_id))


def office(world: World) -> Actor:
    """Return somebody of the programme office."""
    with world.database.writing() as session:
        owner = register_organisation(session, slug="bureau", name="Bureau", kind=OrganisationKind.OFFICE)
    return world.person("Otto", Role.OFFICE, at=owner)
