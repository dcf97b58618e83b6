"""A message of the organiser to those of a session who are in some state, and to nobody else."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core.audit import record
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session

MAX_TEXT = 600
# Those who left or were refused are no audience.
AUDIENCE = (
    EnrolmentState.ENROLLED,
    EnrolmentState.WAITLISTED,
    EnrolmentState.PROPOSED,
    EnrolmentState.PASSED,
    EnrolmentState.FAILED,
)


def audience_of(session: DbSession, run: Session) -> Mapping[EnrolmentState, int]:
    """Return how many people a session has in each state that can be addressed."""
    rows = session.execute(
        select(Enrolment.state, func.count())
        .where(Enrolment.session_id == run.id, Enrolment.state.in_(AUDIENCE))
        .group_by(Enrolment.state)
    )
    counted = {EnrolmentState(state): count for state, count in rows}
    return {state: counted[state] for state in AUDIENCE if state in counted}


def send_message(session: DbSession, *, run: Session, states: Sequence[str], text: str) -> int:
    """Leave a notice, and a mail, for everybody in these states; the same text tells once.

    Returns:
        How many were told now.

    Raises:
        InvalidInput: no state chosen, nobody in it, or no text.
    """
    text = " ".join(text.split())
    if not text:
        raise InvalidInput(N_("Tulis pesannya."), field="text")
    if len(text) > MAX_TEXT:
        raise InvalidInput(
            Message(N_("Pesan paling panjang %(most)s huruf."), {"most": MAX_TEXT}), field="text"
        )
    wanted = [state for state in AUDIENCE if state in states]
    people = session.scalars(
        select(Enrolment.employee_id)
        .where(Enrolment.session_id == run.id, Enrolment.state.in_(wanted))
        .order_by(Enrolment.id)
    ).all()
    if not people:
        raise InvalidInput(N_("Pilih keadaan yang ada pesertanya."), field="keadaan")
    mark = hashlib.sha256(text.encode()).hexdigest()[:24]
    told = [
        notify(
            session,
            employee_id=employee_id,
            kind="session",
            message=Message(N_("%(title)s: %(text)s"), {"title": run.title, "text": text}),
            url=f"/pelatihan/sesi/{run.id}",
            email=True,
            key=f"session:{run.id}:message:{mark}",
        )
        for employee_id in people
    ]
    count = sum(notice is not None for notice in told)
    record(
        session, "courses:session:message", run, people=people, states=wanted, text=text, told=count
    )
    return count
