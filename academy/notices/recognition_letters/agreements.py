"""Letters about agreements on a module elsewhere: to the exam board at home, to who gives the module, and to the learner.

A school elsewhere is not on the platform: it reads letters at the address that the learner gave, in the language that they chose, and signs by the link.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Role
from academy.kernel.translation import _
from academy.kernel.web import writing_for
from academy.notices.gateway import Letter
from academy.notices.message import Said, language_of, letter_saying
from academy.notices.recognition_letters.shared import Fact, Link, colleagues, last_day, title_of, to_all, to_one
from academy.recognition import api as recognition
from academy.recognition.api import AgreementState, AgreementTold

_S: Final = AgreementState


def asked(session: Session, event: recognition.AgreementAsked, now: datetime) -> list[Letter]:
    """Ask for the two signatures that are missing: of the exam board at home, and of who gives the module; none of those that are there."""
    told = recognition.agreement_told(session, event.agreement_id)
    if told is None or not told.agreement.can_sign(now):
        return []
    return [*(_to_home(session, told) if told.agreement.home_signed_at is None else []), *(_to_host(session, told) if told.agreement.host_signed_at is None else [])]


def _to_home(session: Session, told: AgreementTold) -> list[Letter]:
    def say() -> Said:
        return Said(
            _("Iemand wil een vak van elders laten tellen: %(title)s", title=title_of(told.home)),
            (
                _("Een cursist wil een vak bij een andere aanbieder volgen, en vraagt of dat bij jullie meetelt."),
                _("Teken of weiger, uiterlijk op %(day)s.", day=last_day(told.agreement.until)),
            ),
            _facts(told), _at_desk(told, told.home.provider_slug),
        )
    board = colleagues(session, told.home.provider_id, Role.EXAM_BOARD, but={told.agreement.person_id})
    return to_all(board, "agreement-asked-home", told.agreement.id.hex, say)


def _to_host(session: Session, told: AgreementTold) -> list[Letter]:
    """Ask who gives the module: here in their workspace, elsewhere by the link."""
    host, until = told.host, last_day(told.agreement.until)
    if host is None:
        return _to_school_elsewhere(session, told, "agreement-asked-elsewhere", lambda email: Said(
            _("Een student vraagt je handtekening"),
            (
                _("%(email)s wil een vak bij jullie volgen, en dat laten meetellen bij %(provider)s.", email=email, provider=told.home.provider_name),
                _("Klik op de knop, lees wat er is afgesproken, en teken of weiger. Je hoeft niet in te loggen."),
            ),
            (_counts_for(told), (_("Antwoord uiterlijk"), until)), _by_link(told, _("Lees en teken")), (_("Ken je deze student niet? Dan hoef je niets te doen."),),
        ))

    def say() -> Said:
        return Said(
            _("Iemand wil jullie vak laten meetellen: %(title)s", title=title_of(host)),
            (
                _("Een cursist wil jullie vak volgen, en dat laten meetellen bij %(provider)s.", provider=told.home.provider_name),
                _("Teken of weiger, uiterlijk op %(day)s.", day=until),
            ),
            _facts(told), _at_desk(told, host.provider_slug),
        )
    signers = colleagues(session, host.provider_id, *recognition.SIGN_AS_HOST, but={told.agreement.person_id})
    return to_all(signers, "agreement-asked-host", told.agreement.id.hex, say)


def changed(session: Session, event: recognition.AgreementChanged, _now: datetime) -> list[Letter]:
    """Tell who is concerned how an agreement stands; of one that counts the decision tells."""
    told = recognition.agreement_told(session, event.agreement_id)
    write = None if told is None else _WRITES.get(told.agreement.state)
    return [] if told is None or write is None else write(session, told)


def _one_signed(session: Session, told: AgreementTold) -> list[Letter]:
    by_home = told.agreement.home_signed_at is not None
    if not by_home and told.agreement.host_signed_at is None:
        return []
    return _to_learner(session, told, lambda: Said(
        _("Er is getekend: %(title)s", title=title_of(told.home)),
        (
            _("De examencommissie heeft getekend.") if by_home else _("De aanbieder van het vak heeft getekend."),
            _("Er moet nog één handtekening komen, uiterlijk op %(day)s.", day=last_day(told.agreement.until)),
        ),
        _facts(told), _mine(told),
    ))


def _all_signed(session: Session, told: AgreementTold) -> list[Letter]:
    """Tell the learner that it counts, and give a school elsewhere the way to report the result."""
    until = last_day(told.agreement.until)
    learner = _to_learner(session, told, lambda: Said(
        _("Je afspraak is rond: %(title)s", title=title_of(told.home)),
        (
            _("Iedereen heeft getekend. Haal je het vak, dan telt het mee. Je hoeft niets meer te vragen."),
            _("Het resultaat moet er uiterlijk op %(day)s zijn.", day=until),
        ),
        _facts(told), _mine(told),
    ))
    school = [] if told.host is not None else _to_school_elsewhere(session, told, "agreement-signed-elsewhere", lambda email: Said(
        _("Meld straks of je student het haalde"),
        (
            _("De afspraak met %(email)s is door iedereen getekend.", email=email),
            _("Bewaar deze e-mail. Is het resultaat bekend? Klik dan op de knop en meld het, uiterlijk op %(day)s.", day=until),
        ),
        (_counts_for(told),), _by_link(told, _("Meld het resultaat")),
    ))
    return [*learner, *school]


def _refused(session: Session, told: AgreementTold) -> list[Letter]:
    return _to_learner(session, told, lambda: Said(
        _("Je vak elders telt niet vanzelf mee: %(title)s", title=title_of(told.home)),
        (_("Een van de partijen tekent niet. Lees waarom."), _("Volg je het vak toch? Dan telt het niet vanzelf mee. Je kunt wel erkenning vragen.")),
        _facts(told), _mine(told),
    ))


def _not_passed(session: Session, told: AgreementTold) -> list[Letter]:
    return _to_learner(session, told, lambda: Said(
        _("Er is een resultaat: %(title)s", title=title_of(told.home)), (_("Het resultaat van je vak elders is bekend. Lees wat het betekent."),), _facts(told),
        _mine(told),
    ))


def _ended(session: Session, told: AgreementTold) -> list[Letter]:
    """Tell who signed or could have; its learner too, where time ran out."""
    def say() -> Said:
        return Said(
            _("Een afspraak is gestopt: %(title)s", title=title_of(told.home)), (_("Een afspraak over een vak elders is gestopt. Jullie hoeven niets te doen."),),
            _facts(told),
        )

    learner = _to_learner(session, told, lambda: Said(
        _("Je afspraak is verlopen: %(title)s", title=title_of(told.home)),
        (_("De afspraak was niet op tijd rond, of er kwam geen resultaat. Die telt niet meer."), _("Wil je het nog? Vraag het dan opnieuw.")), _facts(told), _mine(told),
    )) if told.agreement.was_too_late else []
    but = {told.agreement.person_id}
    board = colleagues(session, told.home.provider_id, Role.EXAM_BOARD, but=but)
    hosts = [] if told.host is None else colleagues(session, told.host.provider_id, *recognition.SIGN_AS_HOST, but=but)
    school = [] if told.host is not None else _to_school_elsewhere(session, told, "agreement-ended-elsewhere", lambda email: Said(
        _("Een afspraak is gestopt"), (_("De afspraak met %(email)s is gestopt. Je hoeft niets te doen.", email=email),), (_counts_for(told),),
    ))
    parties = {each.id: each for each in (*board, *hosts)}.values()
    return [*learner, *to_all(parties, "agreement-ended", told.agreement.id.hex, say), *school]


_WRITES: Final[dict[AgreementState, Callable[[Session, AgreementTold], list[Letter]]]] = {
    _S.ASKED: _one_signed, _S.SIGNED: _all_signed, _S.REFUSED: _refused, _S.NOT_PASSED: _not_passed, _S.ENDED: _ended,
}


def _to_learner(session: Session, told: AgreementTold, say: Callable[[], Said]) -> list[Letter]:
    return to_one(session, told.agreement.person_id, f"agreement-{told.agreement.state}", told.agreement.id.hex, say)


def _to_school_elsewhere(session: Session, told: AgreementTold, kind: str, say: Callable[[str], Said]) -> list[Letter]:
    """Return the letter to a school that is not here; `say` gets the masked address of the learner, for names and schools were typed by a stranger."""
    learner = accounts.person(session, told.agreement.person_id)
    if not told.host_email or accounts.is_nobody(learner.email):
        return []
    with writing_for(language_of(told.agreement.language)):
        return [letter_saying(say(accounts.masked(learner.email)), kind, told.agreement.id.hex, told.host_email, told.agreement.language)]


def _facts(told: AgreementTold) -> tuple[Fact, ...]:
    """Return what an agreement is about; a school elsewhere is in nobody's letter, for a stranger typed its name."""
    return (
        (_("Nummer van de afspraak"), told.agreement.code), _counts_for(told),
        (_("Vak elders"), title_of(told.host) if told.host else _("Bij een school buiten AD Academy")), (_("Aanbieder"), told.host.provider_name if told.host else ""),
    )


def _counts_for(told: AgreementTold) -> Fact:
    return _("Telt mee voor"), title_of(told.home)


def _mine(told: AgreementTold) -> Link:
    return _("Bekijk je afspraak"), url_for("recognition_agreements.mine", code=told.agreement.code, _external=True)


def _at_desk(told: AgreementTold, provider: str) -> Link:
    return _("Bekijk de afspraak"), url_for("recognition_agreements.at_desk", provider=provider, code=told.agreement.code, _external=True)


def _by_link(told: AgreementTold, label: str) -> Link:
    return label, url_for("recognition_agreements.by_link", token=recognition.agreement_token_for(told.agreement.id), _external=True)
