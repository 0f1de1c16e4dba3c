"""What learners say of themselves for admission."""

from datetime import datetime

from sqlalchemy.orm import Session

from academy.accounts.api import Actor
from academy.catalogue import api as catalogue
from academy.enrolment import queries
from academy.enrolment.models import EntryClaim
from academy.enrolment.queries import AdmissionFacts
from academy.kernel.db import insert_for


def claim_level(session: Session, *, actor: Actor, level: str, offering_code: str, now: datetime) -> AdmissionFacts:
    """Keep the level (NLQF) of the highest diploma that the actor says to have, in the place of the former one; returns what follows here.

    Nobody checks it: the provider may ask to see the diploma. Raises OfferingNotFound.
    """
    values = {"nlqf": level, "claimed_at": now}
    session.execute(
        insert_for(session, EntryClaim).values(person_id=actor.person_id, diploma="", **values)
        .on_conflict_do_update(index_elements=[EntryClaim.person_id], set_=values),
    )
    return queries.admission_of(session, actor.person_id, catalogue.offering_for_enrolment(session, offering_code))
