"""A report is what it was: no program changes it or takes it away, on either database; and its digest is that of all that it says."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from academy.kernel.db import Base
from academy.recognition.kinds import FileState, Judgement
from academy.recognition.models import Report, ReportAnswer, ReportEvidence
from academy.recognition.queries.portfolio import report_of
from academy.recognition.rules.sealing import digest_of_answers
from academy.recognition.service import judging
from tests.recognition.test_judging import answers_of, do
from tests.recognition.world import NO, PARTLY, YES, World

F = FileState


def issued(world: World) -> UUID:
    file = world.file(F.SECOND_DONE)
    do(world, judging.issue_report, file, answers=answers_of(world, file, YES, PARTLY, NO))
    return file.id


@pytest.mark.parametrize("table", [Report, ReportAnswer, ReportEvidence])
@pytest.mark.parametrize("act", ["change", "remove"])
def test_the_database_refuses_to_change_or_remove_what_a_report_says(world: World, table: type[Base], act: str) -> None:
    file_id = issued(world)
    change: dict[str, dict[str, Any]] = {"Report": {"number": "ANDERS"}, "ReportAnswer": {"judgement": Judgement.YES}, "ReportEvidence": {"title": "Anders"}}
    statement = update(table).values(**change[table.__name__]) if act == "change" else delete(table)
    with pytest.raises(DBAPIError, match="only added to"), world.database.writing() as session:
        session.execute(statement.execution_options(synchronize_session=False))
    with world.database.reading() as session:
        report = report_of(session, file_id)
        assert report is not None
        assert {each.judgement for each in report.answers} == {YES, PARTLY, NO}


def test_what_is_read_back_has_the_digest_that_was_written(world: World) -> None:
    file_id = issued(world)
    with world.database.reading() as session:
        report = report_of(session, file_id)
        assert report is not None
        assert report.digest == digest_of_answers(file_id, report.answers)


def test_control_without_the_trigger_a_report_could_be_changed(world: World) -> None:
    """The triggers are what stops it: in a transaction that is undone they are taken away."""
    issued(world)
    with world.database.writing() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER recognition_report_no_update"))
        else:
            session.execute(text("DROP TRIGGER recognition_report_stays ON recognition_report"))
        session.execute(update(Report).values(number="ANDERS").execution_options(synchronize_session=False))
        assert session.scalars(select(Report.number)).one() == "ANDERS"
        session.rollback()
    with world.database.reading() as session:
        assert session.scalars(select(Report.number)).one() != "ANDERS"
