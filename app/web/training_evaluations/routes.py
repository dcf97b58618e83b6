"""All pages of evaluations; importing this module puts them on the blueprint."""

from app.web.training_evaluations import follow_up
from app.web.training_evaluations.level_one import bp

__all__ = ["bp", "follow_up"]
