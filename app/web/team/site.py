"""The team's blueprint with all its routes: importing them is what registers them."""

from app.web.team import proposals
from app.web.team.routes import bp

__all__ = ["bp", "proposals"]
