"""All views of seats on one blueprint."""

from app.web.seats import candidate, own, panel, papers, placements, review, sheets
from app.web.seats.routes import bp

__all__ = ["bp", "candidate", "own", "panel", "papers", "placements", "review", "sheets"]
