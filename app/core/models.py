"""All tables of the ground, in one import for mappings and migrations."""

from app.core.accounts import models as accounts
from app.core.audit import AuditEvent, AuditPerson

__all__ = ["AuditEvent", "AuditPerson", "accounts"]
