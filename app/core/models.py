"""All tables of the ground, in one import for mappings and migrations."""

from app.core.accounts import models as accounts
from app.core.audit import AuditEvent, AuditPerson
from app.core.files import models as files
from app.core.jobs import models as jobs
from app.core.notifications import models as notifications

__all__ = ["AuditEvent", "AuditPerson", "accounts", "files", "jobs", "notifications"]
