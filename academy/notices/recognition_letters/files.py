"""Letters about the steps of a file: to whose turn it is, and to its learner. A file that went further since gets the letter of that step only."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.translation import _
from academy.notices.gateway import Letter
from academy.notices.message import Said
from academy.notices.recognition_letters.shared import (
    board_link,
    colleagues,
    desk_link,
    file_facts,
    file_link,
    last_day,
    look_facts,
    slot_link,
    title_of,
    to_all,
    to_one,
)
from academy.recognition import api as recognition
from academy.recognition.api import FileState, FileTold, Route, StepTold, Who

_F: Final = FileState
_Say = Callable[[], Said]


def moved(session: Session, event: recognition.FileMoved, _now: datetime) -> list[Letter]:
    """Tell who is concerned of the last step of a file; none of a lapse that was contested, for its learner did that."""
    step = recognition.step_told(session, event.step_id)
    if step is None or not step.is_last or step.was is _F.LAPSED or step.told.file.state is not step.becomes:
        return []
    write = _WRITES.get(step.becomes)
    return [] if write is None else write(session, step)


def _to_learner(session: Session, step: StepTold, kind: str, say: _Say) -> list[Letter]:
    return to_one(session, step.told.file.person_id, kind, _about(step), say)


def _about(step: StepTold) -> str:
    return f"{step.told.file.id.hex}-{step.at:%Y%m%d%H%M%S%f}"


def _due(told: FileTold) -> str:
    return last_day(recognition.due(told.file.state, told.file.since))


def _intake_asked(session: Session, step: StepTold) -> list[Letter]:
    """Tell their guide, or who could be."""
    told = step.told

    def say() -> Said:
        return Said(
            _("Iemand vraagt een begeleider: %(title)s", title=title_of(told.module)),
            (
                _("Iemand wil erkenning en vraagt om een intake."),
                _("Neem de aanvraag op je en geef je advies, uiterlijk op %(day)s.", day=_due(told)),
            ),
            file_facts(told), desk_link(told),
        )
    file = told.file
    guides = colleagues(session, file.provider_id, Role.ASSESSOR, but={file.person_id})
    mine = [each for each in guides if each.id == file.guide_id]
    return to_all(mine or guides, "intake-asked", _about(step), say)


def _advised(session: Session, step: StepTold) -> list[Letter]:
    told = step.told
    signed = told.file.learner_signed_at is not None

    def say() -> Said:
        next_steps = (
            (_("Je hebt de overeenkomst al getekend. Tekent je begeleider ook, dan gaat je aanvraag verder."),) if signed
            else (_("Wil je verder? Teken dan de overeenkomst. Jij beslist, ook als het advies anders is."),)
        )
        return Said(
            _("Je begeleider heeft advies gegeven: %(title)s", title=title_of(told.module)),
            (_("Je begeleider heeft je aanvraag bekeken. Lees het advies."), *next_steps), file_facts(told), file_link(told, _("Lees het advies")),
        )
    return _to_learner(session, step, "file-advised", say)


def _portfolio_open(session: Session, step: StepTold) -> list[Letter]:
    """Say it where the guide signed last; a learner who did knows it."""
    told = step.told
    if step.who is Who.LEARNER:
        return []

    def say() -> Said:
        return Said(
            _("Verstuur je portfolio: %(title)s", title=title_of(told.module)),
            (_("De overeenkomst is getekend, door jou en door je begeleider."), _("Voeg je bewijs toe en verstuur je portfolio.")), file_facts(told), file_link(told),
        )
    return _to_learner(session, step, "portfolio-open", say)


def _sent(session: Session, step: StepTold) -> list[Letter]:
    """Tell the assessors that a portfolio waits, and its learner that it was sent; where an assessor stood back, only the others."""
    told, file = step.told, step.told.file

    def to_assessors() -> Said:
        return Said(
            _("Er wacht een portfolio: %(title)s", title=title_of(told.module)),
            (_("Een cursist heeft een portfolio verstuurd. Neem de beoordeling op je, uiterlijk op %(day)s.", day=_due(told)),), file_facts(told), desk_link(told),
        )

    def receipt() -> Said:
        return Said(
            _("Je portfolio is verstuurd: %(title)s", title=title_of(told.module)),
            (
                _("Een assessor neemt je portfolio op zich, uiterlijk op %(day)s. Je krijgt dan een e-mail.", day=_due(told)),
                _("Van versturen tot besluit duurt het hooguit 30 dagen, als je de tweede afspraak snel kiest."),
            ),
            file_facts(told), file_link(told),
        )
    assessors = to_all(
        colleagues(session, file.provider_id, Role.ASSESSOR, but={file.person_id, file.guide_id, step.by_id}), "portfolio-sent", _about(step), to_assessors,
    )
    return [*assessors, *(_to_learner(session, step, "portfolio-receipt", receipt) if step.who is Who.LEARNER else [])]


def _more_asked(session: Session, step: StepTold) -> list[Letter]:
    told = step.told

    def say() -> Said:
        return Said(
            _("Vul je portfolio aan: %(title)s", title=title_of(told.module)),
            (_("De assessor mist nog iets in je portfolio. Bij je aanvraag staat wat, en bij welke leeruitkomst."), _("Vul het aan en verstuur het opnieuw.")),
            file_facts(told), file_link(told, _("Bekijk wat er mist")),
        )
    return _to_learner(session, step, "portfolio-incomplete", say)


def _taken_up(session: Session, step: StepTold) -> list[Letter]:
    told = step.told
    assessor = accounts.people(session, [step.by_id]).get(step.by_id) if step.by_id else None

    def say() -> Said:
        return Said(
            _("Een assessor bekijkt je portfolio: %(title)s", title=title_of(told.module)),
            (_("Een assessor beoordeelt nu je portfolio, uiterlijk op %(day)s.", day=_due(told)),),
            (*file_facts(told), (_("Assessor"), assessor.name if assessor else "")), file_link(told),
        )
    return _to_learner(session, step, "portfolio-taken-up", say)


def _assessed(session: Session, step: StepTold) -> list[Letter]:
    """Ask for a moment; of an appointment that was called off another letter tells."""
    told = step.told
    if step.was is _F.SECOND_PLANNED:
        return []

    def say() -> Said:
        return Said(
            _("Kies een moment: %(title)s", title=title_of(told.module)),
            (
                _("Je portfolio is beoordeeld. Er is nog een tweede kijk nodig: een interview, een bezoek aan je werk of een toets."),
                _("Kies een moment dat jou past."),
            ),
            file_facts(told), slot_link(told, _("Kies een moment")),
        )
    return _to_learner(session, step, "portfolio-judged", say)


def _second_planned(session: Session, step: StepTold) -> list[Letter]:
    """Remind of an appointment that was made before; of a new one another letter tells."""
    told, look = step.told, recognition.next_look(session, step.told.file.id)
    if look is None or look.begun_at == step.at or step.who is Who.LEARNER:
        return []

    def say() -> Said:
        return Said(
            _("Je portfolio is beoordeeld: %(title)s", title=title_of(told.module)),
            (_("Je portfolio is beoordeeld. Je afspraak blijft staan."),), (*file_facts(told), *look_facts(look)), file_link(told),
        )
    return _to_learner(session, step, "portfolio-judged", say)


def _report_issued(session: Session, step: StepTold) -> list[Letter]:
    told = step.told

    def say() -> Said:
        if told.file.route is Route.LABOUR_MARKET:
            return Said(
                _("Je ervaringscertificaat is klaar: %(title)s", title=title_of(told.module)),
                (_("De assessoren hebben opgeschreven wat je kunt. Je certificaat staat klaar."), _("Laat het zien aan een werkgever of een school.")),
                file_facts(told), file_link(told, _("Bekijk je certificaat")),
            )
        return Said(
            _("Je rapport is klaar: %(title)s", title=title_of(told.module)),
            (
                _("De assessoren hebben per leeruitkomst opgeschreven wat ze zagen."),
                _("Lees het rapport. Vraag daarna de examencommissie om een besluit. Dat gaat niet vanzelf."),
            ),
            file_facts(told), file_link(told, _("Lees het rapport")),
        )
    return _to_learner(session, step, "report-issued", say)


def _to_board(session: Session, step: StepTold, kind: str, say: _Say) -> list[Letter]:
    file = step.told.file
    return to_all(colleagues(session, file.provider_id, Role.EXAM_BOARD, but={file.person_id}), kind, _about(step), say)


def _requested(session: Session, step: StepTold) -> list[Letter]:
    told = step.told
    return _to_board(session, step, "exemption-requested", lambda: Said(
        _("Er wacht een verzoek om erkenning: %(title)s", title=title_of(told.module)),
        (_("Een cursist vraagt om een besluit. Beslis uiterlijk op %(day)s.", day=_due(told)),), file_facts(told), board_link(told),
    ))


def _appealed(session: Session, step: StepTold) -> list[Letter]:
    told = step.told
    return _to_board(session, step, "file-appealed", lambda: Said(
        _("Er is bezwaar gemaakt: %(title)s", title=title_of(told.module)),
        (_("Een cursist is het niet eens met jullie besluit. Antwoord uiterlijk op %(day)s.", day=_due(told)), _("Wie het besluit tekende, beslist nu niet mee.")),
        file_facts(told), board_link(told),
    ))


def _confirmed(session: Session, step: StepTold) -> list[Letter]:
    """Tell the learner that their appeal was answered, or the board that it was taken back."""
    told = step.told
    if step.who is Who.LEARNER:
        return _to_board(session, step, "appeal-taken-back", lambda: Said(
            _("Het bezwaar is ingetrokken: %(title)s", title=title_of(told.module)), (_("Het besluit blijft gelden. Jullie hoeven niets te doen."),), file_facts(told),
            board_link(told),
        ))
    return _to_learner(session, step, "appeal-answered", lambda: Said(
        _("Er is een antwoord op je bezwaar: %(title)s", title=title_of(told.module)), (_("De examencommissie heeft op je bezwaar geantwoord. Lees het antwoord."),),
        file_facts(told), file_link(told, _("Lees het antwoord")),
    ))


def _withdrawn(session: Session, step: StepTold) -> list[Letter]:
    """Tell who worked on it: the guide, the assessors, and the board that it waited for."""
    told, file = step.told, step.told.file
    worked = {*recognition.assessors_in(session, file.id, at=step.at), file.guide_id} - {file.person_id}
    board = {each.id for each in colleagues(session, file.provider_id, Role.EXAM_BOARD)} if step.was is _F.EXEMPTION_REQUESTED else set()

    def say() -> Said:
        return Said(
            _("De aanvraag is ingetrokken: %(title)s", title=title_of(told.module)),
            (_("De cursist heeft de aanvraag ingetrokken. Je hoeft niets meer te doen. Was er een afspraak? Die gaat niet door."),), file_facts(told),
        )
    people = sorted(each for each in worked | board if each is not None)
    return [letter for each in people for letter in to_one(session, each, "file-withdrawn", _about(step), say)]


def _lapsed(session: Session, step: StepTold) -> list[Letter]:
    told = step.told

    def say() -> Said:
        return Said(
            _("Je aanvraag is gestopt: %(title)s", title=title_of(told.module)),
            (
                _("Er gebeurde lang niets. Daarom is je aanvraag gestopt."),
                _("Wil je toch verder? Zeg dat uiterlijk op %(day)s. Je gaat dan verder waar je was.", day=last_day(recognition.contest_until(step.at))),
                _("Doe je niets? Dan wissen we na die dag het bewijs dat je alleen hier gebruikte."),
            ),
            file_facts(told), file_link(told, _("Ga verder met je aanvraag")),
        )
    return _to_learner(session, step, "file-lapsed", say)


# A decision has letters of its own, and what is archived was told before.
_WRITES: Final[dict[FileState, Callable[[Session, StepTold], list[Letter]]]] = {
    _F.INTAKE_PLANNED: _intake_asked, _F.INTAKE_DONE: _advised, _F.PORTFOLIO_OPEN: _portfolio_open, _F.PORTFOLIO_SUBMITTED: _sent, _F.PORTFOLIO_INCOMPLETE: _more_asked,
    _F.ASSESSMENT_PLANNED: _taken_up, _F.ASSESSED: _assessed, _F.SECOND_PLANNED: _second_planned, _F.REPORT_ISSUED: _report_issued, _F.EXEMPTION_REQUESTED: _requested,
    _F.APPEALED: _appealed, _F.CONFIRMED: _confirmed, _F.WITHDRAWN: _withdrawn, _F.LAPSED: _lapsed,
}
