"""Read follow-ups: one form, those of a person, the results of a session."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from courses.models import Enrolment, FollowUp, Session
from courses.queries.evaluations import ItemResult, form_in_force, item_result


@dataclass(frozen=True)
class FollowUpResults:
    """What persons and supervisors said of a session: `person` or `supervisor`."""

    kind: str
    asked: int
    answered: int
    items: Sequence[ItemResult]
    comments: Sequence[str]


def find_follow_up(session: DbSession, number: int) -> FollowUp | None:
    """Return a form with its person and session, or None."""
    return session.scalar(
        select(FollowUp)
        .where(FollowUp.id == number)
        .options(
            joinedload(FollowUp.enrolment).joinedload(Enrolment.employee),
            joinedload(FollowUp.enrolment).joinedload(Enrolment.session),
        )
    )


def open_follow_ups(session: DbSession, *, employee_id: int) -> Sequence[FollowUp]:
    """Return the forms that wait for somebody, the oldest first."""
    return session.scalars(
        select(FollowUp)
        .where(
            FollowUp.respondent_id == employee_id,
            FollowUp.answered_at.is_(None),
            FollowUp.closes_on >= clock.today(),
        )
        .options(
            joinedload(FollowUp.enrolment).joinedload(Enrolment.session),
            joinedload(FollowUp.enrolment).joinedload(Enrolment.employee),
        )
        .order_by(FollowUp.closes_on, FollowUp.id)
    ).all()


def follow_up_results(session: DbSession, run: Session) -> list[FollowUpResults]:
    """Return the results of a session's follow-up, persons first."""
    rows = session.scalars(
        select(FollowUp)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Enrolment.session_id == run.id)
        .order_by(FollowUp.id)
    ).all()
    found = []
    for kind in ("person", "supervisor"):
        mine = [row for row in rows if row.kind == kind]
        done = [row for row in mine if row.answered_at is not None]
        form = form_in_force(session, kind)
        found.append(
            FollowUpResults(
                kind,
                len(mine),
                len(done),
                [item_result(item, [row.answers for row in done]) for item in form.scales],
                sorted(row.comment for row in done if row.comment),
            )
        )
    return found
