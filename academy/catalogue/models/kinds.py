"""The closed vocabularies of the catalogue; where OOAPI v6 has the word, its meaning is meant."""

from enum import StrEnum


class ProviderKind(StrEnum):
    HBO = "hbo"
    MBO = "mbo"
    UNIVERSITY = "university"
    COMPANY = "company"  # a commercial or in-company trainer
    CENTRE = "centre"  # Centrum voor Innovatief Vakmanschap, Centre of Expertise (requirement R13)
    PLATFORM = "platform"  # shows courses of others, such as MOOCs
    REGISTER = "register"  # a public list of programmes, such as CROHO: it teaches nothing itself


class ModuleKind(StrEnum):
    AD_MODULE = "ad_module"
    LOOSE_MODULE = "loose_module"
    MOOC = "mooc"
    MBO_PART = "mbo_part"
    LANGUAGE_MODULE = "language_module"
    TAILORED = "tailored"  # made for one employer or a pool of them


class ProgrammeType(StrEnum):
    """OOAPI v6 programmeType; a *specification* is the formal description that programmes and courses refer to."""

    PROGRAMME = "programme"
    MINOR = "minor"
    HONOURS = "honours"
    SPECIALISATION = "specialisation"
    TRACK = "track"
    SPECIFICATION = "specification"


class PublicationState(StrEnum):
    DRAFT = "draft"
    CHECK = "check"  # waits for the programme office
    PUBLISHED = "published"
    ARCHIVED = "archived"


class PublicationAct(StrEnum):
    """What someone did with a module's publication."""

    CREATED = "created"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    CHANGED = "changed"
    ARCHIVED = "archived"
    RESTORED = "restored"


class DeliveryMode(StrEnum):
    """Requirement R15: online from elsewhere, within companies, at a physical place; or a mix."""

    ON_CAMPUS = "on_campus"
    ONLINE = "online"
    IN_COMPANY = "in_company"
    BLENDED = "blended"


class AssessmentForm(StrEnum):
    WRITTEN_EXAM = "written_exam"
    DIGITAL_EXAM = "digital_exam"
    ORAL = "oral"
    PORTFOLIO = "portfolio"
    PROJECT = "project"
    ASSIGNMENT = "assignment"
    PRACTICAL = "practical"
    PRESENTATION = "presentation"
    PARTICIPATION = "participation"
    NONE = "none"


class CertificateKind(StrEnum):
    """What one gets in hand at the end; the Dutch words are those of the law."""

    NONE = "none"
    PARTICIPATION = "participation"
    CERTIFICATE = "certificate"
    MICROCREDENTIAL = "microcredential"
    MBO_CERTIFICATE = "mbo_certificate"
    MBO_STATEMENT = "mbo_statement"  # mbo-verklaring
    DIPLOMA = "diploma"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"
    EVENING = "evening"
    ANY = "any"


class OfferingState(StrEnum):
    """OOAPI v6: a concept is not public, an inactive one is past or switched off."""

    CONCEPT = "concept"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    INACTIVE = "inactive"


class TargetGroup(StrEnum):
    """For whom an enrolment period is (OOAPI v6 enrolmentPeriods.targetGroups)."""

    PUBLIC = "public"
    EMPLOYERS = "employers"  # seats that an employer pays
    STUDENTS = "students"  # already enrolled in a programme of the provider
    PUPILS = "pupils"  # of vo or mbo, with their school's consent


class PlaceKind(StrEnum):
    CAMPUS = "campus"
    HOST_COMPANY = "host_company"
    MEETING_PLACE = "meeting_place"


class RequirementKind(StrEnum):
    """A node of a programme's requirement tree."""

    ALL_OF = "all_of"
    CREDITS_OF = "credits_of"  # so many EC out of what stands below
    NUMBER_OF = "number_of"  # so many of what stands below
    MODULE = "module"  # a leaf


class CodeScheme(StrEnum):
    """Registers whose codes we keep; v6 calls BRIN an institution code and CROHO and CREBO programme codes."""

    CROHO = "croho"
    CREBO = "crebo"
    RIO = "rio"
    BRIN = "brin"
    INSTITUTION_CODE = "institution_code"
    PROGRAMME_CODE = "programme_code"
    KVK = "kvk"
    KVK_ESTABLISHMENT = "kvk_establishment"
    RIO_OFFERER = "rio_offerer"  # onderwijsaanbieder, 123A321
    RIO_LOCATION = "rio_location"  # onderwijslocatie, 123X321
    NLQF = "nlqf"  # registration of non-formal training
    OTHER = "other"
