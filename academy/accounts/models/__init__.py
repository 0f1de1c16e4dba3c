"""Tables of accounts."""

from academy.accounts.models.organisations import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    SizeClass,
)
from academy.accounts.models.people import AuthenticatorApp, Identity, Passkey, Person, RecoveryCode
from academy.accounts.models.privacy import Approval, ApprovalState, Consent, Erasure, Purpose
from academy.accounts.models.signing_in import Challenge, LinkKind, SignIn, SignInLink, SignInMethod, Throttle
from academy.accounts.models.trail import TrailEnd, TrailEntry

__all__ = [
    "Approval", "ApprovalState", "AuthenticatorApp", "Challenge", "Consent", "Erasure", "Identity", "Invitation", "LinkKind",
    "Membership", "Organisation", "OrganisationKind", "Passkey", "Person", "Purpose", "RecoveryCode", "Role", "SignIn", "SignInLink",
    "SignInMethod", "SizeClass", "Throttle", "TrailEnd", "TrailEntry",
]
