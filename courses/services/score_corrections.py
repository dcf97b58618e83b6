"""A score that the organiser puts in place of the derived one, with a reason, before the end."""

from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_
from courses.enums import SessionState
from courses.models import Enrolment, Session
from courses.services.certificate_records import checked_reason
from courses.services.seats import lock_session


def correct_score(
    session: DbSession, *, run: Session, enrolment: Enrolment, score: str, reason: str
) -> None:
    """Correct a score, or take a correction back with an empty one.

    Raises:
        InvalidInput: no number from 0 to 100, or no reason.
        InvalidTransition: the session is over; then the correction of results applies.
    """
    lock_session(session, run.id)
    if run.state not in (SessionState.OPEN, SessionState.RUNNING):
        raise InvalidTransition(N_("Koreksi nilai di sini hanya selama sesi berjalan."))
    value = _number(score)
    reason = checked_reason(reason)
    before = enrolment.score
    enrolment.score = value
    enrolment.score_reason = reason if value is not None else ""
    session.flush()
    record(
        session,
        "courses:score:correct",
        enrolment,
        people=[enrolment.employee_id],
        changes={"score": (before, value)},
        reason=reason,
    )


def _number(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise InvalidInput(N_("Nilai harus antara 0 dan 100."), field="score") from error
    if not 0 <= value <= 100:
        raise InvalidInput(N_("Nilai harus antara 0 dan 100."), field="score")
    return value
