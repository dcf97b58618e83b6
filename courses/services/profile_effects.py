"""What a certificate does to the holder's profile, and how that is taken back.

The training record and the level (or a claim for an assessor, by the course's rule) are written
when the file exists, so that nobody types them again.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.actor import Actor
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import LevelEffect
from courses.models import Certificate, CourseCompetency, Enrolment, Session
from skills.enums import LevelSource
from skills.models import Claim, ClaimEvidence, TrainingRecord
from skills.rules import months_after
from skills.services.claims import (
    WAITING,
    ClaimInput,
    attach_evidence,
    open_claim,
    save_claim,
    submit_claim,
    withdraw_claim,
)
from skills.services.level_ends import move_level_ends
from skills.services.levels import recompute_levels, record_level, withdraw_levels

LEARNING_PAGE = "/pelatihan/saya"


def into_profile(session: DbSession, certificate: Certificate) -> None:
    """Write training record and levels of an issued certificate, and tell its holder."""
    if certificate.enrolment_id is None:
        return
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    run = session.get_one(Session, enrolment.session_id)
    _add_training(session, certificate, enrolment.employee_id, run)
    for item in run.course.competencies:
        if item.effect == LevelEffect.SET:
            _set_level(session, certificate, enrolment.employee_id, run, item)
        else:
            _propose_level(session, certificate, enrolment.employee_id, run, item)
    for item in _carried_on(session, certificate, run):
        _set_level(session, certificate, enrolment.employee_id, run, item)
    # Also where the course sets no level: a path may ask for it.
    recompute_levels(session, employee_ids=[enrolment.employee_id])
    notify(
        session,
        employee_id=enrolment.employee_id,
        kind="certificate",
        message=Message(N_("Sertifikat %(title)s telah terbit."), {"title": run.title}),
        url=LEARNING_PAGE,
        email=True,
        key=f"certificate:{certificate.id}:issued",
    )


def _carried_on(
    session: DbSession, certificate: Certificate, run: Session
) -> list[CourseCompetency]:
    """Return what the renewed certificate proved and the shorter course does not name itself."""
    renewed = session.get(Certificate, certificate.renews_id) if certificate.renews_id else None
    if renewed is None or renewed.enrolment is None:
        return []
    named = {item.competency_id for item in run.course.competencies}
    before = renewed.enrolment.session.course.competencies
    return [
        item
        for item in sorted(before, key=lambda item: item.competency_id)
        if item.effect == LevelEffect.SET and item.competency_id not in named
    ]


def _add_training(
    session: DbSession, certificate: Certificate, employee_id: int, run: Session
) -> None:
    session.add(
        TrainingRecord(
            employee_id=employee_id,
            title=run.title,
            organiser=run.organiser.name,
            form_code=run.course.form_code,
            course_code=run.course.code,
            number=certificate.number,
            started_on=run.starts_on,
            ended_on=run.ends_on,
            jp=run.course.jp,
            valid_until=certificate.valid_until,
            file_id=certificate.file_id,
            state="verified",
            source="platform",
            reference=reference_of(certificate),
        )
    )
    session.flush()


def _set_level(
    session: DbSession,
    certificate: Certificate,
    employee_id: int,
    run: Session,
    item: CourseCompetency,
) -> None:
    record_level(
        session,
        employee_id=employee_id,
        competency_id=item.competency_id,
        level=item.to_level,
        source=LevelSource.CERTIFICATE,
        obtained_on=run.ends_on,
        valid_until=_shelf(item.competency.shelf_life_months, run, certificate),
        reference=reference_of(certificate),
        note=certificate.number,
        recompute=False,  # once for all of them, in `into_profile`
    )


def _propose_level(
    session: DbSession,
    certificate: Certificate,
    employee_id: int,
    run: Session,
    item: CourseCompetency,
) -> None:
    """Send a claim with the certificate as evidence; an assessor confirms it without retyping.

    A claim the person has open for the competency is theirs and stays as it is.
    """
    assert certificate.file_id is not None  # called by mark_issued, which sets it first
    if open_claim(session, employee_id=employee_id, competency_id=item.competency_id):
        return
    holder = Actor(employee_id=employee_id, label=run.organiser.name, is_system=True)
    claim = save_claim(
        session,
        actor=holder,
        values=ClaimInput(
            competency_id=item.competency_id,
            level=item.to_level,
            title=run.title,
            issuer=run.organiser.name,
            document_number=certificate.number,
            issued_on=certificate.issued_on,
            valid_until=certificate.valid_until,
            jp=run.course.jp,
        ),
    )
    attach_evidence(session, claim=claim, file_id=certificate.file_id)
    submit_claim(session, actor=holder, claim=claim)


def _shelf(months: int | None, run: Session, certificate: Certificate) -> date | None:
    """Return the earlier of the competency's shelf life and the certificate's own end."""
    ends = [certificate.valid_until, months_after(run.ends_on, months) if months else None]
    return min((day for day in ends if day is not None), default=None)


def out_of_profile(
    session: DbSession, certificate: Certificate, *, actor: Actor, reason: str
) -> None:
    """Take back what a certificate proved: levels, claims it supports, the training record."""
    withdraw_levels(session, reason=reason, reference=reference_of(certificate))
    if certificate.file_id is not None:
        _withdraw_claims(session, certificate.file_id, actor, reason)
    row = session.scalar(
        select(TrainingRecord).where(TrainingRecord.reference == reference_of(certificate))
    )
    if row is not None:
        row.state = "revoked"
        session.flush()
        recompute_levels(session, employee_ids=[row.employee_id])


def _withdraw_claims(session: DbSession, file_id: int, actor: Actor, reason: str) -> None:
    claims = session.scalars(
        select(Claim)
        .join(ClaimEvidence, ClaimEvidence.claim_id == Claim.id)
        .where(ClaimEvidence.file_id == file_id)
        .order_by(Claim.id)
    ).all()
    for claim in claims:
        if claim.state in WAITING:
            withdraw_claim(session, actor=actor, claim=claim)
        else:
            withdraw_levels(session, reason=reason, claim_id=claim.id)


def move_shelf_life(session: DbSession, certificate: Certificate) -> None:
    """Bring the ends in the profile in line with a certificate whose validity was changed."""
    row = session.scalar(
        select(TrainingRecord).where(TrainingRecord.reference == reference_of(certificate))
    )
    if row is not None:
        row.valid_until = certificate.valid_until
        session.flush()
    if certificate.enrolment is not None:
        run = certificate.enrolment.session
        move_level_ends(
            session,
            reference=reference_of(certificate),
            ends=lambda competency: _shelf(competency.shelf_life_months, run, certificate),
        )


def reference_of(certificate: Certificate) -> str:
    """Return the name under which the profile knows a certificate."""
    return f"certificate:{certificate.id}"
