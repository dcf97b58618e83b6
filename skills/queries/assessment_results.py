"""Results of a round: per person and OPD, kinds of raters apart; agreement of two assessors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.accounts.models import Account
from app.core.actor import Actor
from skills.assessment_rules import HIDDEN_KINDS, Agreement, Pair, agreement, band_of, shown_level
from skills.enums import RaterKind, RoundState
from skills.models import (
    AssessmentAnswer,
    AssessmentRound,
    AssessmentTarget,
    AssessmentTask,
    Competency,
    Employee,
    Opd,
)
from skills.queries.people import visible
from skills.services.assessment_rounds import settings_of
from skills.services.reference_load import reference_rows


@dataclass(frozen=True)
class Said:
    """What one kind of raters says of one competency of one person."""

    level: int | None
    raters: int  # of those who could say
    hidden: bool  # too few to be shown


@dataclass(frozen=True)
class PersonResult:
    """The results of one person: per competency and kind."""

    target: AssessmentTarget
    said: Mapping[tuple[int, str], Said]

    def of(self, competency_id: int, kind: str) -> Said | None:
        """Return what a kind says of a competency, None where nobody was asked or answered."""
        return self.said.get((competency_id, kind))


@dataclass(frozen=True)
class OpdResult:
    """Mean level of an OPD per competency and kind, over the people whose level is shown."""

    opd_id: int
    name: str
    people: int
    means: Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class AgreementLine:
    """Agreement for one competency or one assessor, with the name of its band."""

    label: Any
    found: Agreement
    band: Mapping[str, Any]


def find_target(session: Session, target_id: int) -> AssessmentTarget | None:
    """Return an invited person with the round and its competencies, or None."""
    return session.scalar(
        select(AssessmentTarget)
        .where(AssessmentTarget.id == target_id)
        .options(
            joinedload(AssessmentTarget.employee).joinedload(Employee.opd),
            joinedload(AssessmentTarget.employee).joinedload(Employee.position),
            joinedload(AssessmentTarget.round)
            .selectinload(AssessmentRound.competencies)
            .selectinload(Competency.levels),
        )
    )


def own_results(session: Session, employee_id: int | None) -> Sequence[AssessmentTarget]:
    """Return the closed rounds a person was assessed in, the newest first."""
    return session.scalars(
        select(AssessmentTarget)
        .join(AssessmentRound)
        .where(
            AssessmentTarget.employee_id == employee_id,
            AssessmentRound.state == RoundState.CLOSED,
        )
        .options(joinedload(AssessmentTarget.round))
        .order_by(AssessmentRound.ends_on.desc(), AssessmentTarget.id.desc())
    ).all()


def results(
    session: Session,
    *,
    round_: AssessmentRound,
    where: ColumnElement[bool] | None = None,
    actor: Actor | None = None,
) -> list[PersonResult]:
    """Return the results of the invited people, by name; the number of statements is fixed.

    Args:
        where: condition on `AssessmentTarget` or `Employee`.
        actor: whose reach narrows the people; everybody by default.
    """
    targets = session.scalars(
        select(AssessmentTarget)
        .join(Employee, Employee.id == AssessmentTarget.employee_id)
        .where(
            AssessmentTarget.round_id == round_.id,
            where if where is not None else true(),
            visible(actor) if actor is not None else true(),
        )
        .options(
            joinedload(AssessmentTarget.employee).joinedload(Employee.opd),
            joinedload(AssessmentTarget.employee).joinedload(Employee.position),
        )
        .order_by(Employee.name, AssessmentTarget.id)
    ).all()
    levels = _levels(session, round_.id)
    return [
        PersonResult(target, _said(levels.get(target.id, {}), round_.min_raters))
        for target in targets
    ]


def _levels(session: Session, round_id: int) -> dict[int, dict[tuple[int, str], list[int | None]]]:
    rows = session.execute(
        select(
            AssessmentTask.target_id,
            AssessmentTask.kind,
            AssessmentAnswer.competency_id,
            AssessmentAnswer.level,
        )
        .join(AssessmentTask, AssessmentTask.id == AssessmentAnswer.task_id)
        .join(AssessmentTarget, AssessmentTarget.id == AssessmentTask.target_id)
        .where(AssessmentTarget.round_id == round_id, AssessmentTask.state == "sent")
    )
    found: dict[int, dict[tuple[int, str], list[int | None]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for target_id, kind, competency_id, level in rows:
        found[target_id][competency_id, kind].append(level)
    return found


def _said(
    levels: Mapping[tuple[int, str], Sequence[int | None]], least: int
) -> dict[tuple[int, str], Said]:
    found = {}
    for (competency_id, kind), given in levels.items():
        raters = sum(level is not None for level in given)
        hidden = RaterKind(kind) in HIDDEN_KINDS and raters < least
        level = shown_level(RaterKind(kind), given, min_raters=least, raters=raters)
        found[competency_id, kind] = Said(level, raters, hidden)
    return found


def by_opd(people: Iterable[PersonResult]) -> list[OpdResult]:
    """Return the mean levels of each OPD, by name."""
    groups: dict[int, list[PersonResult]] = defaultdict(list)
    names: dict[int, Opd] = {}
    for person in people:
        opd = person.target.employee.opd
        groups[opd.id].append(person)
        names[opd.id] = opd
    found = []
    for opd_id, members in groups.items():
        levels: dict[tuple[int, str], list[int]] = defaultdict(list)
        for person in members:
            for key, said in person.said.items():
                if said.level is not None:
                    levels[key].append(said.level)
        means = {key: sum(values) / len(values) for key, values in levels.items()}
        found.append(OpdResult(opd_id, names[opd_id].name, len(members), means))
    return sorted(found, key=lambda row: row.name)


def agreements(
    session: Session, *, round_: AssessmentRound
) -> tuple[AgreementLine, list[AgreementLine], list[AgreementLine]]:
    """Return agreement of the two assessors: in all, per competency, per assessor."""
    weights = settings_of(session)["kappa_weights"]
    bands = reference_rows(session, "kappa_bands")
    competencies, raters = _pairs(session, round_.id)

    def line(label: Any, pairs: Sequence[Pair]) -> AgreementLine:
        found = agreement(pairs, weights=weights)
        return AgreementLine(label, found, band_of(found.kappa, bands))

    everything = [pair for pairs in competencies.values() for pair in pairs]
    names = {
        account.id: account.name
        for account in session.scalars(select(Account).where(Account.id.in_(raters)))
    }
    return (
        line("", everything),
        [line(one, competencies.get(one.id, [])) for one in round_.competencies],
        [line(names[key], raters[key]) for key in sorted(raters, key=lambda key: names[key])],
    )


def _pairs(session: Session, round_id: int) -> tuple[dict[int, list[Pair]], dict[int, list[Pair]]]:
    """Return pairs of levels (first place, second place) by competency, and seen by each rater."""
    tasks = session.scalars(
        select(AssessmentTask)
        .join(AssessmentTarget)
        .where(
            AssessmentTarget.round_id == round_id,
            AssessmentTarget.is_double,
            AssessmentTask.kind == RaterKind.ASSESSOR,
            AssessmentTask.state == "sent",
        )
        .options(selectinload(AssessmentTask.answers))
        .order_by(AssessmentTask.target_id, AssessmentTask.place)
    )
    by_target: dict[int, list[AssessmentTask]] = defaultdict(list)
    for task in tasks:
        by_target[task.target_id].append(task)
    competencies: dict[int, list[Pair]] = defaultdict(list)
    raters: dict[int, list[Pair]] = defaultdict(list)
    for pair in by_target.values():
        if len(pair) != 2:
            continue  # the other assessor has not sent theirs
        first, second = ({a.competency_id: a.level for a in task.answers} for task in pair)
        for competency_id, level in first.items():
            other = second.get(competency_id)
            if level is None or other is None:
                continue
            competencies[competency_id].append((level, other))
            raters[pair[0].rater_account_id or 0].append((level, other))
            raters[pair[1].rater_account_id or 0].append((other, level))
    return competencies, raters
