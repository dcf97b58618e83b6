"""All pages of sessions; importing this module puts them on the blueprint."""

from app.web.training_sessions import (
    approvals,
    attendance,
    bulk,
    checkin,
    interest,
    issuing,
    papers,
    people,
    schedule,
    seats,
)
from app.web.training_sessions.board import bp

__all__ = [
    "approvals",
    "attendance",
    "bp",
    "bulk",
    "checkin",
    "interest",
    "issuing",
    "papers",
    "people",
    "schedule",
    "seats",
]
