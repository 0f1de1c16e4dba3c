"""Use cases of accounts."""

from academy.accounts.service.signing_in import (
    add_membership,
    change_profile,
    end_all_sign_ins,
    end_sign_in,
    register_organisation,
    register_person,
    request_link,
    set_password,
    start_sign_in,
    use_link,
)
from academy.accounts.service.throttling import count_attempt

__all__ = [
    "add_membership", "change_profile", "count_attempt", "end_all_sign_ins", "end_sign_in", "register_organisation",
    "register_person", "request_link", "set_password", "start_sign_in", "use_link",
]
