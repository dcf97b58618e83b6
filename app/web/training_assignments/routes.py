"""All pages of assignments; importing this module puts them on the blueprint."""

from app.web.training_assignments import grading, setup
from app.web.training_assignments.mine import bp

__all__ = ["bp", "grading", "setup"]
