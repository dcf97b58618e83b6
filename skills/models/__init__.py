"""Tables of this package, one module a subject."""

from skills.models.assessment import (
    AssessmentAnswer,
    AssessmentCompetency,
    AssessmentRound,
    AssessmentTarget,
    AssessmentTask,
    ResultBatch,
    ResultRow,
)
from skills.models.dictionary import (
    Competency,
    CompetencyEdition,
    CompetencyLevel,
    CompetencyMapping,
    Framework,
    LevelPath,
    LevelPathStep,
    Standard,
    StandardItem,
)
from skills.models.imports import ImportBatch, ImportMapping, ImportRow
from skills.models.organisation import Opd, Unit
from skills.models.outside import OutsideRecord, ProfileMilestone
from skills.models.people import (
    DisciplineRecord,
    EducationRecord,
    Employee,
    PortfolioItem,
    Position,
    PositionRecord,
    SkpRecord,
    TrainingRecord,
)
from skills.models.profiles import (
    Claim,
    ClaimEvidence,
    ClaimStep,
    LevelInForce,
    LevelRecord,
    ProfileVector,
    RejectionReason,
)
from skills.models.quality import QualitySnapshot, ReconciliationItem
from skills.models.reference import ReferenceSet
from skills.models.rights import Consent, DataContest

__all__ = [
    "AssessmentAnswer",
    "AssessmentCompetency",
    "AssessmentRound",
    "AssessmentTarget",
    "AssessmentTask",
    "ResultBatch",
    "ResultRow",
    "QualitySnapshot",
    "ReconciliationItem",
    "Consent",
    "DataContest",
    "Claim",
    "ClaimEvidence",
    "ClaimStep",
    "Competency",
    "CompetencyEdition",
    "CompetencyLevel",
    "CompetencyMapping",
    "DisciplineRecord",
    "EducationRecord",
    "Employee",
    "Framework",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "LevelInForce",
    "LevelPath",
    "LevelPathStep",
    "LevelRecord",
    "Opd",
    "OutsideRecord",
    "ProfileMilestone",
    "PortfolioItem",
    "Position",
    "PositionRecord",
    "ProfileVector",
    "ReferenceSet",
    "RejectionReason",
    "SkpRecord",
    "Standard",
    "StandardItem",
    "TrainingRecord",
    "Unit",
]
