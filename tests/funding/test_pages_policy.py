"""Who may do what with the money of an organisation."""

from uuid import UUID

import pytest

from academy.accounts.api import MembershipFacts, OrganisationKind, Role
from academy.funding.policy import Rights, rights_at, sees_all_payers

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
EMPLOYER, FUND, OFFICE, PROVIDER, SCHOOL = (
    OrganisationKind.EMPLOYER, OrganisationKind.FUND, OrganisationKind.OFFICE, OrganisationKind.PROVIDER, OrganisationKind.SCHOOL,
)


def works(kind: OrganisationKind, role: Role, organisation_id: UUID = HERE) -> MembershipFacts:
    return MembershipFacts(organisation_id, "hier", "Hier", kind, role)


@pytest.mark.parametrize(
    ("kind", "role", "see", "keep", "approve"),
    [
        (EMPLOYER, Role.OWNER, True, True, True), (EMPLOYER, Role.BUYER, True, True, True), (EMPLOYER, Role.APPROVER, True, False, True),
        (EMPLOYER, Role.READER, True, False, False), (FUND, Role.FUND_MANAGER, True, True, True), (FUND, Role.READER, True, False, False),
        (OFFICE, Role.OFFICE, True, True, True), (PROVIDER, Role.EDITOR, True, True, True), (PROVIDER, Role.TEACHER, True, False, False),
        (SCHOOL, Role.OWNER, False, False, False),
    ],
)
def test_what_a_role_allows(kind: OrganisationKind, role: Role, see: bool, keep: bool, approve: bool) -> None:
    assert rights_at([works(kind, role)], HERE) == Rights(see, keep, approve)


def test_roles_elsewhere_allow_nothing_here() -> None:
    assert rights_at([works(FUND, Role.FUND_MANAGER, ELSEWHERE)], HERE) == Rights(see=False, keep=False, approve=False)
    assert rights_at([], HERE) == Rights(see=False, keep=False, approve=False)


def test_only_the_programme_office_reads_who_paid_what() -> None:
    assert sees_all_payers([works(OFFICE, Role.OFFICE)])
    assert not sees_all_payers([works(OFFICE, Role.READER), works(FUND, Role.OWNER), works(PROVIDER, Role.EDITOR)])
