"""The profile's blueprint with all its routes: importing them is what registers them."""

from app.web.profile import outside, own_data, papers, portfolio, rights
from app.web.profile.routes import bp

__all__ = ["bp", "outside", "own_data", "papers", "portfolio", "rights"]
