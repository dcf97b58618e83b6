"""Certificates of the demonstration city: one session's are issued, a path renews them."""

from sqlalchemy import select

from app.core.actor import Actor
from app.demo.city import City
from courses.enums import SessionState
from courses.models import Course, Enrolment, Session, Signatory
from courses.services.issuing import eligibility, issue_certificates
from courses.services.renewals import add_path
from courses.services.templates import new_template

ISSUED_COURSE, RENEWED_BY = "TIK-105", "TIK-202"
_WINDOW = (180, 30)  # days before and after the end


def write_certificates(city: City, organiser: Actor) -> dict[str, int]:
    """Reserve the certificates of a completed session; the worker makes their files.

    Args:
        organiser: in whose name they are issued.
    """
    session = city.session
    run = session.scalar(
        select(Session)
        .join(Course, Course.id == Session.course_id)
        .where(Course.code == ISSUED_COURSE, Session.state == SessionState.COMPLETED)
        .order_by(Session.starts_on)
        .limit(1)
    )
    signatory = session.scalars(
        select(Signatory).where(~Signatory.name.startswith("(")).order_by(Signatory.id)
    ).first()
    if run is None or signatory is None:
        raise LookupError("the demonstration has no completed session to certify")
    ready = [row.enrolment for row in eligibility(session, run=run) if row.is_eligible]
    ready[0].role, ready[0].predicate = "committee", "Sangat Memuaskan"
    ready[0].printed_note = "Menyusun modul latihan yang dipakai seluruh perangkat daerah."
    add_path(
        session,
        course_code=ISSUED_COURSE,
        renewed_by_code=RENEWED_BY,
        days_before=_WINDOW[0],
        days_after=_WINDOW[1],
    )
    issue_certificates(
        session,
        actor=organiser,
        run=run,
        enrolment_ids=[row.id for row in _without_last(ready)],
        signatory=signatory,
    )
    new_template(session, actor=organiser, code="RINGKAS", name="Templat ringkas (contoh)")
    return {"certificate": len(ready) - 1, "certificate template": 1}


def _without_last(rows: list[Enrolment]) -> list[Enrolment]:
    """Leave one person without, so that the organiser has something left to issue."""
    return rows[:-1]
