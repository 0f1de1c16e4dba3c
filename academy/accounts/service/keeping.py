"""How long accounts keep what they know of people."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, or_

from academy.accounts import rules
from academy.accounts.models import (
    Approval,
    ApprovalState,
    Challenge,
    Consent,
    Invitation,
    SignIn,
    SignInLink,
    Throttle,
)
from academy.accounts.personal import RecordClass, kept_for

_AT_ONCE: Final = timedelta()
_CLAIMS: Final = timedelta(days=5 * 365 + 2)

INVITATIONS_KEPT: Final = timedelta(days=30)

RECORDS: Final = (
    kept_for(
        rules.LINK_LIFETIME, SignInLink, name="Sign-in links", since="they expire", over=lambda before: SignInLink.expires_at <= before,
        why="who comes late reads that the link is too old; then there is no purpose left (AVG art. 5(1)(e))",
    ),
    kept_for(
        rules.KEEP_HISTORY, SignIn, name="Sign-ins", since="they end or expire",
        over=lambda before: func.coalesce(SignIn.ended_at, SignIn.expires_at) <= before,
        why="being signed in, and the history in which one recognises a stranger (AVG art. 32)",
    ),
    kept_for(
        _AT_ONCE, Throttle, name="Counted attempts", since="their window ends", over=lambda before: Throttle.window_ends_at <= before,
        why="slowing down who guesses (AVG art. 32); the key is a hash",
    ),
    kept_for(
        _AT_ONCE, Challenge, name="What a passkey must sign", since="it expires", over=lambda before: Challenge.expires_at <= before,
        why="signing in once",
    ),
    kept_for(
        INVITATIONS_KEPT, Invitation, name="Invitations", since="they expire", over=lambda before: Invitation.expires_at <= before,
        why="who invites sees what came of it; the address is that of someone who may have no account",
    ),
    kept_for(
        _CLAIMS, Consent, name="Consents taken back", since="they are taken back", over=lambda before: Consent.withdrawn_at <= before,
        why="showing that there was consent (AVG art. 7(1)) as long as a claim can come (BW 3:310, five years)",
    ),
    kept_for(
        rules.APPROVAL_LIFETIME, Approval, name="Approvals that nobody gave", since="they are asked",
        over=lambda before: or_(Approval.state == ApprovalState.ASKED, Approval.state == ApprovalState.REFUSED) & (Approval.asked_at <= before),
        why="the address is that of a parent, guardian or dean who said nothing, or no",
    ),
    RecordClass(
        "Accounts", "person", "until the account is erased; then the row stays without name, address and ways in",
        "the agreement with who has the account (AVG art. 6(1)(b))", "pseudonymised",
    ),
    RecordClass("Ways in: identities", "identity", "until unlinked, or the account is erased", "signing in", "erased"),
    RecordClass("Ways in: passkeys", "passkey", "until removed, or the account is erased", "signing in", "erased"),
    RecordClass("Ways in: authenticator apps", "authenticator_app", "until removed, or the account is erased", "signing in", "erased"),
    RecordClass("Ways in: recovery codes", "recovery_code", "until replaced, or the account is erased", "signing in", "erased"),
    RecordClass(
        "Memberships", "membership", "until the role ends, or the account is erased", "acting for an organisation", "erased",
    ),
    RecordClass("Consents that are given", "consent", "until taken back, or the account is erased", "consent (AVG art. 6(1)(a))", "erased"),
    RecordClass(
        "Approvals that were given", "approval", "until the account is erased", "enrolling under sixteen", "erased",
    ),
    RecordClass(
        "Audit trail", "trail_entry", "as long as the platform exists",
        "accountability (AVG art. 5(2)); numbers and codes only, and each entry proves the one before it", "stays, numbers only",
    ),
    RecordClass(
        "Erasures", "erasure", "as long as the platform exists", "showing that a request was carried out (AVG art. 5(2)); no name, no address",
        "stays, numbers only",
    ),
)
