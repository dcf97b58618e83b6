"""Tables of this package, one module a subject."""

from matching.models.placement import Decision, Placement, ShortlistEntry
from matching.models.process import (
    Contest,
    ContestCategory,
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

__all__ = [
    "Contest",
    "ContestCategory",
    "Decision",
    "FairnessSheet",
    "Invitation",
    "LetterSeries",
    "ModelVersion",
    "PanelCriterion",
    "PanelScore",
    "Placement",
    "Role",
    "SavedSearch",
    "ScoutingRun",
    "Seat",
    "SeatInterest",
    "ShortlistEntry",
]
