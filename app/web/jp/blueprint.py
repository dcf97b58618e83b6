"""The pages of hours in one place: importing them gives the blueprint its routes."""

from app.web.jp import claims, outside, records, routes
from app.web.jp.site import bp

__all__ = ["bp", "claims", "outside", "records", "routes"]
