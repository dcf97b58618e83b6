"""All pages of sessions; importing this module puts them on the blueprint."""

from app.web.training_sessions import attendance, checkin, issuing, papers, people
from app.web.training_sessions.board import bp

__all__ = ["attendance", "bp", "checkin", "issuing", "papers", "people"]
