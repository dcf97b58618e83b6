"""What a departure closes here: a person's places in sessions that have not ended."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.actor import Actor
from app.core.i18n import N_, Message
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.services.enrolment import cancel_enrolment
from skills.services.departures import Change, Effect, register_effect

_OPEN = (EnrolmentState.PROPOSED, EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED)
_PLACE = N_("Pendaftaran di sesi %(title)s dibatalkan.")


def _enrolments(session: Session, ids: Sequence[int], change: Change) -> Sequence[Enrolment]:
    if not change.ends_service:
        return []  # a person who is transferred keeps the place
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.employee_id.in_(ids), Enrolment.state.in_(_OPEN))
        .options(joinedload(Enrolment.session))
        .order_by(Enrolment.id)
    ).all()


def preview(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    """Return the places that are given back."""
    return [
        Effect(row.employee_id, Message(_PLACE, {"title": row.session.title}))
        for row in _enrolments(session, ids, change)
    ]


def apply(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    """Give them back; the waiting list moves up."""
    for row in _enrolments(session, ids, change):
        cancel_enrolment(session, enrolment=row, reason=change.reason)


def register() -> None:
    """Register what this package closes."""
    register_effect("enrolments", preview, apply)
