"""Tables of this package, one module a subject."""

from matching.models.placement import Decision, Placement, ShortlistEntry
from matching.models.process import (
    Contest,
    ContestCategory,
    DecisionSignature,
    FairnessSheet,
    Invitation,
    LetterSeries,
    PanelCriterion,
    PanelScore,
    SavedSearch,
    SeatInterest,
)
from matching.models.roles import Role, Seat
from matching.models.scouting import ModelVersion, ScoutingRun
from matching.models.talent import (
    AssignmentScenario,
    CalibrationMeeting,
    CalibrationMove,
    PoolEvent,
    PoolMember,
    ScenarioPlace,
    SeatSuccessor,
    TalentAssessment,
    TalentInput,
    TalentPool,
)

__all__ = [
    "AssignmentScenario",
    "CalibrationMeeting",
    "CalibrationMove",
    "Contest",
    "ContestCategory",
    "Decision",
    "DecisionSignature",
    "FairnessSheet",
    "Invitation",
    "LetterSeries",
    "ModelVersion",
    "PanelCriterion",
    "PanelScore",
    "Placement",
    "PoolEvent",
    "PoolMember",
    "Role",
    "SavedSearch",
    "ScenarioPlace",
    "ScoutingRun",
    "Seat",
    "SeatInterest",
    "SeatSuccessor",
    "ShortlistEntry",
    "TalentAssessment",
    "TalentInput",
    "TalentPool",
]
