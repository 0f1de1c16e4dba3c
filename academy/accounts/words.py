"""Roles in the reader's words."""

from academy.accounts.models import Role
from academy.kernel.translation import _l

_ROLES = {
    Role.OWNER: _l("eigenaar"), Role.EDITOR: _l("redacteur"), Role.PLANNER: _l("planner"), Role.TEACHER: _l("docent"),
    Role.ASSESSOR: _l("assessor"), Role.EXAM_BOARD: _l("examencommissie"), Role.BUYER: _l("inkoper"),
    Role.APPROVER: _l("goedkeurder"), Role.READER: _l("meelezer"), Role.DEAN: _l("decaan"),
    Role.FUND_MANAGER: _l("fondsbeheerder"), Role.OFFICE: _l("programmabureau"),
}


def role_word(role: Role) -> str:
    return str(_ROLES[role])
