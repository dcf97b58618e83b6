"""Issuing certificates: who is eligible and why not, numbers without gaps, the job that makes them.

A number is reserved per certificate in the transaction that creates the job, under the lock of its
sequence row; a retry keeps it, and one that is never used is recorded as void (batal).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import affected_rows
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.models import Job, JobState
from app.core.jobs.services import enqueue, retry
from courses.certificates.facts import digest, to_json
from courses.certificates.template import used_variables
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import (
    Certificate,
    CertificateTemplate,
    Enrolment,
    NumberSequence,
    Session,
    Signatory,
)
from courses.rules import certificate_number
from courses.services.certificate_records import canonical_facts, item_name
from courses.services.issue_facts import facts_for, printed_course
from courses.services.issue_job import ISSUE_JOB
from courses.services.renewals import Renewed, renewed_by_session, renews_only
from courses.services.results import participants, result_words
from courses.services.seats import lock_session
from courses.services.templates import source_of


@dataclass(frozen=True)
class Eligibility:
    """A participant of a completed session: eligible, or why not."""

    enrolment: Enrolment
    reason: Message | None
    certificate: Certificate | None
    renews: Renewed | None = None

    @property
    def is_eligible(self) -> bool:
        """Whether a certificate can be issued now."""
        return self.reason is None


def eligibility(session: DbSession, *, run: Session) -> list[Eligibility]:
    """Return every participant with the reason that stands against a certificate, if any."""
    rows = participants(session, run)
    issued = _open_certificates(session, [row.id for row in rows])
    renewed = renewed_by_session(session, run=run, employee_ids=[row.employee_id for row in rows])
    bound = renews_only(session, run.course.code)
    return [
        _eligibility(row, run, issued.get(row.id), renewed.get(row.employee_id), bound)
        for row in rows
    ]


def _eligibility(
    row: Enrolment,
    run: Session,
    issued: Certificate | None,
    renews: Renewed | None,
    bound: bool,
) -> Eligibility:
    reason: Message | None = None
    if run.state != SessionState.COMPLETED:
        reason = Message(N_("Sesi belum ditutup"))
    elif row.state == EnrolmentState.FAILED:
        reason = result_words(row)
    elif issued is not None:
        reason = Message(N_("Sudah bernomor %(number)s"), {"number": issued.number})
    elif bound and renews is None:
        reason = Message(N_("Tidak memegang sertifikat yang sedang dapat diperpanjang"))
    return Eligibility(row, reason, issued, renews)


def _open_certificates(session: DbSession, ids: Sequence[int]) -> dict[int, Certificate]:
    rows = session.scalars(
        select(Certificate).where(
            Certificate.enrolment_id.in_(ids),
            Certificate.state.in_((CertificateState.RESERVED, CertificateState.ISSUED)),
        )
    )
    return {row.enrolment_id: row for row in rows if row.enrolment_id is not None}


def issue_certificates(
    session: DbSession,
    *,
    actor: Actor,
    run: Session,
    enrolment_ids: Sequence[int],
    signatory: Signatory,
    issued_on: date | None = None,
    template: CertificateTemplate | None = None,
) -> Job:
    """Reserve numbers for eligible participants and start the job that makes the files.

    Asking twice for the same people starts one job: the second call returns the first one's.

    Raises:
        InvalidTransition: the session is not completed, or all of them have a certificate.
        InvalidInput: nobody chosen, somebody who is not eligible, or a date that cannot be.
    """
    lock_session(session, run.id)
    if run.state != SessionState.COMPLETED:
        raise InvalidTransition(N_("Tutup sesi sebelum menerbitkan sertifikat."))
    day = issued_on or clock.today()
    _check_day(run, day)
    check_signatory(signatory, day)
    wanted = _wanted(session, run, set(enrolment_ids))
    fresh = [row for row in wanted if row.is_eligible]
    check_template(fresh, template)
    made = _reserve(session, actor, run, fresh, signatory, day, template)
    known = [row.certificate for row in wanted if row.certificate is not None]
    pending = [row for row in (*made, *known) if row.state == CertificateState.RESERVED]
    return _start_job(session, actor, run, [*made, *known], pending)


def _check_day(run: Session, day: date) -> None:
    if day < run.ends_on or day > clock.today():
        raise InvalidInput(
            N_("Tanggal terbit harus antara akhir sesi dan hari ini."), field="issued_on"
        )


def check_template(rows: Sequence[Eligibility], template: CertificateTemplate | None) -> None:
    """Refuse a template that would leave out the note of somebody who has one.

    Raises:
        InvalidInput: naming the template and the first such person.
    """
    noted = next((row.enrolment for row in rows if row.enrolment.printed_note), None)
    source = source_of(template)
    if noted is None or source is None or "note" in used_variables(source):
        return
    raise InvalidInput(
        Message(
            N_("Templat %(template)s tidak memuat catatan, sedangkan %(name)s mempunyai catatan."),
            {
                "template": template.name if template is not None else "",
                "name": noted.employee.display_name,
            },
        ),
        field="templat",
    )


def check_signatory(signatory: Signatory, day: date) -> None:
    """Refuse a signatory without a name or whose office is not valid on the day.

    Raises:
        InvalidInput: the placeholder of a fresh installation, or outside the dates.
    """
    if signatory.name.startswith("("):
        raise InvalidInput(
            N_("Isi nama pejabat penanda tangan lebih dahulu."), field="signatory_id"
        )
    since, until = signatory.valid_from, signatory.valid_until
    if (since and day < since) or (until and day > until):
        raise InvalidInput(
            N_("Pejabat ini tidak menjabat pada tanggal terbit."), field="signatory_id"
        )


def _wanted(session: DbSession, run: Session, chosen: set[int]) -> list[Eligibility]:
    rows = {row.enrolment.id: row for row in eligibility(session, run=run)}
    wanted = [row for key, row in rows.items() if key in chosen]
    if not wanted or chosen - rows.keys():
        raise InvalidInput(N_("Pilih paling sedikit satu peserta yang memenuhi syarat."))
    failed = [row for row in wanted if not row.is_eligible and row.certificate is None]
    if failed:
        raise InvalidInput(
            Message(
                N_("%(name)s tidak memenuhi syarat: %(reason)s"),
                {"name": failed[0].enrolment.employee.display_name, "reason": failed[0].reason},
            )
        )
    return wanted


def _start_job(
    session: DbSession,
    actor: Actor,
    run: Session,
    certificates: Sequence[Certificate],
    pending: Sequence[Certificate],
) -> Job:
    """Start the job of these certificates, or return the one that was started before."""
    key = _job_key(run, certificates)
    before = session.scalar(select(Job).where(Job.key == key))
    if not pending:
        if before is None:
            raise InvalidTransition(N_("Semua peserta yang dipilih sudah bersertifikat."))
        return before
    if before is not None and before.state == JobState.DONE:
        return retry(session, job_id=before.id, actor=actor)  # some of its items had failed
    return enqueue(
        session,
        kind=ISSUE_JOB,
        title=Message(N_("Menerbitkan sertifikat %(title)s"), {"title": run.title}),
        actor=actor,
        params={"session_id": run.id},
        key=key,
        items=[(item_name(row), {"certificate_id": row.id}) for row in pending],
    )


def resume_reserved(
    session: DbSession, *, actor: Actor, run: Session, certificates: Sequence[Certificate]
) -> Job:
    """Start a job for numbers that are reserved and have no file, after one that was stopped.

    Raises:
        InvalidTransition: there is none, or a job still works on them.
    """
    lock_session(session, run.id)
    pending = [row for row in certificates if row.state == CertificateState.RESERVED]
    if not pending:
        raise InvalidTransition(N_("Tidak ada nomor yang menunggu berkas."))
    return _start_job(session, actor, run, pending, pending)


def _job_key(run: Session, certificates: Sequence[Certificate]) -> str:
    ids = ",".join(str(row.id) for row in sorted(certificates, key=lambda row: row.id))
    return f"certificates:{run.id}:{hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def _reserve(
    session: DbSession,
    actor: Actor,
    run: Session,
    rows: Sequence[Eligibility],
    signatory: Signatory,
    day: date,
    template: CertificateTemplate | None,
) -> list[Certificate]:
    if not rows:
        return []
    first = next_numbers(session, organiser_id=run.organiser_id, year=day.year, count=len(rows))
    printed = printed_course(session, run)
    made = []
    for offset, row in enumerate(rows):
        number = certificate_number(
            run.organiser.number_pattern,
            number=first + offset,
            day=day,
            organiser=run.organiser.code,
            course=run.course.code,
        )
        facts = facts_for(
            run,
            row.enrolment,
            number,
            signatory,
            day,
            printed,
            row.renews.previous_until if row.renews is not None else None,
        )
        made.append(
            Certificate(
                number=number,
                code=facts.code,
                enrolment_id=row.enrolment.id,
                employee_id=row.enrolment.employee_id,
                organiser_id=run.organiser_id,
                state=CertificateState.RESERVED,
                facts=canonical_facts(to_json(facts)),
                facts_hash=digest(facts),
                issued_on=day,
                valid_until=facts.valid_until,
                renews_id=row.renews.certificate.id if row.renews is not None else None,
                template_id=template.id if template is not None else None,
                created_at=clock.now(),
                created_by_id=actor.account_id,
            )
        )
    session.add_all(made)
    session.flush()
    record(
        session,
        "courses:certificate:reserve",
        run,
        people=[row.enrolment.employee_id for row in rows],
        first=made[0].number,
        last=made[-1].number,
    )
    return made


def next_numbers(session: DbSession, *, organiser_id: int, year: int, count: int) -> int:
    """Take `count` consecutive numbers of an organiser's year and return the first.

    The conditional UPDATE locks the sequence row until the commit, so numbers have no gap and no
    double, however many ask at once.
    """
    where = (NumberSequence.organiser_id == organiser_id, NumberSequence.year == year)
    raised = (
        update(NumberSequence)
        .where(*where)
        .values(last=NumberSequence.last + count)
        .execution_options(synchronize_session=False)
    )
    if affected_rows(session, raised) == 0:
        try:
            with session.begin_nested():
                session.add(NumberSequence(organiser_id=organiser_id, year=year, last=0))
        except IntegrityError:  # another transaction made the row first; it is there now
            session.expire_all()
        session.execute(raised)
    last = session.scalar(select(NumberSequence.last).where(*where))
    assert last is not None  # the row was raised above, in this transaction
    return last - count + 1


def signatories_on(session: DbSession, day: date) -> Sequence[Signatory]:
    """Return the signatories whose office is valid on a day."""
    return session.scalars(
        select(Signatory)
        .where(
            Signatory.valid_from.is_(None) | (Signatory.valid_from <= day),
            Signatory.valid_until.is_(None) | (Signatory.valid_until >= day),
        )
        .order_by(Signatory.name, Signatory.id)
    ).all()


def certificates_of_session(session: DbSession, run: Session) -> Sequence[Certificate]:
    """Return the certificates of a session by number."""
    return session.scalars(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.session_id == run.id)
        .options(joinedload(Certificate.employee))
        .order_by(Certificate.id)
    ).all()
