"""Read evaluations: the form in force, who may fill it, results once there are enough answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from courses.enums import AttendanceState, EnrolmentState, SessionState
from courses.evaluation_rules import last_day, last_end, may_show
from courses.models import (
    Attendance,
    Course,
    Enrolment,
    EvaluationReceipt,
    EvaluationResponse,
    Meeting,
    Session,
)
from skills.models import ReferenceSet
from skills.services.reference_load import reference_rows

FORM, POLICY, SCALE = "evaluation_form", "evaluation_policy", 5
OVERALL = "UMUM"  # the question whose mean rates a course
_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@dataclass(frozen=True)
class Form:
    """A form in one version: its questions in their order."""

    version: int
    items: Sequence[Mapping[str, Any]]

    @property
    def scales(self) -> list[Mapping[str, Any]]:
        """The questions answered on a scale."""
        return [item for item in self.items if item["kind"] == "scale"]

    @property
    def words(self) -> list[Mapping[str, Any]]:
        """The questions answered in words."""
        return [item for item in self.items if item["kind"] == "text"]


def form_in_force(session: DbSession, kind: str) -> Form:
    """Return the newest version of a form: `reaction`, `person` or `supervisor`."""
    return _form(_sets(session)[0], kind)


def _sets(session: DbSession) -> Sequence[ReferenceSet]:
    rows = session.scalars(
        select(ReferenceSet)
        .where(ReferenceSet.code == FORM, ReferenceSet.state == "in_force")
        .order_by(ReferenceSet.version.desc())
    ).all()
    if not rows:
        raise LookupError("the reference data of evaluation forms is not loaded")
    return rows


def _form(row: ReferenceSet, kind: str) -> Form:
    items = [item for item in row.rows if item["form"] == kind]
    return Form(row.version, sorted(items, key=lambda item: int(str(item["order"]))))


def policy(session: DbSession) -> dict[str, int]:
    """Return the numbers of the policy of evaluations."""
    return {str(row["key"]): int(row["value"]) for row in reference_rows(session, POLICY)}


def attended(session: DbSession, run: Session) -> set[int]:
    """Return the enrolments of a session with at least one meeting attended."""
    return set(
        session.scalars(
            select(Attendance.enrolment_id)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
            .where(
                Meeting.session_id == run.id,
                Attendance.state == AttendanceState.PRESENT,
                Enrolment.state.in_(_HOLDING),
            )
            .distinct()
        )
    )


def receipt_of(session: DbSession, enrolment_id: int) -> EvaluationReceipt | None:
    """Return that somebody has filled the form, or None."""
    return session.scalar(
        select(EvaluationReceipt).where(EvaluationReceipt.enrolment_id == enrolment_id)
    )


@dataclass(frozen=True)
class ItemResult:
    """A question with its mean and how many gave each step of the scale."""

    item: Mapping[str, Any]
    mean: float | None
    counts: tuple[int, ...]

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(self.counts)


@dataclass(frozen=True)
class Results:
    """The results of a session; the lists stay empty while somebody could be told from them."""

    answers: int
    needed: int
    closes_on: date
    shown: bool = False
    items: Sequence[ItemResult] = ()
    comments: Sequence[str] = ()

    @property
    def enough(self) -> bool:
        """Whether there are enough answers to stay anonymous once the form has closed."""
        return self.answers >= self.needed

    @property
    def mean(self) -> float | None:
        """Mean over all questions."""
        means = [item.mean for item in self.items if item.mean is not None]
        return sum(means) / len(means) if means else None


def results_of(session: DbSession, run: Session) -> Results:
    """Return the evaluation of a session, by the newest version that was answered.

    While the form is open, or below the least number of answers, nothing but their number leaves
    this function.
    """
    rules = policy(session)
    needed, days = rules["reaction_min_answers"], rules["reaction_days"]
    closes_on = last_day(run.ends_on, days)
    rows = session.scalars(
        select(EvaluationResponse)
        .where(EvaluationResponse.session_id == run.id)
        .order_by(EvaluationResponse.id)  # random: it tells no order
    ).all()
    if run.state != SessionState.COMPLETED or not may_show(
        answers=len(rows),
        needed=needed,
        ends_on=run.ends_on,
        open_days=days,
        today=clock.today(),
    ):
        return Results(len(rows), needed, closes_on)
    newest = max(row.form_version for row in rows)
    sets = _sets(session)
    form = _form(next((one for one in sets if one.version == newest), sets[0]), "reaction")
    return Results(
        len(rows),
        needed,
        closes_on,
        True,
        [item_result(item, [row.answers for row in rows]) for item in form.scales],
        [row.comment for row in rows if row.comment],
    )


def item_result(item: Mapping[str, Any], answers: Sequence[Mapping[str, int]]) -> ItemResult:
    """Return the mean and the distribution of one question."""
    given = [one[item["code"]] for one in answers if item["code"] in one]
    counts = Counter(given)
    return ItemResult(
        item,
        sum(given) / len(given) if given else None,
        tuple(counts.get(step, 0) for step in range(1, SCALE + 1)),
    )


def course_rating(session: DbSession, course_code: str) -> tuple[float, int] | None:
    """Return (mean of the overall question, answers) of a course over its sessions, or None."""
    return course_ratings(session, course_code).get(course_code)


def course_ratings(
    session: DbSession, course_code: str | None = None
) -> dict[str, tuple[float, int]]:
    """Return (mean of the overall question, answers) by the code of a course.

    Only sessions whose form has closed with enough answers to stay anonymous count; a course
    without any is not there.
    """
    rules = policy(session)
    enough = (
        select(EvaluationResponse.session_id)
        .group_by(EvaluationResponse.session_id)
        .having(func.count() >= rules["reaction_min_answers"])
    )
    overall = EvaluationResponse.answers[OVERALL].as_integer()
    query = (
        select(Course.code, func.avg(overall), func.count(overall))
        .join(Session, Session.course_id == Course.id)
        .join(EvaluationResponse, EvaluationResponse.session_id == Session.id)
        .where(
            Session.id.in_(enough),
            Session.state == SessionState.COMPLETED,
            Session.ends_on <= last_end(clock.today(), rules["reaction_days"]),
        )
        .group_by(Course.code)
        .order_by(Course.code)
    )
    if course_code is not None:
        query = query.where(Course.code == course_code)
    return {code: (float(mean), count) for code, mean, count in session.execute(query) if count}
