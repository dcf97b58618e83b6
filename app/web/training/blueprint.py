"""The pages of the catalogue in one place: importing them gives the blueprint its routes."""

from app.web.training import editing
from app.web.training.routes import bp

__all__ = ["bp", "editing"]
