"""What higher rooms may call of accounts."""

from academy.accounts.drafts import OrganisationDraft
from academy.accounts.events import (
    AccountUnused,
    ApprovalAsked,
    InvitationSent,
    OwnershipHandedOver,
    SignInLinkRequested,
    WayInChanged,
)
from academy.accounts.links import approval_token_for, invitation_token_for, token_for
from academy.accounts.models import LinkKind, OrganisationKind, Purpose, Role, SizeClass
from academy.accounts.personal import Goes, Leaving, Obstacle, PersonalData, RecordClass, Stays, kept_for, plain_rows
from academy.accounts.queries import (
    Actor,
    LinkFacts,
    MembershipFacts,
    PersonFacts,
    link_for_letter,
    memberships_of,
    people,
    person,
)
from academy.accounts.queries.factors import hold as hold_person
from academy.accounts.queries.minors import approval_for_letter
from academy.accounts.queries.organisations import (
    OrganisationFacts,
    invitation_for_letter,
    organisation,
    organisation_names,
    organisation_with_kvk,
    organisation_with_slug,
    people_in_role,
)
from academy.accounts.queries.privacy import ends_unused_on, may_see, people_who_left, who_allow
from academy.accounts.queries.trail import TrailFacts, concerns_who_was_in, is_recorded, looks_at, recorded_about
from academy.accounts.rules import (
    COUNTRIES,
    LINK_LIFETIME,
    ROLES_WITH_SECOND_STEP,
    address_of_nobody,
    is_nobody,
    kvk_number,
    masked,
    names_a_website,
    vat_id,
)
from academy.accounts.service import add_membership, register_organisation, register_person, request_link
from academy.accounts.service.factors import give_app
from academy.accounts.service.guests import expect_person, make_link
from academy.accounts.service.identities import require_validated_name
from academy.accounts.service.minors import check_may_enrol
from academy.accounts.service.organisations import add_firm, offer_sectors, register_running_work, start_organisation
from academy.accounts.service.privacy import allow_payer, give_consent, withdraw_consent
from academy.accounts.service.trail import record
from academy.accounts.words import duty_words, role_word, size_words, way_in_words

__all__ = [
    "COUNTRIES", "LINK_LIFETIME", "ROLES_WITH_SECOND_STEP", "AccountUnused", "Actor", "ApprovalAsked", "Goes", "InvitationSent", "Leaving", "LinkFacts", "LinkKind",
    "MembershipFacts", "Obstacle", "OrganisationDraft", "OrganisationFacts", "OrganisationKind", "OwnershipHandedOver", "PersonFacts", "PersonalData", "Purpose",
    "RecordClass", "Role", "SignInLinkRequested", "SizeClass", "Stays", "TrailFacts", "WayInChanged", "add_firm", "add_membership", "address_of_nobody", "allow_payer", "approval_for_letter", "approval_token_for",
    "check_may_enrol", "concerns_who_was_in", "duty_words", "ends_unused_on", "expect_person", "give_app", "give_consent", "hold_person", "invitation_for_letter", "invitation_token_for",
    "is_nobody", "is_recorded", "kept_for", "kvk_number", "link_for_letter", "looks_at", "make_link", "masked", "may_see", "memberships_of", "names_a_website", "offer_sectors", "organisation", "organisation_names", "organisation_with_kvk", "organisation_with_slug", "people", "people_in_role",
    "people_who_left", "person", "plain_rows", "record", "recorded_about", "register_organisation", "register_person", "register_running_work",
    "request_link", "require_validated_name", "role_word", "size_words", "start_organisation", "token_for", "vat_id", "way_in_words", "who_allow", "withdraw_consent",
]
