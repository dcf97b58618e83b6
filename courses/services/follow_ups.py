"""Follow-up some months after a training: asked once of the person and the supervisor (level 3)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.daily import daily
from app.core.jobs.registry import job_kind
from app.core.notifications.services import notify
from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment, FollowUp, Session
from courses.queries.evaluations import form_in_force, policy
from courses.services.evaluations import checked_answers
from skills.enums import EmploymentState
from skills.rules import months_after

FOLLOW_UP = "courses.follow_up"
PAGE = "/pelatihan/tindak-lanjut"


@job_kind(FOLLOW_UP, timeout=900)
def follow_up(context: JobContext) -> dict[str, Any]:
    """Ask those whose training ended long enough ago; asking again changes nothing."""
    with context.transaction() as session:
        count = ask_due(session, day=clock.today())
    text = N_("%(count)s formulir tindak lanjut dikirim.")
    return {"message": Message(text, {"count": count})}


daily(FOLLOW_UP, N_("Kirim formulir tindak lanjut pelatihan"))


def ask_due(session: DbSession, *, day: date) -> int:
    """Write the forms that are due and tell their receivers; return how many are new."""
    rules, count = policy(session), 0
    for row in _due(session, day, rules["follow_up_months"], rules["follow_up_days"]):
        closes = day + timedelta(days=rules["follow_up_days"])
        count += _ask(session, row, "person", row.employee_id, day, closes)
        supervisor = row.employee.supervisor_id
        if supervisor is not None:
            count += _ask(session, row, "supervisor", supervisor, day, closes)
    session.flush()
    if count:
        record(session, "courses:follow_up:ask", None, forms=count)
    return count


def _due(session: DbSession, day: date, months: int, days: int) -> list[Enrolment]:
    """Return who passed a session that ended so many months ago and was not asked yet.

    What ended long before is left in peace: the platform may have been silent for a while.
    """
    asked = select(FollowUp.id).where(FollowUp.enrolment_id == Enrolment.id).exists()
    rows = session.scalars(
        select(Enrolment)
        .join(Session, Session.id == Enrolment.session_id)
        .where(
            Enrolment.state == EnrolmentState.PASSED,
            Session.state == SessionState.COMPLETED,
            Session.ends_on <= day,
            ~asked,
        )
        .options(joinedload(Enrolment.employee), joinedload(Enrolment.session))
        .order_by(Enrolment.id)
    )
    found = []
    for row in rows:
        due = months_after(row.session.ends_on, months)
        active = row.employee.employment_state == EmploymentState.ACTIVE
        if active and due <= day <= due + timedelta(days=days):
            found.append(row)
    return found


def _ask(
    session: DbSession, row: Enrolment, kind: str, respondent: int, day: date, closes: date
) -> int:
    form = FollowUp(
        enrolment_id=row.id, kind=kind, respondent_id=respondent, asked_on=day, closes_on=closes
    )
    session.add(form)
    session.flush()
    own = N_("Bagaimana Anda menerapkan pelatihan %(title)s? Isi formulir singkat ini.")
    other = N_("Bagaimana %(name)s menerapkan pelatihan %(title)s? Isi formulir singkat ini.")
    facts = {"title": row.session.title, "name": row.employee.display_name}
    notify(
        session,
        employee_id=respondent,
        kind="training",
        message=Message(own if kind == "person" else other, facts),
        url=f"{PAGE}/{form.id}",
        email=True,
        key=f"follow_up:{form.id}",
    )
    return 1


def problem_to_answer(form: FollowUp) -> Message | None:
    """Return why a form takes no answer now, or None."""
    if form.answered_at is not None:
        return Message(N_("Formulir ini sudah diisi. Terima kasih."))
    if clock.today() > form.closes_on:
        told = N_("Formulir ini ditutup pada %(day)s.")
        return Message(told, {"day": f"{form.closes_on:%d-%m-%Y}"})
    return None


def answer_follow_up(
    session: DbSession, *, form: FollowUp, answers: Mapping[str, int], comment: str
) -> None:
    """Keep the answers of a form, once.

    Raises:
        Conflict: it was filled already.
        InvalidTransition: it is closed.
        InvalidInput: an answer is missing or out of the scale.
    """
    session.scalar(select(FollowUp.id).where(FollowUp.id == form.id).with_for_update())
    session.refresh(form)
    problem = problem_to_answer(form)
    if problem is not None:
        raise (Conflict if form.answered_at else InvalidTransition)(problem)
    asked = form_in_force(session, form.kind)
    form.answers, form.comment = checked_answers(asked, answers, comment)
    form.form_version, form.answered_at = asked.version, clock.now()
    session.flush()
    record(session, "courses:follow_up:answer", form, people=[form.enrolment.employee_id])
