"""Reads of assessment rounds: lists, progress, one's own forms."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core import clock
from app.core.actor import Actor
from skills.enums import RaterKind, RoundState
from skills.models import (
    AssessmentRound,
    AssessmentTarget,
    AssessmentTask,
    Competency,
    Employee,
    Framework,
    Opd,
    Unit,
)
from skills.queries.people import matches

_SENT = func.coalesce(func.sum(case((AssessmentTask.state == "sent", 1), else_=0)), 0)
_ALL = func.count(AssessmentTask.id)


@dataclass(frozen=True)
class Share:
    """So many forms sent of so many handed out."""

    label: str
    sent: int
    total: int
    key: int | str = ""

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means all."""
        return 100 * self.sent // self.total if self.total else 0


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is: in all, by kind of rater, by OPD of the assessed."""

    people: int
    total: Share
    kinds: Sequence[Share]
    opds: Sequence[Share]


ROUND_SORTS: dict[str, Any] = {
    "nama": AssessmentRound.name,
    "mulai": AssessmentRound.starts_on,
    "status": (AssessmentRound.state, AssessmentRound.starts_on),
}
TARGET_SORTS: dict[str, Any] = {
    "nama": (Employee.name, AssessmentTarget.id),
    "opd": (Opd.short_name, Employee.name),
}


def rounds_statement(*, state: str = "", text: str = "") -> Select[Any]:
    """Return the statement of rounds with the number of invited people and of forms."""
    people = (
        select(func.count())
        .where(AssessmentTarget.round_id == AssessmentRound.id)
        .scalar_subquery()
    )
    forms = (
        select(AssessmentTask.id)
        .join(AssessmentTarget)
        .where(AssessmentTarget.round_id == AssessmentRound.id)
    )
    total = select(func.count()).select_from(forms.subquery()).scalar_subquery()
    sent = (
        select(func.count())
        .select_from(forms.where(AssessmentTask.state == "sent").subquery())
        .scalar_subquery()
    )
    statement = select(
        AssessmentRound,
        people.label("people"),
        total.label("total"),
        sent.label("sent"),
    )
    if state in set(RoundState):
        statement = statement.where(AssessmentRound.state == state)
    if text.strip():
        name = AssessmentRound.name.icontains(text.strip(), autoescape=True)
        statement = statement.where(name)
    return statement


def find_round(session: Session, round_id: int) -> AssessmentRound | None:
    """Return a round with its competencies, or None."""
    return session.scalar(
        select(AssessmentRound)
        .where(AssessmentRound.id == round_id)
        .options(selectinload(AssessmentRound.competencies))
    )


def progress_of(session: Session, round_id: int) -> RoundProgress:
    """Return how far a round is; three statements."""
    forms = select(_SENT, _ALL).join(AssessmentTarget).where(AssessmentTarget.round_id == round_id)
    kinds = session.execute(
        forms.add_columns(AssessmentTask.kind).group_by(AssessmentTask.kind)
    ).all()
    by_kind = {row[2]: Share(row[2], row[0], row[1], row[2]) for row in kinds}
    rows = session.execute(
        select(Opd.name, _SENT, _ALL, Opd.id)
        .select_from(AssessmentTarget)
        .join(Employee, Employee.id == AssessmentTarget.employee_id)
        .join(Opd, Opd.id == Employee.opd_id)
        .outerjoin(AssessmentTask, AssessmentTask.target_id == AssessmentTarget.id)
        .where(AssessmentTarget.round_id == round_id)
        .group_by(Opd.id, Opd.name)
        .order_by(Opd.name)
    )
    people = session.scalar(select(func.count()).where(AssessmentTarget.round_id == round_id))
    found = [by_kind[kind] for kind in RaterKind if kind in by_kind]
    whole = Share("", sum(one.sent for one in found), sum(one.total for one in found))
    return RoundProgress(
        people or 0, whole, found, [Share(name, sent, all_, key) for name, sent, all_, key in rows]
    )


def targets_statement(
    *, round_id: int, opd_id: int | None = None, text: str = "", waiting: bool = False
) -> Any:
    """Return the statement of the invited people with the forms sent and handed out."""
    forms = (
        select(AssessmentTask.target_id, _SENT.label("sent"), _ALL.label("total"))
        .group_by(AssessmentTask.target_id)
        .subquery()
    )
    statement: Any = (
        select(
            AssessmentTarget,
            func.coalesce(forms.c.sent, 0).label("sent"),
            func.coalesce(forms.c.total, 0).label("total"),
        )
        .join(Employee, Employee.id == AssessmentTarget.employee_id)
        .join(Opd, Opd.id == Employee.opd_id)
        .outerjoin(forms, forms.c.target_id == AssessmentTarget.id)
        .where(AssessmentTarget.round_id == round_id)
        .options(joinedload(AssessmentTarget.employee).joinedload(Employee.opd))
    )
    if opd_id:
        statement = statement.where(Employee.opd_id == opd_id)
    if text.strip():
        statement = statement.where(matches(text.strip()))
    return statement.where(forms.c.sent < forms.c.total) if waiting else statement


def own_tasks(session: Session, actor: Actor) -> Sequence[AssessmentTask]:
    """Return the forms that are the actor's to fill in open rounds, unsent ones first."""
    return session.scalars(
        select(AssessmentTask)
        .join(AssessmentTarget, AssessmentTarget.id == AssessmentTask.target_id)
        .join(AssessmentRound, AssessmentRound.id == AssessmentTarget.round_id)
        .join(Employee, Employee.id == AssessmentTarget.employee_id)
        .where(_is_rater(actor), AssessmentRound.state == RoundState.OPEN)
        .options(
            joinedload(AssessmentTask.target)
            .joinedload(AssessmentTarget.employee)
            .joinedload(Employee.position),
            joinedload(AssessmentTask.target)
            .joinedload(AssessmentTarget.round)
            .selectinload(AssessmentRound.competencies),
            selectinload(AssessmentTask.answers),
        )
        .order_by(AssessmentTask.state, AssessmentRound.ends_on, Employee.name, AssessmentTask.id)
    ).all()


def _is_rater(actor: Actor) -> ColumnElement[bool]:
    who: list[ColumnElement[bool]] = [false()]
    if actor.employee_id is not None:
        who.append(AssessmentTask.rater_employee_id == actor.employee_id)
    if actor.account_id is not None:
        who.append(AssessmentTask.rater_account_id == actor.account_id)
    return or_(*who)


def waiting_forms(session: Session, actor: Actor) -> int:
    """Return how many forms wait for the actor in rounds that can be filled today."""
    today = clock.today()
    count = session.scalar(
        select(func.count())
        .select_from(AssessmentTask)
        .join(AssessmentTarget, AssessmentTarget.id == AssessmentTask.target_id)
        .join(AssessmentRound, AssessmentRound.id == AssessmentTarget.round_id)
        .where(
            _is_rater(actor),
            AssessmentTask.state == "open",
            AssessmentRound.state == RoundState.OPEN,
            AssessmentRound.starts_on <= today,
            AssessmentRound.ends_on >= today,
        )
    )
    return count or 0


def find_task(session: Session, task_id: int) -> AssessmentTask | None:
    """Return a form with everything its page shows, or None."""
    return session.scalar(
        select(AssessmentTask)
        .where(AssessmentTask.id == task_id)
        .options(
            joinedload(AssessmentTask.target)
            .joinedload(AssessmentTarget.employee)
            .joinedload(Employee.position),
            joinedload(AssessmentTask.target)
            .joinedload(AssessmentTarget.round)
            .selectinload(AssessmentRound.competencies)
            .selectinload(Competency.levels),
            selectinload(AssessmentTask.answers),
        )
    )


def competency_groups(session: Session) -> dict[str, list[Competency]]:
    """Return the competencies that can be assessed, by name of their framework."""
    found: dict[str, list[Competency]] = defaultdict(list)
    rows = session.execute(
        select(Competency, Framework.name)
        .join(Framework, Framework.id == Competency.framework_id)
        .where(Competency.is_area.is_(False), Framework.state != "retired")
        .order_by(Framework.id, Competency.position, Competency.id)
    )
    for competency, name in rows:
        found[name].append(competency)
    return found


def unit_options(session: Session) -> Sequence[Any]:
    """Return id, name and OPD of the units in use, by OPD and name."""
    return session.execute(
        select(Unit.id, Unit.name, Opd.short_name)
        .join(Opd, Opd.id == Unit.opd_id)
        .where(Unit.valid_until.is_(None))
        .order_by(Opd.short_name, Unit.name)
    ).all()
