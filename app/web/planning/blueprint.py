"""The pages of planning in one place: importing them gives the blueprint its routes."""

from app.web.planning import needs, papers, plans, proposals, unlock
from app.web.planning.site import bp

__all__ = ["bp", "needs", "papers", "plans", "proposals", "unlock"]
