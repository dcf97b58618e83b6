"""Corrections after a session was closed: with a reason, and a new certificate for a wrong one.

Nothing is overwritten in a certificate. A correction that changes what it says makes a new one; the
old one says that it was replaced, since when, why and by which.
"""

from datetime import date

from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.models import Job
from app.core.notifications.services import notify
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Enrolment, Session, Signatory
from courses.queries.scores import evaluated
from courses.rules import Verdict, verdict
from courses.services import certificate_log
from courses.services.certificate_records import checked_reason, revoke
from courses.services.issuing import issue_certificates
from courses.services.profile_effects import LEARNING_PAGE, out_of_profile
from courses.services.results import open_certificate, pass_rule
from courses.services.seats import lock_session
from courses.services.templates import find_template


def correct_result(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    enrolment: Enrolment,
    score: float | None,
    attendance: float,
    reason: str,
) -> Verdict:
    """Correct score and attendance of somebody in a closed session and judge again.

    Somebody who no longer passes loses a certificate that was issued; somebody whose certificate
    prints the score gets a new one by `replace_certificate`.

    Args:
        score: 0 to 100, or None for none.
        attendance: percent of the meetings.

    Raises:
        InvalidTransition: the session is not closed.
        InvalidInput: no reason, or a number out of range.
    """
    lock_session(session, run.id)
    reason = checked_reason(reason)
    if run.state != SessionState.COMPLETED or enrolment.session_id != run.id:
        raise InvalidTransition(N_("Koreksi hanya untuk peserta sesi yang sudah ditutup."))
    if not 0 <= attendance <= 100:
        raise InvalidInput(N_("Kehadiran harus antara 0 dan 100 persen."), field="attendance")
    if score is not None and not 0 <= score <= 100:
        raise InvalidInput(N_("Nilai harus antara 0 dan 100."), field="score")
    before = (enrolment.state, enrolment.score, enrolment.attendance_percent)
    filled = enrolment.id in evaluated(session, run)
    outcome = verdict(attendance, score, pass_rule(run.course), evaluated=filled)
    passed = outcome is Verdict.PASSED
    enrolment.score, enrolment.attendance_percent = score, attendance
    enrolment.state = EnrolmentState.PASSED if passed else EnrolmentState.FAILED
    enrolment.result_reason = None if passed else outcome.value
    session.flush()
    after = (enrolment.state, enrolment.score, enrolment.attendance_percent)
    names = ("state", "score", "attendance_percent")
    record(
        session,
        "courses:result:correct",
        enrolment,
        people=[enrolment.employee_id],
        changes={n: (b, a) for n, b, a in zip(names, before, after, strict=True) if a != b},
        reason=reason,
    )
    certificate = open_certificate(session, enrolment.id)
    if not passed and certificate is not None and certificate.state == CertificateState.ISSUED:
        revoke(session, actor=actor, certificate=certificate, reason=reason)
    return outcome


def replace_certificate(
    session: DbSession,
    *,
    actor: Actor,
    certificate: Certificate,
    signatory: Signatory,
    reason: str,
    issued_on: date | None = None,
) -> Job:
    """Replace an issued certificate by a new one from the data of today; return the job.

    The old one is withdrawn at once, so that two never stand side by side, and names the new one
    as soon as that has its number.

    Raises:
        InvalidInput: no reason.
        InvalidTransition: it is not in force, or is a record without a session.
    """
    reason = checked_reason(reason)
    if certificate.state != CertificateState.ISSUED or certificate.enrolment_id is None:
        raise InvalidTransition(N_("Hanya sertifikat sesi yang berlaku dapat diganti."))
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    run = session.get_one(Session, enrolment.session_id)
    lock_session(session, run.id)
    _withdraw(session, actor, certificate, reason)
    job = issue_certificates(
        session,
        actor=actor,
        run=run,
        enrolment_ids=[enrolment.id],
        signatory=signatory,
        issued_on=issued_on,
        template=find_template(session, certificate.template_id),
    )
    follower = open_certificate(session, enrolment.id)
    assert follower is not None  # reserved just above
    certificate.replaced_by_id = follower.id
    session.flush()
    _record(session, certificate, follower, reason)
    return job


def _withdraw(session: DbSession, actor: Actor, certificate: Certificate, reason: str) -> None:
    certificate.state = CertificateState.REPLACED
    certificate.revoked_at, certificate.revoked_reason = clock.now(), reason
    session.flush()
    out_of_profile(session, certificate, actor=actor, reason=reason)


def _record(
    session: DbSession, certificate: Certificate, follower: Certificate, reason: str
) -> None:
    entry = certificate_log.append(session, certificate=certificate, kind=certificate_log.REPLACE)
    people = [certificate.employee_id] if certificate.employee_id is not None else []
    record(
        session,
        "courses:certificate:replace",
        certificate,
        people=people,
        changes={"state": (CertificateState.ISSUED, CertificateState.REPLACED)},
        replaced_by=follower.number,
        reason=reason,
        log_position=entry.position,
        log_root=entry.root,
    )
    if certificate.employee_id is not None:
        notify(
            session,
            employee_id=certificate.employee_id,
            kind="certificate",
            message=Message(
                N_("Sertifikat nomor %(number)s diganti dengan nomor %(follower)s: %(reason)s"),
                {"number": certificate.number, "follower": follower.number, "reason": reason},
            ),
            url=LEARNING_PAGE,
            email=True,
            key=f"certificate:{certificate.id}:replaced",
        )
