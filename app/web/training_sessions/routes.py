"""All pages of sessions; importing this module puts them on the blueprint."""

from app.web.training_sessions import (
    approvals,
    attendance,
    attendance_import,
    bulk,
    checkin,
    interest,
    issue_sheet,
    issuing,
    messages,
    overview,
    papers,
    people,
    schedule,
    seats,
)
from app.web.training_sessions.board import bp

__all__ = [
    "approvals",
    "attendance",
    "attendance_import",
    "bp",
    "bulk",
    "checkin",
    "interest",
    "issue_sheet",
    "issuing",
    "messages",
    "overview",
    "papers",
    "people",
    "schedule",
    "seats",
]
