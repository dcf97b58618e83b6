"""All pages of assignments; importing this module puts them on the blueprint.

The daily word to organisers comes along: its kind of job is known once it is imported.
"""

from app.web.training_assignments import export, grading, setup
from app.web.training_assignments.mine import bp
from courses.services import hand_in_digest

__all__ = ["bp", "export", "grading", "hand_in_digest", "setup"]
