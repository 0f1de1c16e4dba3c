"""The shape of what people of a provider fill in when they answer a learner."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from academy.kernel.translation import _l
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form


class RefuseForm(Form):
    """Do not admit somebody: the reason goes to the learner."""

    reason = TextAreaField(
        _l("Waarom kan deze persoon niet beginnen?"),
        [DataRequired(_l("Schrijf op waarom. De cursist leest dit.")), Length(max=2000, message=_l("Schrijf het korter, in hooguit 2.000 tekens."))],
        filters=[stripped], render_kw={"rows": 3}, description=_l("De cursist leest dit. Vertel ook wat iemand wél kan doen."),
    )
