"""Change what passing a course asks, while no session is held under the old promise."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidTransition
from app.core.i18n import N_
from courses.enums import SessionState
from courses.models import Course, Session
from courses.rules import PassRule


def sessions_bound(session: DbSession, course_id: int) -> int:
    """Return how many sessions of a course people are in under its present rule."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Session)
            .where(
                Session.course_id == course_id,
                Session.state.in_((SessionState.OPEN, SessionState.RUNNING)),
                Session.seats_taken > 0,
            )
        )
        or 0
    )


def set_pass_rule(session: DbSession, *, course: Course, rule: PassRule) -> None:
    """Write what passing a course asks; finished sessions keep their results.

    Raises:
        InvalidTransition: people are in a session that is open or running.
    """
    if sessions_bound(session, course.id):
        raise InvalidTransition(
            N_("Ada sesi dengan peserta yang belum selesai; syaratnya tidak berubah sekarang.")
        )
    values = {
        "attendance_min": rule.attendance_min,
        "score_min": rule.score_min,
        "evaluation_required": rule.evaluation,
    }
    changes = {
        name: (getattr(course, name), value)
        for name, value in values.items()
        if getattr(course, name) != value
    }
    for name, (_before, value) in changes.items():
        setattr(course, name, value)
    session.flush()
    if changes:
        record(session, "courses:course:pass_rule", course, changes=changes)
