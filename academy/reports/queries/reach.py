"""Who may come in: every page of reports that is not public asks here first."""

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import Actor
from academy.kernel.errors import NotFound
from academy.reports.policy import is_of_office


def require_office(session: Session, actor: Actor) -> None:
    """Let only the programme office pass. Raises NotFound. One statement."""
    if not is_of_office(accounts.memberships_of(session, actor.person_id)):
        raise NotFound
