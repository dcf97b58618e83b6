"""Claims in every state, with evidence, steps and the levels that follow from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from app.core.accounts.models import Account
from app.core.actor import SYSTEM, RoleName
from app.demo.accounts import SignIn
from app.demo.city import City, CompetencyFacts
from app.demo.evidence import draw_evidence, store_evidence
from app.demo.levels import Known, level_row
from app.demo.people import Person
from app.demo.skill import Ability, claimed_level, true_level
from app.demo.trainings import certificate_number, courses_for
from app.demo.words import pick, words
from app.demo.writing import follow_ids, insert_rows, last_id
from skills.enums import ClaimState, EmploymentState, LevelSource
from skills.models import Claim, ClaimEvidence, ClaimStep, LevelRecord
from skills.rules import months_after

_WAITING, _RETURNED, _DRAFTS, _WITHDRAWN, _MOST_ACCEPTED = 40, 24, 14, 6, 150
_HANDED_ON = 6  # of the waiting ones: accepted by the unit, now with the city's assessor
_TEAM = 4  # waiting claims of people whose supervisor can sign in
_OWN = (ClaimState.ACCEPTED, ClaimState.SUBMITTED, ClaimState.RETURNED, ClaimState.DRAFT)
_OWNER = "owner"


@dataclass
class Draft:
    """A claim before it is written."""

    id: int
    person: Person
    competency: CompetencyFacts
    level: int
    state: ClaimState
    title: str
    issuer: str
    number: str
    issued_on: date
    jp: int
    months: int | None
    submitted: date | None = None
    decided: date | None = None
    decided_level: int | None = None
    reason: tuple[str, str] | None = None
    files: list[int] = field(default_factory=list)


def write_claims(
    city: City, abilities: Mapping[int, Ability], sign_ins: Mapping[RoleName, SignIn]
) -> dict[str, int]:
    """Write the claims; return counts."""
    rng = city.rng("claims")
    drafts = list(_drafts(rng, city, abilities, sign_ins))
    files = draw_evidence(city)
    for one in drafts:
        if one.state is not ClaimState.DRAFT or rng.random() < 0.5:
            owner = city.employee_id(one.person)
            one.files.append(
                store_evidence(city.session, rng, files, employee_id=owner, actor=SYSTEM)
            )
    assessor = sign_ins[RoleName.ASSESSOR].account
    session = city.session
    insert_rows(session, Claim, (_claim_row(city, one, assessor) for one in drafts))
    follow_ids(session, Claim)
    links = [{"claim_id": one.id, "file_id": file} for one in drafts for file in one.files]
    insert_rows(session, ClaimEvidence, links)
    insert_rows(session, ClaimStep, _steps(city, drafts, assessor))
    levels = [row for one in drafts for row in _levels(city, one, assessor)]
    insert_rows(session, LevelRecord, levels)
    waiting = sum(one.state in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED) for one in drafts)
    return {"claim": len(drafts), "waiting claim": waiting, "evidence file": len(links)}


def _drafts(
    rng: Random,
    city: City,
    abilities: Mapping[int, Ability],
    sign_ins: Mapping[RoleName, SignIn],
) -> Iterator[Draft]:
    """Yield the claims; those who can sign in find some of their own or of their team."""
    known = sign_ins[RoleName.EMPLOYEE].person
    leader = sign_ins[RoleName.SUPERVISOR].person
    accepted = min(_MOST_ACCEPTED, len(city.people) // 20)
    states = [ClaimState.SUBMITTED] * _WAITING + [ClaimState.RETURNED] * _RETURNED
    states += [ClaimState.DRAFT] * _DRAFTS + [ClaimState.WITHDRAWN] * _WITHDRAWN
    states += [ClaimState.ACCEPTED] * accepted
    team = [person for person in city.people if person.supervisor is leader][:_TEAM]
    first = [(known, state) for state in _OWN] + [(one, ClaimState.SUBMITTED) for one in team]
    able = [p for p in city.people if p.state is EmploymentState.ACTIVE and p is not known]
    weights = [abilities[person.number].skill ** 2 for person in able]
    people = rng.choices(able, weights, k=len(states))
    taken: set[tuple[int, str]] = set()
    number = last_id(city.session, Claim)
    for place, (person, state) in enumerate([*first, *zip(people, states, strict=True)]):
        handed_on = len(first) <= place < len(first) + _HANDED_ON
        if handed_on:
            state = ClaimState.UNIT_ACCEPTED
        competency = _competency(rng, city, abilities[person.number], person, taken, handed_on)
        taken.add((person.number, competency.code))
        number += 1
        yield _draft(rng, city, number, person, abilities[person.number], competency, state)


def _competency(
    rng: Random,
    city: City,
    ability: Ability,
    person: Person,
    taken: set[tuple[int, str]],
    handed_on: bool,
) -> CompetencyFacts:
    """Return a technical competency the person has not claimed yet, the stronger the likelier.

    Args:
        handed_on: the unit has accepted it already, so it must be one of two stages.
    """
    free = {
        c: (3.0 if c.code in ability.asked else 1.0) * ability.affinity[c.area] ** 2
        for c in city.competencies.values()
        if c.kind == "TEKNIS"
        and (person.number, c.code) not in taken
        and (c.two_stage or not handed_on)
    }
    return pick(rng, free)


def _draft(
    rng: Random,
    city: City,
    number: int,
    person: Person,
    ability: Ability,
    competency: CompetencyFacts,
    state: ClaimState,
) -> Draft:
    course = rng.choice(courses_for(competency.code))
    organiser = rng.choice(words("trainings")["organisers"][course["kind"]])
    real = max(1, true_level(rng, ability, competency))
    decided_days = rng.randint(8, 420)
    waited = rng.randint(1, 34)
    in_queue = state in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED)
    submitted = city.days_ago(waited if in_queue else decided_days + waited)
    issued = submitted - timedelta(days=rng.randint(10, 500))
    draft = Draft(
        id=number,
        person=person,
        competency=competency,
        level=claimed_level(rng, real),
        state=state,
        title=course["title"],
        issuer=organiser,
        number=certificate_number(rng, organiser, issued),
        issued_on=issued,
        jp=course["jp"],
        months=course.get("valid_months"),
    )
    if state is ClaimState.DRAFT:
        return draft
    draft.submitted = submitted
    if state is ClaimState.UNIT_ACCEPTED:
        draft.decided_level = draft.level
    elif state is ClaimState.ACCEPTED:
        draft.decided = city.days_ago(decided_days)
        draft.decided_level = min(draft.level, max(real, draft.level - 1))
    elif state is ClaimState.RETURNED:
        draft.decided = city.days_ago(decided_days % 60 + 1)
        draft.submitted = draft.decided - timedelta(days=waited)
        draft.reason = rng.choice(list(words("trainings")["return_notes"].items()))
    elif state is ClaimState.WITHDRAWN:
        draft.decided = city.days_ago(decided_days)
    return draft


def _claim_row(city: City, one: Draft, assessor: Account) -> dict[str, Any]:
    steps = list(_step_days(one))
    judged = one.state in (ClaimState.ACCEPTED, ClaimState.RETURNED)
    decided = city.at(one.decided, 14) if one.decided and judged else None
    return {
        "id": one.id,
        "employee_id": city.employee_id(one.person),
        "competency_id": one.competency.id,
        "level": one.level,
        "state": one.state.value,
        "title": one.title,
        "issuer": one.issuer,
        "document_number": one.number,
        "issued_on": one.issued_on,
        "valid_until": months_after(one.issued_on, one.months) if one.months else None,
        "jp": one.jp,
        "note": "",
        "created_at": city.at(min(steps[0][0] if steps else city.day, city.day), 7),
        "submitted_at": city.at(one.submitted, 9) if one.submitted else None,
        "stage_since": city.at(steps[-1][0] if steps else city.day, 9 if steps else 7),
        "decided_at": decided,
        "decided_by_id": assessor.id if decided else None,
        "decided_level": one.decided_level,
        "reason_code": one.reason[0] if one.reason else None,
        "reason_text": one.reason[1] if one.reason else None,
    }


def _step_days(one: Draft) -> Iterator[tuple[date, str, ClaimState, str]]:
    """Yield day, action, state reached and who acted of each step."""
    if one.submitted is None:
        return
    yield one.submitted, "submit", ClaimState.SUBMITTED, _OWNER
    if one.state is ClaimState.UNIT_ACCEPTED:
        yield one.submitted, "unit_accept", ClaimState.UNIT_ACCEPTED, "unit"
    elif one.decided is not None:
        action = {
            ClaimState.ACCEPTED: "accept",
            ClaimState.RETURNED: "return",
            ClaimState.WITHDRAWN: "withdraw",
        }[one.state]
        actor = _OWNER if one.state is ClaimState.WITHDRAWN else "assessor"
        yield one.decided, action, one.state, actor


def _steps(city: City, drafts: list[Draft], assessor: Account) -> Iterator[dict[str, Any]]:
    for one in drafts:
        unit = one.person.supervisor.name if one.person.supervisor else assessor.name
        labels = {_OWNER: one.person.name, "unit": unit, "assessor": assessor.name}
        for place, (day, action, state, actor) in enumerate(_step_days(one)):
            note = one.reason[1] if one.reason and action == "return" else None
            yield {
                "claim_id": one.id,
                "at": city.at(day, 9 + 5 * min(place, 1)),
                "account_id": assessor.id if actor == "assessor" else None,
                "actor_label": labels[actor],
                "action": action,
                "to_state": state.value,
                "note": note,
            }


def _levels(city: City, one: Draft, assessor: Account) -> Iterator[dict[str, Any]]:
    """Yield what a claim writes into the history: the level said, and the one accepted."""
    if one.submitted is None:
        return
    said = level_row(
        city,
        Known(one.person, one.competency, one.level, LevelSource.SELF, one.submitted),
        claim_id=one.id,
    )
    taken_back = one.state in (ClaimState.RETURNED, ClaimState.WITHDRAWN)
    lowered = one.decided_level is not None and one.decided_level < one.level
    if one.decided and (taken_back or lowered):
        said["withdrawn_at"] = city.at(one.decided, 14)
        said["withdrawn_reason"] = {
            ClaimState.RETURNED: "returned by the verifier",
            ClaimState.WITHDRAWN: "withdrawn by its owner",
        }.get(one.state, "accepted at a lower level")
    yield said
    if one.state is ClaimState.ACCEPTED and one.decided_level:
        accepted = Known(
            one.person, one.competency, one.decided_level, LevelSource.EVIDENCE, one.issued_on
        )
        row = level_row(city, accepted, claim_id=one.id, account_id=assessor.id)
        if one.months:
            row["valid_until"] = min(
                row["valid_until"] or date.max, months_after(one.issued_on, one.months)
            )
        yield row
