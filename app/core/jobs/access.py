"""Who may see and steer jobs: the creator, and administrators."""

from typing import Any

from app.core.actor import Actor, RoleName
from app.core.permissions import Permission
from app.core.policy import grant, holds

every_job = holds(RoleName.ADMIN)
every_job_to_read = holds(RoleName.AUDITOR)


def own_job(actor: Actor, job: Any) -> bool:
    """Say yes to the creator; without a job, to everybody signed in."""
    if job is None:
        return actor.is_signed_in
    return actor.is_signed_in and job.created_by_id == actor.account_id


def register() -> None:
    """Put the predicates into the policy."""
    grant(Permission.JOB_READ, own_job, every_job, every_job_to_read)
    grant(Permission.JOB_MANAGE, own_job, every_job)
