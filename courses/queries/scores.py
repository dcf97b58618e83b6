"""Scores that come from tests and assignments with stated weights, with what is still missing."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core.i18n import N_, Message
from courses.models import Enrolment, EvaluationReceipt, Exam, Session
from courses.queries.assignments import final_scores, weighted_assignments
from courses.queries.exams import best_attempts, score_of
from courses.questions.rules import weighted_score

POST_TEST, ASSIGNMENT = N_("Post-test"), N_("Tugas: %(title)s")


@dataclass(frozen=True)
class Part:
    """One part of a score: what, its weight, and the person's percent (None: not yet)."""

    label: Message
    weight: int
    value: float | None


@dataclass
class Derived:
    """A score with its parts; None while a part is missing."""

    parts: list[Part] = field(default_factory=list)

    @property
    def score(self) -> float | None:
        """The weighted score."""
        return weighted_score([(part.weight, part.value) for part in self.parts])

    @property
    def missing(self) -> list[Message]:
        """The parts that are still to be done."""
        return [part.label for part in self.parts if part.value is None]


def has_parts(session: DbSession, run: Session) -> bool:
    """Return whether a session's scores come from tests or assignments."""
    return bool(_weighted_exams(session, run) or weighted_assignments(session, run))


def derived_scores(session: DbSession, run: Session) -> dict[int, Derived]:
    """Return the derived score by enrolment; empty where nothing has a weight."""
    exams, assignments = _weighted_exams(session, run), weighted_assignments(session, run)
    if not exams and not assignments:
        return {}
    best = best_attempts(session, [exam.id for exam in exams])
    final = final_scores(session, [row.id for row in assignments])
    found: dict[int, Derived] = {}
    for number in session.scalars(
        select(Enrolment.id).where(Enrolment.session_id == run.id).order_by(Enrolment.id)
    ):
        found[number] = Derived(
            [
                Part(
                    Message(POST_TEST),
                    exam.weight,
                    score_of(best[exam.id, number]) if (exam.id, number) in best else None,
                )
                for exam in exams
            ]
            + [
                Part(
                    Message(ASSIGNMENT, {"title": row.title}),
                    row.weight,
                    final.get((row.id, number)),
                )
                for row in assignments
            ]
        )
    return found


def _weighted_exams(session: DbSession, run: Session) -> list[Exam]:
    return list(
        session.scalars(
            select(Exam)
            .where(Exam.session_id == run.id, Exam.weight > 0, Exam.state == "published")
            .order_by(Exam.id)
        )
    )


def evaluated(session: DbSession, run: Session) -> set[int]:
    """Return the enrolments of a session whose evaluation form is filled."""
    return set(
        session.scalars(
            select(EvaluationReceipt.enrolment_id)
            .join(Enrolment, Enrolment.id == EvaluationReceipt.enrolment_id)
            .where(Enrolment.session_id == run.id)
        )
    )
