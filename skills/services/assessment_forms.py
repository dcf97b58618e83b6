"""A rater's form: kept as a draft while it is filled, final once it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotAllowed
from app.core.i18n import N_, Message
from skills.enums import RaterKind, RoundState
from skills.models import AssessmentAnswer, AssessmentTask

NOT_SEEN = 0  # the rater says: could not be observed


@dataclass(frozen=True)
class Given:
    """What a form says about one competency; `level` 0: could not be observed."""

    level: int
    note: str = ""


def is_rater(actor: Actor, task: AssessmentTask) -> bool:
    """Return whether the form is the actor's to fill."""
    if task.rater_employee_id is not None:
        return task.rater_employee_id == actor.employee_id
    return task.rater_account_id is not None and task.rater_account_id == actor.account_id


def check_rater(actor: Actor, task: AssessmentTask) -> None:
    """Refuse a form of somebody else, and one's own assessment by oneself.

    Raises:
        NotAllowed: the form is another's, or about the actor in another kind than self.
    """
    if not is_rater(actor, task):
        raise NotAllowed(N_("Formulir ini milik penilai lain."))
    about_oneself = task.target.employee_id == actor.employee_id
    if about_oneself and task.kind != RaterKind.SELF:
        raise NotAllowed(N_("Diri sendiri dinilai hanya lewat penilaian diri."))


def save_draft(
    session: Session,
    *,
    task: AssessmentTask,
    given: Mapping[int, Given],
    expected_version: int,
    actor: Actor,
) -> None:
    """Keep what is filled so far.

    Raises:
        Conflict: the form was saved elsewhere meanwhile. InvalidTransition: it cannot be filled.
    """
    check_rater(actor, task)
    _need_open(task)
    if task.version != expected_version:
        raise Conflict(N_("Formulir ini tersimpan di tempat lain. Muat ulang halaman."))
    _put(task, given)
    task.version = task.version + 1
    session.flush()


def send_form(
    session: Session,
    *,
    task: AssessmentTask,
    given: Mapping[int, Given],
    expected_version: int,
    actor: Actor,
) -> None:
    """Keep and send a form; it is final. A second click finds it sent and changes nothing.

    Raises:
        InvalidInput: a competency has no answer. Conflict, InvalidTransition: as for a draft.
    """
    check_rater(actor, task)
    if task.state == "sent":
        return
    save_draft(session, task=task, given=given, expected_version=expected_version, actor=actor)
    asked = [competency.id for competency in task.target.round.competencies]
    answered = {answer.competency_id for answer in task.answers}
    left = [one for one in asked if one not in answered]
    if left:
        raise InvalidInput(
            Message(N_("%(count)s kompetensi belum dijawab."), {"count": len(left)}),
            field=f"k-{left[0]}",
        )
    task.state, task.sent_at = "sent", clock.now()
    session.flush()
    record(
        session,
        "skills:assessment:send",
        task,
        people=[task.target.employee_id],
        kind=task.kind,
        round_id=task.target.round_id,
    )


def _need_open(task: AssessmentTask) -> None:
    round_ = task.target.round
    if task.state == "sent":
        raise InvalidTransition(N_("Formulir ini sudah dikirim."))
    if round_.state != RoundState.OPEN:
        raise InvalidTransition(N_("Putaran ini tidak lagi terbuka."))
    today = clock.today()
    if today < round_.starts_on:
        raise InvalidTransition(N_("Putaran ini belum dimulai."))
    if today > round_.ends_on:
        raise InvalidTransition(N_("Masa pengisian putaran ini sudah lewat."))


def _put(task: AssessmentTask, given: Mapping[int, Given]) -> None:
    asked = {competency.id for competency in task.target.round.competencies}
    kept = {answer.competency_id: answer for answer in task.answers}
    for competency_id, one in given.items():
        if competency_id not in asked or not 0 <= one.level <= 5:
            raise InvalidInput(N_("Level harus antara 1 dan 5."), field=f"k-{competency_id}")
        answer = kept.get(competency_id)
        if answer is None:
            answer = AssessmentAnswer(competency_id=competency_id)
            task.answers.append(answer)
        answer.level = one.level if one.level != NOT_SEEN else None
        answer.note = one.note.strip()[:500]
