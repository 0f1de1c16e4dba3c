"""What happened with my data: the audit trail, as far as it is about me."""

from academy.kernel.web import localized_blueprint

blueprint = localized_blueprint("trail", __name__)
