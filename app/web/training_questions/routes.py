"""All pages of question banks; importing this module puts them on the blueprint."""

from app.web.training_questions import transfer
from app.web.training_questions.bank import bp

__all__ = ["bp", "transfer"]
