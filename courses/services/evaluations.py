"""Fill the evaluation form: only who attended, once, and without a way back to the person."""

import secrets
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from courses.enums import SessionState
from courses.evaluation_rules import last_day
from courses.models import Enrolment, EvaluationReceipt, EvaluationResponse, Session
from courses.queries.evaluations import SCALE, Form, attended, form_in_force, policy, receipt_of
from courses.questions.content import clean

COMMENT_LIMIT = 2000
_ID_BITS = 53


def problem_to_fill(session: DbSession, *, run: Session, enrolment: Enrolment) -> Message | None:
    """Return why somebody cannot fill the form now, or None."""
    if run.state not in (SessionState.OPEN, SessionState.RUNNING, SessionState.COMPLETED):
        return Message(N_("Sesi ini tidak dievaluasi."))
    if enrolment.id not in attended(session, run):
        return Message(N_("Evaluasi hanya untuk peserta yang tercatat hadir."))
    if receipt_of(session, enrolment.id) is not None:
        return Message(N_("Anda sudah mengisi evaluasi ini. Terima kasih."))
    last = max((meeting.starts_at for meeting in run.meetings), default=None)
    if last is None or clock.now() < last:
        return Message(N_("Evaluasi dibuka pada pertemuan terakhir."))
    until = last_day(run.ends_on, policy(session)["reaction_days"])
    if clock.today() > until:
        return Message(N_("Evaluasi ditutup pada %(day)s."), {"day": f"{until:%d-%m-%Y}"})
    return None


def fill(
    session: DbSession,
    *,
    run: Session,
    enrolment: Enrolment,
    answers: Mapping[str, int],
    comment: str,
) -> None:
    """Keep the answers without the person, and apart from them that the person has answered.

    Raises:
        Conflict: the form was filled already.
        InvalidTransition: the person did not attend, or the form is closed.
        InvalidInput: an answer is missing or out of the scale.
    """
    # Two clicks at the same moment: the second waits here and finds the first one's receipt.
    session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if receipt_of(session, enrolment.id) is not None:
        raise Conflict(N_("Anda sudah mengisi evaluasi ini. Terima kasih."))
    problem = problem_to_fill(session, run=run, enrolment=enrolment)
    if problem is not None:
        raise InvalidTransition(problem)
    form = form_in_force(session, "reaction")
    values, comment = checked_answers(form, answers, comment)
    session.add(EvaluationReceipt(enrolment_id=enrolment.id, filled_on=clock.today()))
    session.add(
        EvaluationResponse(
            id=secrets.randbits(_ID_BITS),
            session_id=run.id,
            form_version=form.version,
            answered_on=clock.today(),
            answers=values,
            comment=comment,
        )
    )
    session.flush()
    # Whom the form asks is a fact of the session; what was answered stays out of the trail.
    record(session, "courses:evaluation:fill", run, people=[enrolment.employee_id])


def checked_answers(
    form: Form, answers: Mapping[str, int], comment: str
) -> tuple[dict[str, int], str]:
    """Return the answers to a form's scales and the comment, checked.

    Raises:
        InvalidInput: an answer is missing or out of the scale, or the comment is too long.
    """
    values: dict[str, int] = {}
    for item in form.scales:
        code = str(item["code"])
        given = answers.get(code)
        if given is None and item["required"]:
            raise InvalidInput(N_("Pilih satu jawaban."), field=code)
        if given is not None and not 1 <= given <= SCALE:
            raise InvalidInput(N_("Pilihan ini tidak tersedia."), field=code)
        if given is not None:
            values[code] = given
    comment = clean(comment)
    if len(comment) > COMMENT_LIMIT:
        told = N_("Terlalu panjang; paling banyak %(max)s karakter.")
        raise InvalidInput(Message(told, {"max": COMMENT_LIMIT}), field="komentar")
    return values, comment
