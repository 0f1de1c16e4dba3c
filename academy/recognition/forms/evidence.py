"""The shape of evidence: something one made, something earned earlier, or a link; and for what it is used."""

from collections.abc import Sequence
from datetime import date
from typing import IO, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from typing_extensions import override
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # its stubs lag behind 3.3
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from academy.kernel.cleaning import clean_line
from academy.kernel.clock import amsterdam_day, utc_now
from academy.kernel.contents import FileKind
from academy.kernel.ids import id_in
from academy.kernel.translation import _, _l
from academy.kernel.web.fields import ChoicesField, DayField, stripped
from academy.kernel.web.forms import Form
from academy.recognition.facts import EvidenceFacts
from academy.recognition.kinds import NAMED_BY_SOURCE, EvidenceKind
from academy.recognition.service.evidence import EvidenceDraft
from academy.recognition.words import evidence_word

EARLIER: Final = tuple(each for each in NAMED_BY_SOURCE if each is not EvidenceKind.LOCAL_TEST)  # a test here is booked, not typed
_ENDINGS: Final = ",".join(ending for kind in FileKind for ending in kind.value[2])
_TITLE: Final = (DataRequired(_l("Geef het een naam.")), Length(max=200, message=_l("Gebruik hooguit 200 tekens.")))


def _not_later(_form: BaseForm, field: Field) -> None:
    found: date | None = field.data
    if found is not None and found > amsterdam_day(utc_now()):
        raise ValidationError(_l("Deze dag moet nog komen. Controleer de datum."))


def _is_link(_form: BaseForm, field: Field) -> None:
    typed = str(field.data or "")
    try:
        parts = urlsplit(typed)
        is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        is_web = False
    if not is_web or not typed.isprintable() or any(char.isspace() for char in typed):
        raise ValidationError(_l("Dit is geen link. Een voorbeeld: https://voorbeeld.nl/mijn-project"))


class _ForOutcomes(Form):
    """For which outcomes of a file something is used."""

    outcomes = ChoicesField(_l("Voor welke leeruitkomsten is dit?"), [Optional()])

    def offer(self, outcomes: Sequence[tuple[str, str]]) -> None:
        """Give the outcomes of the file, as (id, words); none is outside a file."""
        if not outcomes:
            del self.outcomes
        else:
            self.outcomes.choices = [SelectChoice(outcome_id, words) for outcome_id, words in outcomes]

    @property
    def chosen(self) -> list[UUID]:
        """The outcomes that were ticked. Raises NotFound for what is no id."""
        return [id_in(each) for each in self.outcomes.data or ()] if "outcomes" in self else []


class _EvidenceForm(_ForOutcomes):
    """What every piece has: a name."""

    title = StringField(_l("Naam"), _TITLE, filters=[stripped])

    def describe_only(self) -> None:
        """Ask for words alone: the file stays as it is, and no file of a claim is named."""
        for name in ("photo", "file", "outcomes"):
            if name in self:
                del self[name]

    @property
    def upload(self) -> tuple[IO[bytes], str] | None:
        """The file that came along, as (stream, what it is called); None without one."""
        for name in ("photo", "file"):
            found = self[name].data if name in self else None
            if isinstance(found, FileStorage) and found.filename:
                return found.stream, found.filename
        return None


class _WithFile(_EvidenceForm):
    """What may have a file: of a camera, or one that is there."""

    photo = FileField(_l("Maak een foto"), render_kw={"accept": "image/*", "capture": "environment"})
    file = FileField(_l("Of kies een bestand"), render_kw={"accept": _ENDINGS}, description=_l("PDF, foto, video, Word, OpenDocument of tekst. Hooguit 25 MB."))


class WorkForm(_WithFile):
    """Something one made, or a picture of it."""

    title = StringField(_l("Wat is het?"), _TITLE, filters=[stripped], description=_l("Bijvoorbeeld: netwerktekening van onze winkel."))
    text = TextAreaField(
        _l("Wat is erop te zien?"), [Length(max=4000, message=_l("Gebruik hooguit 4.000 tekens."))], filters=[stripped], render_kw={"rows": 4},
        description=_l("Schrijf ook wat jij zelf deed."),
    )

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        if "file" in self and self.upload is None:
            self.file.errors = [*self.file.errors, _("Maak een foto of kies een bestand.")]
            return False
        return is_good

    @property
    def draft(self) -> EvidenceDraft:
        return EvidenceDraft(EvidenceKind.WORK, clean_line(str(self.title.data)), text=str(self.text.data))


class EarlierForm(_WithFile):
    """A diploma, certificate or module of elsewhere; the file may come later, or never."""

    kind = SelectField(_l("Wat heb je?"))
    title = StringField(_l("Naam van het diploma, de cursus of de module"), _TITLE, filters=[stripped])
    source = StringField(
        _l("Van wie kreeg je het?"), [DataRequired(_l("Schrijf van wie je het kreeg.")), Length(max=200, message=_l("Gebruik hooguit 200 tekens."))],
        filters=[stripped], description=_l("De school, het bedrijf of het platform. Bij een mbo-diploma: CREBO."),
    )
    code = StringField(
        _l("Nummer of code"), [Length(max=80, message=_l("Gebruik hooguit 80 tekens."))], filters=[stripped],
        description=_l("Van een mbo-diploma het CREBO-nummer: vijf cijfers, op je diploma of cijferlijst. Van een cursus de code."),
        render_kw={"autocomplete": "off"},
    )
    earned_on = DayField(_l("Wanneer haalde je het?"), [DataRequired(_l("Vul in wanneer je het haalde.")), _not_later])

    @override
    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [SelectChoice(kind.value, evidence_word(kind)) for kind in EARLIER]

    @property
    def draft(self) -> EvidenceDraft:
        return EvidenceDraft(
            EvidenceKind(self.kind.data), clean_line(str(self.title.data)), clean_line(str(self.source.data)), clean_line(str(self.code.data)),
            self.earned_on.data,
        )


class LinkForm(_EvidenceForm):
    """Something that stands elsewhere on the web; we do not fetch it."""

    title = StringField(_l("Wat is er te zien?"), _TITLE, filters=[stripped])
    url = StringField(
        _l("Link"), [DataRequired(_l("Vul de link in.")), Length(max=1000, message=_l("Gebruik hooguit 1.000 tekens.")), _is_link], filters=[stripped],
        render_kw={"type": "url", "inputmode": "url", "autocomplete": "off"},
        description=_l("Controleer of een ander de pagina kan openen zonder in te loggen."),
    )
    text = TextAreaField(
        _l("Wat deed jij zelf?"), [Length(max=4000, message=_l("Gebruik hooguit 4.000 tekens."))], filters=[stripped], render_kw={"rows": 4},
    )

    @property
    def draft(self) -> EvidenceDraft:
        return EvidenceDraft(EvidenceKind.LINK, clean_line(str(self.title.data)), url=str(self.url.data), text=str(self.text.data))


FORMS: Final[dict[str, type[WorkForm | EarlierForm | LinkForm]]] = {"work": WorkForm, "earlier": EarlierForm, "link": LinkForm}


def form_for(piece: EvidenceFacts) -> str:
    """Return by which form a piece is described: a key of `FORMS`, empty for what nobody describes themselves."""
    if piece.kind in {EvidenceKind.STATEMENT, EvidenceKind.LOCAL_TEST}:
        return ""
    return {EvidenceKind.WORK: "work", EvidenceKind.LINK: "link"}.get(piece.kind, "earlier")


class KeepForm(Form):
    """Whether a piece stays when the files that used it are archived."""

    keep = BooleanField(_l("Bewaar dit, ook als mijn aanvraag klaar is"))


class UseForm(_ForOutcomes):
    """Which piece is used in a file."""

    evidence = HiddenField()


class ShareForm(Form):
    """With whom."""

    assessor = HiddenField()
