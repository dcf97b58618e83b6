"""What a certificate of a session says: the facts that are frozen, and those of its specimens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.i18n import N_, Message
from app.core.runtime import settings
from courses.certificates.codes import new_code
from courses.certificates.facts import (
    CertificateFacts,
    GainedCompetency,
    ParticipantRole,
    Topic,
)
from courses.certificates.facts import Signatory as PrintedSignatory
from courses.certificates.renewal import renewed_until
from courses.models import Enrolment, Session, Signatory
from courses.queries.forms import form_names
from courses.services.results import participants
from skills.models import Competency

SPECIMEN_NUMBER = "000/CONTOH"


@dataclass(frozen=True)
class PrintedCourse:
    """What the course of a session adds to every certificate, in words."""

    form: str
    gained: tuple[GainedCompetency, ...]


def printed_course(session: DbSession, run: Session) -> PrintedCourse:
    """Return the name of the form of learning and the competencies, as printed."""
    code = run.course.form_code
    return PrintedCourse(form_names(session).get(code, code), _gained_by(session, run))


def _gained_by(session: DbSession, run: Session) -> tuple[GainedCompetency, ...]:
    names = dict(
        session.execute(
            select(Competency.id, Competency.name).where(
                Competency.id.in_([item.competency_id for item in run.course.competencies])
            )
        ).all()
    )
    return tuple(
        GainedCompetency(names[item.competency_id], item.to_level)
        for item in sorted(run.course.competencies, key=lambda item: item.competency_id)
    )


def printed_role(row: Enrolment) -> ParticipantRole:
    """Return in what capacity somebody took part."""
    return ParticipantRole[row.role.upper()]


def facts_for(
    run: Session,
    row: Enrolment,
    number: str,
    signatory: Signatory,
    day: date,
    printed: PrintedCourse,
    previous_until: date | None = None,
) -> CertificateFacts:
    """Return the facts of one participant's certificate.

    Args:
        number: by the organiser's pattern, or the specimens'.
        day: date of issue.
        printed: what all certificates of the session say about the course.
        previous_until: last day of the certificate that this one renews, where its term goes on.
    """
    course, employee = run.course, row.employee
    return CertificateFacts(
        number=number,
        code=new_code(),
        holder=employee.display_name,
        holder_unit=employee.opd.name,
        title=run.title,
        form=printed.form,
        jp=Decimal(course.jp),
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        organiser=run.organiser.name,
        agency=settings().city_name,
        issued_on=day,
        base_url=settings().base_url,
        place=run.place,
        issued_at=settings().city_name.removeprefix("Kota "),
        role=printed_role(row),
        predicate=row.predicate,
        score=Decimal(str(row.score)) if row.score is not None else None,
        note=row.printed_note,
        signatories=(PrintedSignatory(signatory.name, signatory.office),),
        topics=tuple(Topic(topic.title, Decimal(topic.jp)) for topic in course.topics),
        competencies=printed.gained,
        valid_until=renewed_until(previous_until, day, course.valid_months),
    )


def sample_facts(
    session: DbSession,
    *,
    run: Session,
    enrolment_ids: Sequence[int],
    signatory: Signatory,
    day: date,
) -> list[tuple[Message, CertificateFacts]]:
    """Return facts for previews with what each shows: longest name, fewest facts, any person.

    Nothing is reserved; the number is a specimen's.
    """
    rows = [row for row in participants(session, run) if row.id in set(enrolment_ids)]
    if not rows:
        return []
    longest = max(rows, key=lambda row: len(row.employee.display_name))
    barest = min(rows, key=lambda row: (row.score is not None, len(row.employee.display_name)))
    other = rows[(run.id * 7919) % len(rows)]  # arbitrary, and the same at each look
    printed = printed_course(session, run)
    chosen = (
        (N_("Nama terpanjang"), longest),
        (N_("Data paling sedikit"), barest),
        (N_("Salah satu peserta"), other),
    )
    return [
        (Message(text), facts_for(run, row, SPECIMEN_NUMBER, signatory, day, printed))
        for text, row in chosen
    ]
