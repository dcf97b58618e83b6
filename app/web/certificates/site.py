"""All pages of certificates; importing this module puts them on the blueprint."""

from app.web.certificates import legacy, numbers, renewals, report, templates, validity
from app.web.certificates.routes import bp

__all__ = ["bp", "legacy", "numbers", "renewals", "report", "templates", "validity"]
