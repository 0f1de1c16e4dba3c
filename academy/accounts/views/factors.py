"""Pages about passkeys, authenticator apps, recovery codes and where I am signed in."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("factors", __name__)
