"""A scenario becomes proposals: entries on the shortlists of its seats, each with a kept run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, check_version
from app.core.i18n import N_, Message
from matching.models import AssignmentScenario, ScenarioPlace
from matching.services.criteria import criteria_of
from matching.services.decisions import Candidate, shortlist
from matching.services.runs import keep_run
from matching.services.scouting import Ranking, explanation_of, rank_for_role


@dataclass(frozen=True)
class Proposed:
    """How many people were put on shortlists, and the places left out with the reason."""

    added: int
    skipped: Sequence[tuple[ScenarioPlace, Message]]


def propose(
    session: Session,
    *,
    actor: Actor,
    scenario: AssignmentScenario,
    numbers: Collection[int],
    reason: str,
    expected_version: int | None = None,
) -> Proposed:
    """Put the people of the chosen places on the shortlists of their seats.

    Nothing is decided and nobody is moved: a seat filled meanwhile, or a person who no longer
    passes the gates, is left out and named.

    Args:
        numbers: places of the scenario.

    Raises:
        Stale: somebody made proposals of it since the form was opened.
        InvalidInput: no reason or no place chosen.
    """
    check_version(scenario, expected_version)
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan usulan."), field="reason")
    places = [row for row in scenario.rows if row.number in numbers and row.employee_id]
    places = [row for row in places if row.employee_id != row.incumbent_id]
    if not places:
        raise InvalidInput(N_("Pilih paling sedikit satu kursi."), field="numbers")
    rankings: dict[int, Ranking] = {}
    added, skipped = 0, []
    for row in places:
        role = row.seat.role
        if role.id not in rankings:
            criteria = criteria_of(row.seat)
            rankings[role.id] = rank_for_role(session, role=role, criteria=criteria, top=0)
        try:
            added += _propose(session, actor, row, rankings[role.id], reason)
        except Conflict as error:
            skipped.append((row, error.message))
    scenario.proposed_at = clock.now()
    scenario.state = "proposed"
    session.flush()
    record(
        session,
        "matching:scenario:propose",
        scenario,
        people=[row.employee_id for row in places if row.employee_id],
        added=added,
        skipped=[row.number for row, _ in skipped],
        reason=reason,
    )
    return Proposed(added, skipped)


def _propose(
    session: Session, actor: Actor, row: ScenarioPlace, ranking: Ranking, reason: str
) -> int:
    people = [person for person in (row.employee_id, row.backup_id) if person is not None]
    candidates = [_candidate(ranking, person) for person in people]
    run = keep_run(session, actor=actor, ranking=ranking, seat=row.seat)
    return len(
        shortlist(
            session, actor=actor, seat=row.seat, run=run, candidates=candidates, reason=reason
        )
    )


def _candidate(ranking: Ranking, person: int) -> Candidate:
    rank = ranking.scored.rank_of(person)
    at = ranking.scored.inputs.pool.position_of(person)
    if rank is None or at is None:
        raise Conflict(N_("Orangnya tidak lagi memenuhi syarat kursi ini."))
    found = ranking.scored.person(at, rank)
    return Candidate(
        employee_id=person,
        rank=rank,
        fit=found.fit,
        fit_high=found.fit_high,
        similarity=found.similarity,
        explanation=explanation_of(found),
    )
