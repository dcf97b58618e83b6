"""What becomes of a certificate: issued with its file, revoked with a reason; nothing is deleted.

Issuing writes the competency evidence and the training record into the profile, so that nobody
types it again; revoking withdraws both.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.certificates.facts import CertificateFacts, from_json
from courses.enums import CertificateState, LevelEffect
from courses.models import Certificate, Enrolment, Session
from skills.enums import LevelSource
from skills.models import TrainingRecord
from skills.rules import months_after
from skills.services.levels import record_level, withdraw_levels


def canonical_facts(data: bytes) -> dict[str, Any]:
    """Return canonical facts as the JSON column keeps them."""
    content: dict[str, Any] = json.loads(data)
    return content


def facts_of(certificate: Certificate) -> CertificateFacts:
    """Return the frozen facts of a certificate."""
    text = json.dumps(certificate.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return from_json(text.encode())


def mark_issued(
    session: DbSession, *, certificate: Certificate, file_id: int, file_hash: str, key_id: str
) -> None:
    """Record the finished file of a reserved certificate and bring it into the profile.

    Raises:
        InvalidTransition: the certificate is not waiting for its file.
    """
    if certificate.state != CertificateState.RESERVED:
        raise InvalidTransition(N_("Sertifikat ini sudah diterbitkan atau dibatalkan."))
    certificate.state = CertificateState.ISSUED
    certificate.file_id, certificate.file_hash, certificate.key_id = file_id, file_hash, key_id
    certificate.issued_at = clock.now()
    session.flush()
    record(
        session,
        "courses:certificate:issue",
        certificate,
        people=_people(certificate),
        number=certificate.number,
        file_hash=file_hash,
    )
    if certificate.enrolment_id is not None:
        _into_profile(session, certificate)


def _into_profile(session: DbSession, certificate: Certificate) -> None:
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    run = session.get_one(Session, enrolment.session_id)
    session.add(
        TrainingRecord(
            employee_id=enrolment.employee_id,
            title=run.title,
            organiser=run.organiser.name,
            form_code=run.course.form_code,
            number=certificate.number,
            started_on=run.starts_on,
            ended_on=run.ends_on,
            jp=run.course.jp,
            valid_until=certificate.valid_until,
            file_id=certificate.file_id,
            state="verified",
            source="platform",
            reference=_reference(certificate),
        )
    )
    session.flush()
    for item in run.course.competencies:
        if item.effect != LevelEffect.SET:
            continue
        record_level(
            session,
            employee_id=enrolment.employee_id,
            competency_id=item.competency_id,
            level=item.to_level,
            source=LevelSource.CERTIFICATE,
            obtained_on=run.ends_on,
            valid_until=_shelf(item.competency.shelf_life_months, run, certificate),
            reference=_reference(certificate),
            note=certificate.number,
        )
    notify(
        session,
        employee_id=enrolment.employee_id,
        kind="certificate",
        message=Message(N_("Sertifikat %(title)s telah terbit."), {"title": run.title}),
        url="/pelatihan/saya",
        email=True,
        key=f"certificate:{certificate.id}:issued",
    )


def _shelf(months: int | None, run: Session, certificate: Certificate) -> date | None:
    """Return the earlier of the competency's shelf life and the certificate's own end."""
    ends = [certificate.valid_until, months_after(run.ends_on, months) if months else None]
    return min((day for day in ends if day is not None), default=None)


def revoke(session: DbSession, *, actor: Actor, certificate: Certificate, reason: str) -> None:
    """Revoke an issued certificate; what it proved no longer counts, the record stays.

    Raises:
        InvalidInput: no reason.
        InvalidTransition: it is not in force.
    """
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan pencabutan."), field="reason")
    if certificate.state != CertificateState.ISSUED:
        raise InvalidTransition(N_("Hanya sertifikat yang berlaku dapat dicabut."))
    certificate.state = CertificateState.REVOKED
    certificate.revoked_at, certificate.revoked_reason = clock.now(), reason.strip()
    session.flush()
    record(
        session,
        "courses:certificate:revoke",
        certificate,
        people=_people(certificate),
        changes={"state": (CertificateState.ISSUED, CertificateState.REVOKED)},
        reason=reason,
    )
    withdraw_levels(session, reason=reason, reference=_reference(certificate))
    _withdraw_training(session, certificate)
    if certificate.employee_id is not None:
        notify(
            session,
            employee_id=certificate.employee_id,
            kind="certificate",
            message=Message(
                N_("Sertifikat nomor %(number)s dicabut: %(reason)s"),
                {"number": certificate.number, "reason": reason},
            ),
            url="/pelatihan/saya",
            email=True,
            key=f"certificate:{certificate.id}:revoked",
        )


def _withdraw_training(session: DbSession, certificate: Certificate) -> None:
    row = session.scalar(
        select(TrainingRecord).where(TrainingRecord.reference == _reference(certificate))
    )
    if row is not None:
        row.state = "revoked"
        session.flush()


def void_unused(
    session: DbSession, *, certificates: Sequence[Certificate], reason: str
) -> list[str]:
    """Record reserved numbers that will not be used as void (batal); return the numbers."""
    numbers = []
    for certificate in certificates:
        if certificate.state == CertificateState.RESERVED:
            certificate.state = CertificateState.VOID
            certificate.revoked_at, certificate.revoked_reason = clock.now(), reason
            record(
                session,
                "courses:certificate:void",
                certificate,
                people=_people(certificate),
                reason=reason,
            )
            numbers.append(certificate.number)
    session.flush()
    return numbers


def find_by_code(session: DbSession, code: str) -> Certificate | None:
    """Return the certificate of a verification code, or None."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def state_on(certificate: Certificate, day: date) -> str:
    """Return the state a reader must know: valid, expired, revoked, replaced or unfinished."""
    if certificate.state == CertificateState.ISSUED:
        until = certificate.valid_until
        return "expired" if until is not None and until < day else "valid"
    return str(certificate.state)


def _reference(certificate: Certificate) -> str:
    return f"certificate:{certificate.id}"


def _people(certificate: Certificate) -> list[int]:
    return [certificate.employee_id] if certificate.employee_id is not None else []
