"""The columns we know: our own per kind of import, and those of known sources, recognised by their header."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

from typing_extensions import override

from academy.catalogue.api import sector_codes
from academy.exchange import timetable, values
from academy.exchange.errors import FileRefused, file_refused
from academy.exchange.findings import Problem
from academy.exchange.values import BadValue


class ImportKind(StrEnum):
    ASSOCIATE_DEGREES = "associate-degrees"
    MODULES = "modules"
    MOOCS = "moocs"
    OFFERINGS = "offerings"


class ValueKind(StrEnum):
    """What a column must hold; a column of which a clear share holds something else has shifted."""

    TEXT = "text"  # anything, so nothing to check
    WORDS = "words"
    NUMBER = "number"
    RATING = "rating"
    LANGUAGES = "languages"
    URL = "url"
    PRICE = "price"
    EUROS = "euros"
    EC = "ec"
    LEVEL = "level"
    REGISTER_CODE = "register-code"
    STUDY_LOAD = "study-load"
    HOURS = "hours"
    EQF = "eqf"
    LANGUAGE_LEVEL = "language-level"
    REGISTER_CODES = "register-codes"
    URLS = "urls"
    DATE = "date"
    WHOLE = "whole"
    YES_OR_NO = "yes-or-no"
    WEEKDAYS = "weekdays"
    MEETINGS = "meetings"


def _all_known(text: str) -> None:
    if values.parse_languages(text).unknown:
        raise BadValue("unknown-language", "the name of a language is expected")


_CHECKS: Final[Mapping[ValueKind, Callable[[str], object]]] = {
    ValueKind.WORDS: values.parse_words,
    ValueKind.NUMBER: values.parse_count,
    ValueKind.RATING: values.parse_rating,
    ValueKind.LANGUAGES: _all_known,
    ValueKind.URL: values.parse_url,
    ValueKind.PRICE: lambda text: values.parse_price(text, in_euros=False),
    ValueKind.EUROS: lambda text: values.parse_price(text, in_euros=True),
    ValueKind.EC: values.parse_ec,
    ValueKind.LEVEL: values.parse_level,
    ValueKind.REGISTER_CODE: values.parse_register_code,
    ValueKind.STUDY_LOAD: values.parse_study_load,
    ValueKind.HOURS: values.parse_hours,
    ValueKind.EQF: values.parse_eqf,
    ValueKind.LANGUAGE_LEVEL: values.parse_language_level,
    ValueKind.REGISTER_CODES: lambda text: [values.parse_register_code(code) for code in values.split_list(text, separator=values.LIST_SEPARATOR)],
    ValueKind.URLS: values.parse_urls,
    ValueKind.DATE: timetable.parse_date,
    ValueKind.WHOLE: values.parse_whole,
    ValueKind.YES_OR_NO: values.parse_yes,
    ValueKind.WEEKDAYS: timetable.parse_weekdays,
    ValueKind.MEETINGS: timetable.parse_meetings,
}


def misfit(kind: ValueKind, text: str) -> BadValue | None:
    """Return why `text` is no value of this kind, or None; empty cells fit everywhere."""
    return None if kind is ValueKind.TEXT or values.is_nothing(text) else _checked(kind, text)


@lru_cache(maxsize=4096)  # a column of levels or languages holds the same few values over and over
def _checked(kind: ValueKind, text: str) -> BadValue | None:
    try:
        _CHECKS[kind](text)
    except BadValue as bad:
        return bad
    return None


@dataclass(frozen=True)
class Shape:
    """A known set of columns: what each holds, which must be there, and which must be filled in every row.

    `loose` columns count when a shift is looked for, but a single strange value in them is a notice and does not refuse its row.
    """

    name: str
    kind: ImportKind
    columns: Mapping[str, ValueKind]
    required: tuple[str, ...]
    key: str = "code"  # the column by which a row is known to be the same as another
    filled: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    subject: str = ""  # the column in which one course may stand under several values
    subjects: Mapping[str, str] | None = None  # its values as sectors of ours

    @cached_property
    def checked(self) -> tuple[tuple[str, ValueKind], ...]:
        """Return the columns whose cells are held against what they must be."""
        return tuple((key, kind) for key, kind in self.columns.items() if kind is not ValueKind.TEXT)


_EDX_SUBJECTS: Final = {
    "architecture": "bouw", "business & management": "zakelijk", "communication": "media", "computer science": "ict",
    "data analysis & statistics": "ict", "design": "media", "economics & finance": "zakelijk", "education & teacher training": "educatie",
    "electronics": "techniek", "energy & earth sciences": "duurzaam", "engineering": "techniek", "environmental studies": "duurzaam",
    "food & nutrition": "agrofood", "health & safety": "zorg", "language": "taal", "law": "zakelijk", "medicine": "zorg",
}
_COURSERA_SUBJECTS: Final = {
    "business": "zakelijk", "computer science": "ict", "data science": "ict", "information technology": "ict", "health": "zorg",
    "language learning": "taal",
}


class _OwnSectors(Mapping[str, str]):
    """The sectors in use, each standing for itself; asked at the moment of reading, since they are data."""

    @override
    def __getitem__(self, sector: str) -> str:
        if sector not in sector_codes():
            raise KeyError(sector)
        return sector

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(sector_codes())

    @override
    def __len__(self) -> int:
        return len(sector_codes())


OWN_SECTORS: Final = _OwnSectors()

EDX: Final = Shape(
    name="edX courses",
    kind=ImportKind.MOOCS,
    columns={
        "title": ValueKind.TEXT, "summary": ValueKind.WORDS, "n_enrolled": ValueKind.NUMBER, "course_type": ValueKind.WORDS,
        "institution": ValueKind.WORDS, "instructors": ValueKind.WORDS, "level": ValueKind.WORDS, "subject": ValueKind.WORDS,
        "language": ValueKind.LANGUAGES, "subtitles": ValueKind.LANGUAGES, "course_effort": ValueKind.STUDY_LOAD,
        "course_length": ValueKind.STUDY_LOAD, "price": ValueKind.PRICE, "course_description": ValueKind.TEXT,
        "course_syllabus": ValueKind.TEXT, "course_url": ValueKind.URL, "price_usd": ValueKind.NUMBER,
    },
    required=("title", "institution", "language", "price", "course_url", "course_description"),
    key="course_url",
    filled=("title", "course_url"),
    loose=("language", "subtitles", "course_effort", "course_length", "instructors"),
    subject="subject",
    subjects=_EDX_SUBJECTS,
)
COURSERA: Final = Shape(
    name="Coursera courses with skills",
    kind=ImportKind.MOOCS,
    columns={
        "subject": ValueKind.WORDS, "title": ValueKind.TEXT, "institution": ValueKind.WORDS, "learning product": ValueKind.WORDS,
        "level": ValueKind.WORDS, "duration": ValueKind.STUDY_LOAD, "gained skills": ValueKind.WORDS, "rate": ValueKind.RATING,
        "reviews": ValueKind.NUMBER,
    },
    required=("title", "institution", "learning product", "gained skills"),
    key="title",
    filled=("title", "institution"),
    loose=("duration",),
    subject="subject",
    subjects=_COURSERA_SUBJECTS,
)
ONLINE_COURSES: Final = Shape(
    name="online courses of several sites",
    kind=ImportKind.MOOCS,
    columns={
        "title": ValueKind.TEXT, "url": ValueKind.URL, "short intro": ValueKind.TEXT, "category": ValueKind.WORDS,
        "sub-category": ValueKind.WORDS, "course type": ValueKind.WORDS, "language": ValueKind.LANGUAGES,
        "subtitle languages": ValueKind.LANGUAGES, "skills": ValueKind.WORDS, "instructors": ValueKind.TEXT, "rating": ValueKind.RATING,
        "number of viewers": ValueKind.NUMBER, "duration": ValueKind.STUDY_LOAD, "site": ValueKind.WORDS,
    },
    required=("title", "url", "short intro", "category", "language", "skills"),
    key="url",
    filled=("title", "url"),
    loose=("language", "subtitle languages", "duration"),
    subject="category",
    subjects=_COURSERA_SUBJECTS,
)
CROHO: Final = Shape(
    name="CROHO register",
    kind=ImportKind.ASSOCIATE_DEGREES,
    columns={"croho": ValueKind.REGISTER_CODE, "naam": ValueKind.WORDS},
    required=("croho", "naam"),
    key="croho",
    filled=("croho", "naam"),
)
HBO_ICT: Final = Shape(
    name="HBO-ICT modules (SQL)",
    kind=ImportKind.MODULES,
    columns={"id": ValueKind.TEXT, "name": ValueKind.WORDS, "code": ValueKind.WORDS, "description": ValueKind.TEXT, "ecs": ValueKind.EC,
             "prerequisitejson": ValueKind.TEXT, "level": ValueKind.NUMBER},
    required=("id", "name", "code", "ecs"),
    key="id",
    filled=("id", "name", "code"),
)
_FOREIGN: Final = (EDX, COURSERA, ONLINE_COURSES, CROHO, HBO_ICT)

_OWN_TEXTS: Final = dict.fromkeys(
    (
        "external_id", "code", "title_nl", "title_en", "summary_nl", "summary_en", "description_nl", "description_en",
        "sectors",
    ),
    ValueKind.TEXT,
)
_REGISTERS: Final = {
    "croho": ValueKind.REGISTER_CODES, "crebo": ValueKind.REGISTER_CODES, "rio": ValueKind.TEXT,
}
_OWN_MODULE: Final = _OWN_TEXTS | _REGISTERS | {
    "kind": ValueKind.TEXT, "institution": ValueKind.WORDS, "website": ValueKind.URL, "ec": ValueKind.EC, "hours": ValueKind.HOURS,
    "level": ValueKind.LEVEL, "eqf": ValueKind.EQF, "languages": ValueKind.LANGUAGES, "language_level": ValueKind.LANGUAGE_LEVEL,
    "modes": ValueKind.TEXT, "assessments": ValueKind.TEXT, "certificate": ValueKind.TEXT, "topics": ValueKind.TEXT,
    "price_eur": ValueKind.EUROS, "entry_nl": ValueKind.TEXT, "entry_en": ValueKind.TEXT, "prerequisites": ValueKind.TEXT,
    "outcomes_nl": ValueKind.TEXT, "outcomes_en": ValueKind.TEXT, "skills": ValueKind.URLS,
}
_OWN_DEGREE: Final = _OWN_TEXTS | _REGISTERS | {"ec": ValueKind.EC, "level": ValueKind.LEVEL, "variants": ValueKind.TEXT}
_OWN_OFFERING: Final = {
    "module": ValueKind.TEXT, "external_id": ValueKind.TEXT, "state": ValueKind.TEXT, "starts_on": ValueKind.DATE,
    "ends_on": ValueKind.DATE, "enrol_from": ValueKind.DATE, "enrol_until": ValueKind.DATE, "queue": ValueKind.TEXT,
    "target_group": ValueKind.TEXT, "weekdays": ValueKind.WEEKDAYS, "part_of_day": ValueKind.TEXT, "mode": ValueKind.TEXT,
    "place": ValueKind.TEXT, "language": ValueKind.LANGUAGES, "min_seats": ValueKind.WHOLE, "seats": ValueKind.WHOLE,
    "decides_on": ValueKind.DATE, "guaranteed": ValueKind.YES_OR_NO, "price_eur": ValueKind.EUROS, "flexible_from": ValueKind.DATE,
    "flexible_until": ValueKind.DATE, "sessions": ValueKind.MEETINGS, "cancel_free_days": ValueKind.WHOLE, "cancel_late_percent": ValueKind.WHOLE,
}
_OFFERING_FILLED: Final = ("module", "starts_on", "ends_on", "mode", "language", "seats")
OWN: Final = {
    ImportKind.MODULES: Shape(
        "our columns for modules", ImportKind.MODULES, _OWN_MODULE, ("code",), filled=("code",), loose=("languages",),
        subject="sectors", subjects=OWN_SECTORS,
    ),
    ImportKind.MOOCS: Shape(
        "our columns for MOOCs", ImportKind.MOOCS, _OWN_MODULE, ("code",), filled=("code",), loose=("languages",),
        subject="sectors", subjects=OWN_SECTORS,
    ),
    ImportKind.ASSOCIATE_DEGREES: Shape(
        "our columns for Associate degrees", ImportKind.ASSOCIATE_DEGREES, _OWN_DEGREE, ("code",), filled=("code",),
        subject="sectors", subjects=OWN_SECTORS,
    ),
    ImportKind.OFFERINGS: Shape(
        "our columns for offerings", ImportKind.OFFERINGS, _OWN_OFFERING, _OFFERING_FILLED, key="external_id", filled=_OFFERING_FILLED,
    ),
}


def column_key(column: str) -> str:
    return " ".join(column.split()).casefold()


def recognise(columns: tuple[str, ...], kind: ImportKind) -> Shape:
    """Return the shape of these columns. Raises FileRefused when they are unknown, or of another kind of import."""
    present = {column_key(column) for column in columns}
    for shape in _FOREIGN:
        if present.issuperset(shape.required):
            if shape.kind is not kind:
                raise file_refused("wrong-kind", f"these are columns of {shape.name}: use `academy import {shape.kind}`", line=1)
            return shape
    own = OWN[kind]
    missing = [column for column in own.required if column not in present]
    if kind is not ImportKind.OFFERINGS and present.isdisjoint({"title_nl", "title_en"}):
        missing.append("title_nl")
    if missing:
        expected = ", ".join(own.columns)
        raise FileRefused(
            [Problem(1, column, "", "column-missing", f"this column is missing; known columns are: {expected}") for column in missing],
        )
    return own
