"""All views of assessment on one blueprint."""

from app.web.assessment import centre, results, rounds
from app.web.assessment.rating import bp

__all__ = ["bp", "centre", "results", "rounds"]
