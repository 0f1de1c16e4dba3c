"""The words of OOAPI v5 and v6, and ours for them; a word is compared in lower case with `_` and `-` as spaces.

Source: open-education-api/specification, release/5.0 and release/6.0 with its extensible enumerations; RIO and eduXchange consumers.
"""

import re
from collections.abc import Mapping
from typing import Final

from academy.catalogue.api import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    ModuleKind,
    OfferingState,
    ProgrammeType,
    TargetGroup,
)
from academy.exchange.payloads import Kind


def key_of(word: str) -> str:
    """Return the word as it is compared: `associate_degree` of v6 is `associate degree` of v5."""
    return " ".join(re.sub(r"[_-]", " ", word).split()).casefold()


# Level: the NLQF level, "" where the word says nothing about it (undivided, Nt2).
LEVELS: Final[Mapping[str, str]] = {
    "pre vocational": "", "secondary vocational education": "",
    "secondary vocational education 1": "1", "secondary vocational education 2": "2",
    "secondary vocational education 3": "3", "secondary vocational education 4": "4",
    "associate degree": "5", "bachelor": "6", "master": "7", "doctoral": "8", "post doctoral": "8",
    "undefined": "", "undivided": "", "nt2 1": "", "nt2 2": "",
}
QUALIFICATION_LEVELS: Final[Mapping[str, str]] = {
    **{str(level): str(level) for level in range(1, 9)}, "4+": "4+",
    "eqf 0": "", **{f"eqf {level}": str(level) for level in range(1, 9)}, "nlqf 4plus": "4+",
}
VOCATIONAL: Final = "secondary vocational education"

PROGRAMME_TYPES: Final[Mapping[str, ProgrammeType]] = {
    "program": ProgrammeType.PROGRAMME, "programme": ProgrammeType.PROGRAMME, "minor": ProgrammeType.MINOR,
    "honours": ProgrammeType.HONOURS, "specialization": ProgrammeType.SPECIALISATION,
    "specialisation": ProgrammeType.SPECIALISATION, "track": ProgrammeType.TRACK, "specification": ProgrammeType.SPECIFICATION,
}
SPECIFICATION_TYPES: Final = frozenset({"program", "privateprogram", "cluster", "course"})
VARIANTS: Final[Mapping[str, str]] = {
    "full time": "voltijd", "part time": "deeltijd", "dual training": "duaal", "self paced": "deeltijd",  # as RIO has it
}
# None: says how one works together, not where; then another word or nothing decides.
MODES: Final[Mapping[str, DeliveryMode | None]] = {
    "distance learning": DeliveryMode.ONLINE, "online": DeliveryMode.ONLINE, "self study": DeliveryMode.ONLINE,
    "coil": DeliveryMode.ONLINE, "on campus": DeliveryMode.ON_CAMPUS, "situated": DeliveryMode.ON_CAMPUS,
    "presential": DeliveryMode.ON_CAMPUS, "research lab based": DeliveryMode.ON_CAMPUS, "lecture": DeliveryMode.ON_CAMPUS,
    "hybrid": DeliveryMode.BLENDED, "blended": DeliveryMode.BLENDED, "work based": DeliveryMode.IN_COMPANY,
    "joint delivery": None, "project based": None, "coaching": None,
}
STATES: Final[Mapping[str, OfferingState]] = {str(state): state for state in OfferingState}
TARGET_GROUPS: Final[Mapping[str, TargetGroup]] = {
    "public": TargetGroup.PUBLIC, "everyone": TargetGroup.PUBLIC, "guests": TargetGroup.PUBLIC,
    "employers": TargetGroup.EMPLOYERS, "employees": TargetGroup.EMPLOYERS, "x employer sponsored": TargetGroup.EMPLOYERS,
    "students": TargetGroup.STUDENTS, "own students": TargetGroup.STUDENTS, "pupils": TargetGroup.PUPILS,
}
CERTIFICATES: Final[Mapping[str, CertificateKind]] = {
    "diploma": CertificateKind.DIPLOMA, "certificate": CertificateKind.CERTIFICATE, "testimonial": CertificateKind.PARTICIPATION,
    "no official document": CertificateKind.NONE, "school advice": CertificateKind.NONE,
    "micro credential certificate": CertificateKind.MICROCREDENTIAL,
}
STUDY_LOADS: Final = frozenset({"contacttime", "contact time", "ects", "sbu", "sp", "hour"})
HOURS: Final = frozenset({"hour", "sbu"})
COST_TYPES: Final = frozenset({"total costs", "stap eligible"})

# Register codes of five digits are read with `parse_register_code`; the word does not say which of the two registers it is.
REGISTER_CODE: Final = "crohocrebocode"
CODE_SCHEMES: Final[Mapping[str, CodeScheme]] = {
    "croho": CodeScheme.CROHO, "crebo": CodeScheme.CREBO, "rio": CodeScheme.RIO, "brin": CodeScheme.BRIN,
    "institution code": CodeScheme.INSTITUTION_CODE, "programcode": CodeScheme.PROGRAMME_CODE,
    "programme code": CodeScheme.PROGRAMME_CODE, "kvk": CodeScheme.KVK, "kvk organisation id": CodeScheme.KVK,
    "kvk establishment id": CodeScheme.KVK_ESTABLISHMENT,
}
OFFERER_CODE: Final = re.compile(r"\d{3}A\d{3}")  # onderwijsaanbieder in RIO
LOCATION_CODE: Final = re.compile(r"\d{3}X\d{3}")  # onderwijslocatie in RIO

# ISO 639-2, both its terminology and bibliographic codes, to the two letters that the catalogue uses.
LANGUAGES: Final[Mapping[str, str]] = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en",
    "est": "et", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "fry": "fy", "ger": "de", "gle": "ga", "gre": "el", "heb": "he",
    "hin": "hi", "hrv": "hr", "hun": "hu", "ind": "id", "isl": "is", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt",
    "ltz": "lb", "mlt": "mt", "nld": "nl", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro", "rus": "ru",
    "slk": "sk", "slo": "sk", "slv": "sl", "som": "so", "spa": "es", "sqi": "sq", "srp": "sr", "swe": "sv", "tha": "th", "tir": "ti",
    "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "zho": "zh", "chi": "zh",
}

# ISCED-F 2013, the narrow fields (three digits); the detailed ones of four digits begin with them.
FIELDS: Final[Mapping[str, str]] = {
    "001": "Basiskennis", "002": "Taal en rekenen", "003": "Persoonlijke ontwikkeling", "011": "Onderwijs", "021": "Kunst",
    "022": "Geesteswetenschappen", "023": "Talen", "031": "Sociale wetenschappen", "032": "Journalistiek en informatie",
    "041": "Bedrijf en administratie", "042": "Recht", "051": "Biologie", "052": "Milieu", "053": "Natuurwetenschappen",
    "054": "Wiskunde en statistiek", "061": "ICT", "071": "Techniek", "072": "Productie en verwerking", "073": "Architectuur en bouw",
    "081": "Landbouw", "082": "Bosbouw", "083": "Visserij", "084": "Diergeneeskunde", "091": "Gezondheidszorg", "092": "Welzijn",
    "101": "Persoonlijke dienstverlening", "102": "Arbeidsomstandigheden", "103": "Veiligheid", "104": "Vervoer",
}

# OOAPI has assessment in words only; a form is recognised by a word that can mean nothing else.
ASSESSMENTS: Final[Mapping[AssessmentForm, re.Pattern[str]]] = {
    form: re.compile(rf"\b(?:{words})", re.IGNORECASE) for form, words in {
        AssessmentForm.WRITTEN_EXAM: r"written exam|written test|schriftelijk",
        AssessmentForm.DIGITAL_EXAM: r"digital exam|digital test|digitale? (?:toets|tentamen)",
        AssessmentForm.ORAL: r"oral exam|mondeling",
        AssessmentForm.PORTFOLIO: r"portfolio",
        AssessmentForm.PRESENTATION: r"presentati",
        AssessmentForm.ASSIGNMENT: r"assignment|opdracht",
    }.items()
}


# What v5 requires and v6 no longer does; without a name or primary code an item is refused in either.
REQUIRED: Final[Mapping[tuple[Kind, int], tuple[str, ...]]] = {
    (Kind.PROGRAM, 5): ("abbreviation", "description", "teachingLanguage"),
    (Kind.COURSE, 5): ("abbreviation", "description", "teachingLanguage", "level"),
    (Kind.OFFERING, 5): ("offeringType", "description", "teachingLanguage", "resultExpected"),
}


def module_kind(level: str) -> ModuleKind:
    """Return what kind of module a course of this level (a word of OOAPI) is."""
    word = key_of(level)
    if word == "associate degree":
        return ModuleKind.AD_MODULE
    if word.startswith(VOCATIONAL):
        return ModuleKind.MBO_PART
    return ModuleKind.LANGUAGE_MODULE if word.startswith("nt2") else ModuleKind.LOOSE_MODULE
