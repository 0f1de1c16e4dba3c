"""The people of the demo: one account per role. They exist on a demo installation only, so their password is no secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from academy.accounts import api as accounts
from academy.accounts.api import OrganisationKind, Role

DEMO_PASSWORD: Final = "demo-academy-2026"  # noqa: S105 - no secret: it stands in the README


@dataclass(frozen=True)
class DemoOrganisation:
    slug: str
    name: str
    kind: OrganisationKind


@dataclass(frozen=True)
class DemoAccount:
    """A person of the demo; without an organisation a learner."""

    name: str
    email: str
    roles: tuple[Role, ...] = ()
    organisation: DemoOrganisation | None = None
    password: str = DEMO_PASSWORD


WINDESHEIM: Final = DemoOrganisation("windesheim", "Windesheim in Almere", OrganisationKind.PROVIDER)
EMPLOYER: Final = DemoOrganisation("zilvermeeuw-techniek", "Zilvermeeuw Techniek", OrganisationKind.EMPLOYER)
SCHOOL: Final = DemoOrganisation("scholengroep-almere-demo", "Scholengroep Almere (demo)", OrganisationKind.SCHOOL)
FUND: Final = DemoOrganisation("fonds-leren-flevoland", "Fonds Leren Flevoland (demo)", OrganisationKind.FUND)
OFFICE: Final = DemoOrganisation("programmabureau", "Programmabureau AD Academy", OrganisationKind.OFFICE)

ACCOUNTS: Final = (
    DemoAccount("Lotte de Lerende", "learner@demo.example"),
    DemoAccount("Edwin Uitgever", "provider@demo.example", (Role.EDITOR, Role.PLANNER), WINDESHEIM),
    DemoAccount("Olga Onderwijs", "owner@demo.example", (Role.OWNER,), WINDESHEIM),
    DemoAccount("Wendy Werkgever", "employer@demo.example", (Role.OWNER, Role.BUYER, Role.APPROVER), EMPLOYER),
    DemoAccount("Thijs Teamleider", "reader@demo.example", (Role.READER,), EMPLOYER),
    DemoAccount("Daan Docent", "teacher@demo.example", (Role.TEACHER,), WINDESHEIM),
    DemoAccount("Amina Assessor", "assessor@demo.example", (Role.ASSESSOR,), WINDESHEIM),
    DemoAccount("Ebru Examencommissie", "examboard@demo.example", (Role.EXAM_BOARD,), WINDESHEIM),
    DemoAccount("Dirk Decaan", "dean@demo.example", (Role.DEAN,), SCHOOL),
    DemoAccount("Fatima Fondsbeheer", "fund@demo.example", (Role.FUND_MANAGER,), FUND),
    DemoAccount("Otto Programmabureau", "office@demo.example", (Role.OFFICE,), OFFICE),
)


def load_people(session: Session, *, now: datetime) -> int:
    """Make the demo accounts with their organisations, or leave them as they are; returns how many there are.

    Whose role asks for a second proof gets an authenticator app that nobody holds: on a demo the page of the second step says its code.
    """
    for account in ACCOUNTS:
        person_id = accounts.register_person(
            session, email=account.email, name=account.name, password=account.password, language="nl", now=now,
        )
        if account.organisation is None:
            continue
        there = account.organisation
        organisation_id = accounts.register_organisation(session, slug=there.slug, name=there.name, kind=there.kind)
        for role in account.roles:
            accounts.add_membership(session, person_id=person_id, organisation_id=organisation_id, role=role)
        if accounts.ROLES_WITH_SECOND_STEP.intersection(account.roles):
            accounts.give_app(session, person_id=person_id, now=now)
    return len(ACCOUNTS)
