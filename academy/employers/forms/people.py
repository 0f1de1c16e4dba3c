"""People as somebody pastes them, or as a file has them: an address each, with a name or without. What is wrong is told by line."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from wtforms import BooleanField, EmailField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from academy.kernel.cleaning import clean_line
from academy.kernel.translation import _, _l, ngettext
from academy.kernel.web.fields import stripped
from academy.kernel.web.forms import Form
from academy.kernel.web.mail_address import EMAIL_CHECKS, clean_email

MOST_LINES: Final = 500
MOST_BYTES: Final = 256 * 1024
_FAULTS_TOLD: Final = 20
_LONGEST_NAME: Final = 120
_BETWEEN: Final = re.compile(r'[\s,;<>"]+')
_EDGES: Final = " \t,;<>\"'"
_HEADS: Final = re.compile(r"e-?mail(?:[ -]?ad?d?res?s?)?|mail|adres|address|(?:voor|achter)?naam|(?:first |last )?name", re.IGNORECASE)  # of columns
_NO_NAME: Final = re.compile(r"[@/\\<>]|www\.|:\s*//", re.IGNORECASE)  # it stands on a page of who did not write it


@dataclass(frozen=True)
class Line:
    """Somebody on a line of a list, counted from one; `email` is empty where there is none in it."""

    number: int
    text: str
    email: str
    name: str = ""


@dataclass(frozen=True)
class SortedOut:
    """Who can be invited, as (address, name), and what is wrong with the other lines."""

    good: tuple[tuple[str, str], ...]
    faults: tuple[tuple[int, str], ...]


def read_lines(text: str) -> list[Line]:
    """Return who stands in a list: one to a line, with a name before or after the address, or several addresses beside each other.

    Empty lines, and a heading without an address above a table, are nobody.
    """
    found: list[Line] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip(_EDGES)
        words = [word for word in _BETWEEN.split(line) if "@" in word]
        if not line or (not words and not found and all(_HEADS.fullmatch(cell.strip(_EDGES)) for cell in re.split(r"[;,\t]", line))):
            continue
        if len(words) == 1:
            found.append(Line(number, line, clean_email(words[0]) or "", _name_in(line, words[0])))
        else:
            found += [Line(number, word, clean_email(word) or "") for word in words] or [Line(number, line, "")]
    return found


def _name_in(line: str, address: str) -> str:
    rest = clean_line(" ".join(part.strip(_EDGES) for part in re.split(r"[;,\t]", line.replace(address, " "))))
    name = " ".join(rest.strip(_EDGES).split())[:_LONGEST_NAME]
    return "" if _NO_NAME.search(name) or not any(char.isalpha() for char in name) else name


def sort_out(lines: Iterable[Line], *, taken: Collection[str], room: int) -> SortedOut:
    """Tell who can be invited to `room` seats, where the addresses in `taken` have one or were invited already."""
    good: dict[str, tuple[str, int]] = {}
    faults: list[tuple[int, str]] = []
    for line in lines:
        if not line.email:
            faults.append((line.number, _("dit is geen e-mailadres")))
        elif line.email in good:
            faults.append((line.number, _("dit adres staat ook op regel %(number)s", number=good[line.email][1])))
        elif line.email in taken:
            faults.append((line.number, _("dit adres heeft al een plek of een uitnodiging")))
        elif len(good) >= room:
            faults.append((line.number, ngettext("er is maar %(num)s plek", "er zijn maar %(num)s plekken", room) if room else _("er is geen plek meer")))
        else:
            good[line.email] = (line.name, line.number)
    return SortedOut(tuple((email, name) for email, (name, _number) in good.items()), tuple(faults))


class PeopleForm(Form):
    """Who comes: pasted, or as a file; with `only_good` the lines with a fault are left out."""

    people = TextAreaField(
        _l("Wie komen er?"), [Length(max=MOST_BYTES, message=_l("Deze lijst is te lang."))],
        description=_l("Zet elk e-mailadres op een eigen regel, met of zonder naam. Of plak een lijst uit je mailprogramma of spreadsheet."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "rows": "6", "placeholder": "eva@voorbeeld.nl; Eva Bakker"},
    )
    file = FileField(_l("Of kies een CSV-bestand"), render_kw={"accept": ".csv,text/csv,text/plain"})
    only_good = BooleanField(_l("Laat de regels met een fout weg en ga door met de rest"))
    must_have_people = True

    def is_in_order(self, *, taken: Collection[str], room: int) -> bool:
        """Tell whether all can be invited, or all who are left; what is wrong is told by line. Call it before `invited`."""
        if not self.validate():
            return False
        lines = read_lines(self._text())
        self._sorted = sort_out(lines, taken=taken, room=room)
        if len(lines) > MOST_LINES:
            self.people.errors = [_("Nodig hooguit %(most)s mensen tegelijk uit.", most=MOST_LINES)]
        elif self._sorted.faults and not (self.only_good.data and self._sorted.good):
            self.people.errors = self._told(self._sorted.faults)
        elif not lines and self.must_have_people:
            self.people.errors = [_("Vul minstens één e-mailadres in.")]
        return not self.errors

    @property
    def invited(self) -> tuple[tuple[str, str], ...]:
        """Who can be invited, as (address, name), of a form that is in order."""
        return self._sorted.good

    @property
    def has_some(self) -> bool:
        """Whether some of the lines are good, so that one can go on with those."""
        return bool(self.people.errors) and hasattr(self, "_sorted") and bool(self._sorted.good)

    def _text(self) -> str:
        upload = self.file.data if "file" in self else None
        raw = upload.read(MOST_BYTES) if upload and hasattr(upload, "read") else b""
        if not raw:
            return str(self.people.data or "")
        self.people.data = _decoded(raw) if not self.people.data else f"{self.people.data}\n{_decoded(raw)}"  # shown, and sent again, with what is wrong
        return str(self.people.data)

    @staticmethod
    def _told(faults: tuple[tuple[int, str], ...]) -> list[str]:
        told = [_("regel %(number)s: %(fault)s", number=number, fault=fault) for number, fault in faults[:_FAULTS_TOLD]]
        left = len(faults) - _FAULTS_TOLD
        return [*told, ngettext("en nog %(num)s regel", "en nog %(num)s regels", left)] if left > 0 else told


def _decoded(raw: bytes) -> str:
    """Return a file as text: UTF-8, or what spreadsheets in the Netherlands still write."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


class SubstituteForm(Form):
    """Who comes instead."""

    email = EmailField(
        _l("E-mailadres"), [InputRequired(_l("Vul een e-mailadres in.")), *EMAIL_CHECKS], filters=[stripped], render_kw={"autocomplete": "off"},
    )
    name = StringField(
        _l("Naam"), [Length(max=_LONGEST_NAME, message=_l("Gebruik hooguit 120 tekens."))], filters=[stripped], render_kw={"autocomplete": "off"},
    )

    @property
    def address(self) -> str:
        """The cleaned address of a form that validated."""
        return clean_email(self.email.data or "") or ""

    @property
    def cleaned_name(self) -> str:
        """The name, or nothing where what was written is none."""
        name = clean_line(self.name.data or "")
        return "" if _NO_NAME.search(name) else name


class GuestForm(Form):
    """The answer of who is invited; `allows` is for their employer to see how it goes."""

    answer = HiddenField()
    allows = BooleanField(
        _l("Mijn werkgever mag zien of ik er was en of ik de module heb gehaald"), description=_l("Dit hoeft niet. Je kunt het altijd weer intrekken."),
    )
