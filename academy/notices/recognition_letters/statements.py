"""Letters about statements: to who is asked what a learner does at work, and to the learner that there is an answer."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_saying
from academy.notices.recognition_letters.shared import file_facts, last_day, title_of, to_one
from academy.recognition import api as recognition


def asked(session: Session, event: recognition.StatementAsked, now: datetime) -> list[Letter]:
    """Ask somebody at work, who signs in nowhere; none once it is answered, too late, or of no use any more."""
    told = recognition.statement_told(session, event.statement_id)
    if told is None or not told.asked.is_open(now) or not told.asked.email or told.told.file.state not in recognition.BEFORE_DECISION:
        return []
    learner = accounts.person(session, told.told.file.person_id)
    if accounts.is_nobody(learner.email):
        return []
    with writing_for(language_of(told.asked.language)):
        # No names: a stranger typed them. The masked address is that of a proven account.
        said = Said(
            _("Wil je iets zeggen over iemand die bij je werkt?"),
            (
                _("%(email)s wil erkenning voor kennis en ervaring van het werk. Daarvoor is een verklaring van het werk nodig.", email=accounts.masked(learner.email)),
                _("Klik op de knop. Je leest om wie het gaat, en zegt per onderdeel of je het hebt gezien. Je hoeft niet in te loggen."),
            ),
            ((_("Waarvoor"), title_of(told.told.module)), (_("Aanbieder"), told.told.module.provider_name), (_("Antwoord uiterlijk"), last_day(told.asked.until))),
            (_("Geef antwoord"), url_for("recognition_statements.answer", token=recognition.statement_token_for(told.asked.id), _external=True)),
            (_("Ken je deze persoon niet, of wil je niets zeggen? Dan hoef je niets te doen. Na die tijd wissen we je e-mailadres."),),
        )
        return [letter_saying(said, "statement-asked", told.asked.id.hex, told.asked.email, told.asked.language)]


def answered(session: Session, event: recognition.StatementAnswered, _now: datetime) -> list[Letter]:
    """Tell the learner that somebody at work answered, or does not want to; what they said stands on the page only."""
    told = recognition.statement_told(session, event.statement_id)
    if told is None or (told.asked.answered_at is None and told.asked.declined_at is None):
        return []
    file, is_answered = told.told, told.asked.answered_at is not None

    def say() -> Said:
        title, link = title_of(file.module), url_for("recognition_library.for_file", code=file.file.code, _external=True)
        if not is_answered:
            return Said(
                _("Er komt geen verklaring: %(title)s", title=title),
                (_("Iemand aan wie je een verklaring vroeg, wil die niet geven."), _("Vraag het aan iemand anders, of voeg ander bewijs toe.")),
                file_facts(file), (_("Bekijk je bewijs"), link),
            )
        return Said(
            _("Er is een verklaring: %(title)s", title=title), (_("Iemand op je werk heeft geantwoord. De verklaring staat bij je bewijs."),), file_facts(file),
            (_("Lees de verklaring"), link),
        )
    return to_one(session, file.file.person_id, "statement-answered", told.asked.id.hex, say)
