"""The shape of what people fill in about themselves and their organisations."""

from academy.accounts.forms.signing_in import (
    LinkForm,
    NewPasswordForm,
    OpenLinkForm,
    PasswordSignInForm,
    ProfileForm,
    SignUpForm,
)

__all__ = [
    "LinkForm", "NewPasswordForm", "OpenLinkForm", "PasswordSignInForm", "ProfileForm", "SignUpForm",
]
