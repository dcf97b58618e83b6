"""All pages of sessions; importing this module puts them on the blueprint."""

from app.web.training_sessions import attendance, issuing, people
from app.web.training_sessions.board import bp

__all__ = ["attendance", "bp", "issuing", "people"]
