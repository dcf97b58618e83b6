"""All pages of tests; importing this module puts them on the blueprint."""

from app.web.training_tests import mine, passing, setup
from app.web.training_tests.taking import bp

__all__ = ["bp", "mine", "passing", "setup"]
