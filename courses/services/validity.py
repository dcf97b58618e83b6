"""A later or earlier end of validity for certificates that were issued, one by one or many at once.

The printed day stays in the frozen facts; the change stands beside it with its reason, has a row of
its own in the log, and the public check tells both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.models import ItemState, Job, JobItem
from app.core.jobs.registry import ItemOutcome, item_job_kind
from app.core.jobs.services import enqueue
from app.core.notifications.services import notify
from courses.enums import CertificateState
from courses.models import Certificate, ValidityChange
from courses.queries.certificate_list import CertificateFilter, certificates_statement
from courses.services import certificate_log
from courses.services.certificate_records import checked_reason, item_name
from courses.services.profile_effects import LEARNING_PAGE, move_shelf_life

VALIDITY_JOB = "certificates.validity"


@dataclass(frozen=True)
class ValidityPreview:
    """What a change would do: how many change, how many end that day or before, who is left."""

    changed: Sequence[Certificate]
    unchanged: int
    not_in_force: int


def preview_validity(
    session: DbSession, *, wanted: CertificateFilter, until: date | None
) -> ValidityPreview:
    """Return what a change of the whole filtered list would do.

    Args:
        until: new last day of validity, None for none.
    """
    rows = session.scalars(
        certificates_statement(wanted).order_by(Certificate.number, Certificate.id)
    ).all()
    in_force = [row for row in rows if row.state == CertificateState.ISSUED]
    changed = [row for row in in_force if row.valid_until != until]
    return ValidityPreview(changed, len(in_force) - len(changed), len(rows) - len(in_force))


def start_validity(
    session: DbSession,
    *,
    actor: Actor,
    wanted: CertificateFilter,
    until: date | None,
    reason: str,
) -> Job:
    """Start the job that changes every certificate of a filtered list.

    Raises:
        InvalidInput: no reason, or nothing would change.
    """
    reason = checked_reason(reason)
    rows = preview_validity(session, wanted=wanted, until=until).changed
    if not rows:
        raise InvalidInput(N_("Tidak ada sertifikat yang berubah."), field="until")
    return enqueue(
        session,
        kind=VALIDITY_JOB,
        title=Message(N_("Mengubah masa berlaku %(count)s sertifikat"), {"count": len(rows)}),
        actor=actor,
        params={"until": until.isoformat() if until else None, "reason": reason},
        items=[(item_name(row), {"certificate_id": row.id}) for row in rows],
    )


@item_job_kind(VALIDITY_JOB)
def change_one(session: DbSession, job: Job, item: JobItem) -> ItemOutcome:
    """Change one certificate of the list."""
    row = session.scalar(
        select(Certificate)
        .where(Certificate.id == item.payload["certificate_id"])
        .with_for_update()
    )
    until = date.fromisoformat(job.params["until"]) if job.params["until"] else None
    if row is None or row.state != CertificateState.ISSUED or row.valid_until == until:
        return ItemOutcome(ItemState.SKIPPED, Message(N_("Tidak berlaku lagi atau sudah sama.")))
    change_validity(
        session,
        actor=session.info["actor"],
        certificate=row,
        until=until,
        reason=job.params["reason"],
    )
    return ItemOutcome(ItemState.DONE, Message(N_("Masa berlaku diubah.")))


def change_validity(
    session: DbSession,
    *,
    actor: Actor,
    certificate: Certificate,
    until: date | None,
    reason: str,
) -> ValidityChange:
    """Give an issued certificate another last day, with a reason that the public check shows.

    Raises:
        InvalidTransition: it is not in force.
        InvalidInput: no reason, or a day before the issue.
    """
    reason = checked_reason(reason)
    if certificate.state != CertificateState.ISSUED:
        raise InvalidTransition(N_("Hanya sertifikat yang berlaku dapat diubah masanya."))
    if until is not None and until < certificate.issued_on:
        raise InvalidInput(N_("Masa berlaku tidak boleh berakhir sebelum terbit."), field="until")
    before, certificate.valid_until = certificate.valid_until, until
    session.flush()
    entry = certificate_log.append(
        session,
        certificate=certificate,
        kind=certificate_log.VALIDITY,
        change=certificate_log.NewTerm(until, reason),
    )
    row = ValidityChange(
        certificate_id=certificate.id,
        position=entry.position,
        before=before,
        after=until,
        reason=reason,
        changed_at=clock.now(),
        changed_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    people = [certificate.employee_id] if certificate.employee_id is not None else []
    record(
        session,
        "courses:certificate:validity",
        certificate,
        people=people,
        changes={"valid_until": (before, until)},
        reason=reason,
        log_position=entry.position,
        log_root=entry.root,
    )
    move_shelf_life(session, certificate)
    if certificate.employee_id is not None:
        notify(
            session,
            employee_id=certificate.employee_id,
            kind="certificate",
            message=_told(certificate, until, reason),
            url=LEARNING_PAGE,
            email=True,
            key=f"certificate:{certificate.id}:validity:{row.id}",
        )
    return row


def _told(certificate: Certificate, until: date | None, reason: str) -> Message:
    values: dict[str, Any] = {"number": certificate.number, "reason": reason}
    if until is None:
        return Message(N_("Sertifikat %(number)s kini tanpa batas waktu: %(reason)s"), values)
    return Message(
        N_("Sertifikat %(number)s kini berlaku sampai %(day)s: %(reason)s"),
        values | {"day": until},
    )


def changes_of(session: DbSession, certificate_id: int) -> Sequence[ValidityChange]:
    """Return the changes of one certificate, the oldest first."""
    return session.scalars(
        select(ValidityChange)
        .where(ValidityChange.certificate_id == certificate_id)
        .order_by(ValidityChange.position)
    ).all()


def last_changes(session: DbSession) -> Mapping[int, ValidityChange]:
    """Return the change that counts, by certificate."""
    rows = session.scalars(select(ValidityChange).order_by(ValidityChange.position))
    return {row.certificate_id: row for row in rows}
