"""Tables of the catalogue."""

from academy.catalogue.models.kinds import (
    AssessmentForm,
    CertificateKind,
    CodeScheme,
    DeliveryMode,
    ModuleKind,
    OfferingState,
    PartOfDay,
    PlaceKind,
    ProgrammeType,
    ProviderKind,
    PublicationAct,
    PublicationState,
    RequirementKind,
    TargetGroup,
)
from academy.catalogue.models.modules import (
    LearningOutcome,
    Module,
    ModulePrerequisite,
    ModuleVersion,
    OutcomeSkill,
    PublicationStep,
    WorkingCopy,
)
from academy.catalogue.models.offerings import ClassSession, EnrolmentPeriod, Offering
from academy.catalogue.models.prices import PriceStep
from academy.catalogue.models.programmes import Intake, Programme, ProgrammePartner, Requirement
from academy.catalogue.models.providers import ExternalCode, Place, Provider, ProviderName

__all__ = [
    "AssessmentForm", "CertificateKind", "ClassSession", "CodeScheme", "DeliveryMode", "EnrolmentPeriod", "ExternalCode", "Intake",
    "LearningOutcome", "Module", "ModuleKind", "ModulePrerequisite", "ModuleVersion", "Offering", "OfferingState", "OutcomeSkill", "PartOfDay", "Place", "PlaceKind",
    "PriceStep", "Programme", "ProgrammePartner", "ProgrammeType", "Provider", "ProviderKind", "ProviderName", "PublicationAct",
    "PublicationState", "PublicationStep", "Requirement", "RequirementKind", "TargetGroup", "WorkingCopy",
]
