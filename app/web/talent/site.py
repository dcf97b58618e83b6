"""The blueprint of the nine boxes with all its views."""

from app.web.talent import compare, meetings
from app.web.talent.routes import bp

__all__ = ["bp", "compare", "meetings"]
