"""What becomes of a certificate: issued with its file, revoked with a reason, never deleted."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.certificates.facts import CertificateFacts, from_json
from courses.enums import CertificateState
from courses.models import Certificate
from courses.services import certificate_log
from courses.services.profile_effects import LEARNING_PAGE, into_profile, out_of_profile

REASON_LENGTH = 300


def canonical_facts(data: bytes) -> dict[str, Any]:
    """Return canonical facts as the JSON column keeps them."""
    content: dict[str, Any] = json.loads(data)
    return content


def facts_of(certificate: Certificate) -> CertificateFacts:
    """Return the frozen facts of a certificate."""
    text = json.dumps(certificate.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return from_json(text.encode())


def item_name(certificate: Certificate) -> str:
    """Return how a job's report names a certificate: by its number and its holder."""
    return f"{certificate.number} – {certificate.facts['holder']}"[:200]


def mark_issued(
    session: DbSession, *, certificate: Certificate, file_id: int, file_hash: str, key_id: str
) -> None:
    """Record the finished file of a reserved certificate, log it, and bring it into the profile.

    Raises:
        InvalidTransition: the certificate is not waiting for its file.
    """
    if certificate.state != CertificateState.RESERVED:
        raise InvalidTransition(N_("Sertifikat ini sudah diterbitkan atau dibatalkan."))
    certificate.state = CertificateState.ISSUED
    certificate.file_id, certificate.file_hash, certificate.key_id = file_id, file_hash, key_id
    certificate.issued_at = clock.now()
    session.flush()
    entry = certificate_log.append(session, certificate=certificate, kind=certificate_log.ISSUE)
    record(
        session,
        "courses:certificate:issue",
        certificate,
        people=_people(certificate),
        number=certificate.number,
        file_hash=file_hash,
        log_position=entry.position,
        log_root=entry.root,
    )
    into_profile(session, certificate)


def revoke(session: DbSession, *, actor: Actor, certificate: Certificate, reason: str) -> None:
    """Revoke an issued certificate; what it proved no longer counts, the record stays.

    Raises:
        InvalidInput: no reason, or one that is too long to print.
        InvalidTransition: it is not in force.
    """
    reason = checked_reason(reason)
    if certificate.state != CertificateState.ISSUED:
        raise InvalidTransition(N_("Hanya sertifikat yang berlaku dapat dicabut."))
    certificate.state = CertificateState.REVOKED
    certificate.revoked_at, certificate.revoked_reason = clock.now(), reason
    session.flush()
    entry = certificate_log.append(session, certificate=certificate, kind=certificate_log.REVOKE)
    record(
        session,
        "courses:certificate:revoke",
        certificate,
        people=_people(certificate),
        changes={"state": (CertificateState.ISSUED, CertificateState.REVOKED)},
        reason=reason,
        log_position=entry.position,
        log_root=entry.root,
    )
    out_of_profile(session, certificate, actor=actor, reason=reason)
    if certificate.employee_id is not None:
        notify(
            session,
            employee_id=certificate.employee_id,
            kind="certificate",
            message=Message(
                N_("Sertifikat nomor %(number)s dicabut: %(reason)s"),
                {"number": certificate.number, "reason": reason},
            ),
            url=LEARNING_PAGE,
            email=True,
            key=f"certificate:{certificate.id}:revoked",
        )


def checked_reason(reason: str) -> str:
    """Return a reason that can be stored and shown to the public.

    Raises:
        InvalidInput: it is empty or too long.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput(N_("Isi alasan pencabutan."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise InvalidInput(
            Message(N_("Alasan paling panjang %(count)s huruf."), {"count": REASON_LENGTH}),
            field="reason",
        )
    return reason


def void_unused(
    session: DbSession, *, certificates: Sequence[Certificate], reason: str
) -> list[str]:
    """Record reserved numbers that will not be used as void (batal); return the numbers.

    Raises:
        InvalidInput: no reason, or one that is too long.
    """
    reason = checked_reason(reason)
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


def find_certificate(
    session: DbSession, certificate_id: int, *, lock: bool = False
) -> Certificate | None:
    """Return a certificate with its holder, or None; `lock` keeps others from changing it."""
    statement = select(Certificate).where(Certificate.id == certificate_id)
    if lock:
        statement = statement.with_for_update()
    else:
        statement = statement.options(joinedload(Certificate.employee))
    return session.scalar(statement)


def chain_of(session: DbSession, certificate: Certificate) -> Sequence[Certificate]:
    """Return what was replaced by what and renewed by what around it, the oldest first."""
    same = (
        Certificate.enrolment_id == certificate.enrolment_id
        if certificate.enrolment_id is not None
        else Certificate.id == certificate.id
    )
    around = (
        same,
        Certificate.renews_id == certificate.id,
        Certificate.id == (certificate.renews_id or 0),
    )
    return session.scalars(select(Certificate).where(or_(*around)).order_by(Certificate.id)).all()


def neighbours_of(session: DbSession, certificate: Certificate) -> tuple[str | None, str | None]:
    """Return the codes of the certificate this one renews and of the one that renews it."""
    before = session.get(Certificate, certificate.renews_id) if certificate.renews_id else None
    after = session.scalar(
        select(Certificate.code)
        .where(
            Certificate.renews_id == certificate.id, Certificate.state == CertificateState.ISSUED
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return (before.code if before is not None else None), after


def state_on(certificate: Certificate, day: date) -> str:
    """Return the state a reader must know: valid, expired, revoked, replaced, void or reserved."""
    if certificate.state == CertificateState.ISSUED:
        until = certificate.valid_until
        return "expired" if until is not None and until < day else "valid"
    return str(certificate.state)


def _people(certificate: Certificate) -> list[int]:
    return [certificate.employee_id] if certificate.employee_id is not None else []
