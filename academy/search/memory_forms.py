"""The shape of a saved search and of a wish, and the way from an address of the results page to what is kept and back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from typing_extensions import override
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, Field, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from academy.catalogue.api import PartOfDay, part_of_day_word
from academy.kernel.text import Language
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import WholeNumberField, stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email
from academy.search.forms import SearchForm, read_address
from academy.search.gateway import SearchQuery
from academy.search.memory.saved import Saved, SavedDraft
from academy.search.models import SavedKind
from academy.search.rules import MAX_CHARACTERS

_NOT_KEPT: Final = {"q", "sort", "page"}
_MOST_PEOPLE: Final = 10_000


def parameters_of(asked: SearchForm) -> tuple[tuple[str, str], ...]:
    """Return the choices in an address, as they are kept: without what could not be read and what was only being looked at."""
    plain = replace(asked, wrong=(), look_in="", inside="")
    return tuple((name, value) for name, value in plain.parameters() if name not in _NOT_KEPT)


def asked_in(values: MultiDict[str, str]) -> SearchForm:
    """Return the question in the address or the fields of a form; what is too long is cut off, the form itself says so."""
    return read_address(MultiDict([(name, value[:MAX_CHARACTERS]) for name, value in values.items(multi=True)]))


def question_of(kept: Saved | SavedDraft) -> SearchQuery:
    """Return what a kept question asks of the engine; a choice that no longer exists is left out."""
    return read_address(MultiDict([("q", kept.query), *kept.parameters])).query(kept.language)


def _reasonable(_form: BaseForm, field: Field) -> None:
    if field.data is not None and not 1 <= field.data <= _MOST_PEOPLE:
        raise ValidationError(_l("Dit getal kan niet kloppen."))




class SaveForm(Form):
    """Keep a search; the address is asked of who is not signed in."""

    kind = SavedKind.SEARCH
    email = EmailField(_l("E-mailadres"), [InputRequired(_l("Vul je e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped])

    def ask_of(self, own: str | None) -> None:
        """Leave the address out for who is signed in, with the address `own`."""
        if own is not None:
            del self.email

    def reader(self, own: str | None) -> str | None:
        """Return the address for letters; `own` is that of who is signed in."""
        return own or clean_email(self.email.data or "")

    def draft(self, asked: SearchForm, language: Language) -> SavedDraft:
        return SavedDraft(self.kind, asked.q, parameters_of(asked), language)


class WishForm(Form):
    """Say what one looks for; being told is optional."""

    kind = SavedKind.WISH
    q = StringField(
        _l("Wat wil je leren?"),
        [InputRequired(_l("Schrijf wat je wilt leren.")), Length(max=MAX_CHARACTERS, message=_l("Gebruik hooguit 200 tekens."))],
        filters=[stripped], description=_l("Een paar woorden zijn genoeg. Schrijf geen namen of telefoonnummers."),
    )
    part_of_day = SelectField(_l("Wanneer kun je?"), [Optional()])
    people = WholeNumberField(
        _l("Voor hoeveel mensen?"), [Optional(), _reasonable], description=_l("Zoek je voor jezelf? Laat dit dan leeg."),
        render_kw={"inputmode": "numeric"},
    )
    email = EmailField(
        _l("E-mailadres"), [Optional(), *EMAIL_CHECKS], filters=[stripped], description=_l("Dan krijg je bericht als er iets komt dat past."),
    )
    tell = BooleanField(_l("Mail me als er iets komt dat past"))

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.part_of_day.choices = [("", _("Maakt niet uit")), *((part.value, part_of_day_word(part)) for part in PartOfDay if part != PartOfDay.ANY)]

    def ask_of(self, own: str | None) -> None:
        """Ask who is signed in, with the address `own`, whether to mail; who is not, where to."""
        if own is None:
            del self.tell
        else:
            del self.email

    def reader(self, own: str | None) -> str | None:
        """Return the address for letters, None where nobody wants any; `own` is that of who is signed in."""
        if own is not None:
            return own if self.tell.data else None
        return clean_email(self.email.data or "")

    def draft(self, asked: SearchForm, language: Language) -> SavedDraft:
        return SavedDraft(self.kind, asked.q, parameters_of(asked), language, people=self.people.data)


def wish_values(asked: SearchForm) -> Mapping[str, object]:
    """Return what a wish begins with: the words and the part of the day that were searched for."""
    chosen = dict(parameters_of(asked))
    return {"q": asked.q, "part_of_day": chosen.get("part_of_day", ""), "tell": True}
