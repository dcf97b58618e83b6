"""Tables of this package, one module a subject."""

from matching.models.placement import Decision, Placement, ShortlistEntry
from matching.models.roles import Role, Seat
from matching.models.scouting import ModelVersion, ScoutingRun

__all__ = [
    "Decision",
    "ModelVersion",
    "Placement",
    "Role",
    "ScoutingRun",
    "Seat",
    "ShortlistEntry",
]
