"""The shape of a statement that one withdraws from a contract: what the law lets us ask, and nothing else."""

from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email


class WithdrawForm(Form):
    """Who withdraws, from which contract, and where the acknowledgement of it goes (Directive 2011/83/EU, art. 11a(2))."""

    name = StringField(
        _l("Je naam"), [InputRequired(_l("Vul je naam in.")), Length(max=200, message=_l("Gebruik hooguit 200 tekens."))], filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    code = StringField(
        _l("Nummer van je inschrijving"),
        [InputRequired(_l("Vul het nummer van je inschrijving in.")), Length(max=20, message=_l("Dit nummer is te lang."))], filters=[stripped],
        description=_l("Het staat in de e-mail over je inschrijving, en bij Mijn leren."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    email = EmailField(
        _l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS],
        filters=[stripped],
        description=_l("Het adres waarmee je je inschreef. Daar sturen we het bewijs naartoe."),
    )

    @property
    def contract(self) -> tuple[str, str]:
        """The number and the address, as we write them."""
        return clean_line(self.code.data or "").replace(" ", "").upper(), clean_email(self.email.data or "") or ""
