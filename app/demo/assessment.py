"""Two assessment rounds, one closed with results and one running, and results of a centre."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.core.accounts import grants, lifecycle
from app.core.accounts.models import Account, AccountState
from app.core.actor import SYSTEM, Actor, RoleName, ScopeKind
from app.demo.accounts import SignIn
from app.demo.city import City
from skills.enums import EmploymentState, RaterKind
from skills.ip_asn_rules import band_of
from skills.models import (
    AssessmentAnswer,
    AssessmentRound,
    AssessmentTarget,
    AssessmentTask,
    Employee,
    ResultBatch,
    ResultRow,
)
from skills.queries.assessment_centre import bands_of
from skills.rules import months_after
from skills.services import assessment_closing, assessment_opening, result_import
from skills.services.assessment_rounds import RoundInput, create_round, invite

_MORE_ASSESSORS = 2
_OPDS = 5  # whose people are in the closed round
_PEOPLE = 44
_NOISE: Mapping[str, tuple[float, float]] = {  # mean and spread of what a kind of rater adds
    RaterKind.SELF: (0.45, 0.5),
    RaterKind.SUPERVISOR: (0.15, 0.45),
    RaterKind.ASSESSOR: (0.0, 0.38),
    RaterKind.PEER: (0.2, 0.6),
    RaterKind.SUBORDINATE: (0.3, 0.7),
}
_RESULTS = 18


def write_assessments(
    city: City, sign_ins: Mapping[RoleName, SignIn], officer: Actor
) -> dict[str, int]:
    """Write the rounds with their forms; return counts."""
    rng = city.rng("assessment")
    known = [sign_in.account.employee_id for sign_in in sign_ins.values()]
    chosen = [sign_ins[RoleName.ASSESSOR].account, *_assessors(city, rng, known)]
    team = _people(city, rng, sign_ins)
    closed = _closed_round(city, rng, officer, team, chosen)
    running = _running_round(city, rng, officer, team, chosen, known)
    return {
        "assessment form": closed + running,
        "centre result": _centre(city, rng, team, officer),
    }


def _assessors(city: City, rng: Random, known: Sequence[int | None]) -> list[Account]:
    """Return more assessors, so that a share of people can be rated twice."""
    people = city.session.scalars(
        select(Employee)
        .where(
            Employee.employment_state == EmploymentState.ACTIVE,
            Employee.position_kind == "FUNGSIONAL",
            Employee.id.not_in(known),
        )
        .order_by(Employee.id)
        .limit(40)
    ).all()
    made = []
    for person in rng.sample(list(people), _MORE_ASSESSORS):
        account = lifecycle.create_account(
            city.session,
            name=person.name,
            nip=person.nip,
            email=None,
            employee_id=person.id,
        )
        account.state = AccountState.ACTIVE
        wish = grants.Wish(RoleName.ASSESSOR, ScopeKind.CITY)
        grants.grant_role(city.session, account=account, wish=wish, by=SYSTEM)
        made.append(account)
    return made


def _people(city: City, rng: Random, sign_ins: Mapping[RoleName, SignIn]) -> list[Employee]:
    """Return those who can sign in, their teams, and people of a few OPD."""
    session = city.session
    own = [sign_in.account.employee_id or 0 for sign_in in sign_ins.values()]
    opds = session.scalars(
        select(Employee.opd_id).where(Employee.id.in_(own)).distinct().order_by(Employee.opd_id)
    ).all()
    chiefs = [
        sign_in.account.employee_id or 0
        for role, sign_in in sign_ins.items()
        if role is not RoleName.EXECUTIVE  # the whole of the city's leaders would follow
    ]
    near = Employee.id.in_(own) | Employee.supervisor_id.in_(chiefs)
    first = session.scalars(
        select(Employee)
        .where(Employee.employment_state == EmploymentState.ACTIVE, near)
        .order_by(Employee.id)
    ).all()
    more = session.scalars(
        select(Employee)
        .where(
            Employee.employment_state == EmploymentState.ACTIVE,
            Employee.opd_id.in_(opds[:_OPDS]),
            ~near,
        )
        .order_by(Employee.id)
    ).all()
    rest = max(0, min(len(more), _PEOPLE - len(first)))
    return [*first, *rng.sample(list(more), rest)]


def _round(
    city: City, officer: Actor, name: str, purpose: str, area: tuple[str, ...], **fields: Any
) -> AssessmentRound:
    kinds = {c.code: c for c in city.competencies.values() if c.kind in area}
    given = RoundInput(
        name=name,
        purpose=purpose,
        competency_ids=[one.id for one in list(kinds.values())[:9]],
        double_percent=fields.pop("double_percent"),
        min_raters=3,
        valid_months=36,
        **fields,
    )
    return create_round(city.session, given=given, actor=officer)


def _open(
    city: City,
    officer: Actor,
    round_: AssessmentRound,
    people: Sequence[Employee],
    chosen: Sequence[Account],
) -> list[AssessmentTask]:
    session = city.session
    invite(session, round_=round_, employee_ids=[one.id for one in people], actor=officer)
    targets = session.scalars(
        select(AssessmentTarget)
        .where(AssessmentTarget.round_id == round_.id)
        .order_by(AssessmentTarget.id)
    ).all()
    assessment_opening.hand_out(session, round_=round_, targets=targets, chosen=chosen)
    return list(
        session.scalars(
            select(AssessmentTask)
            .join(AssessmentTarget)
            .where(AssessmentTarget.round_id == round_.id)
            .order_by(AssessmentTask.id)
        )
    )


def _closed_round(
    city: City, rng: Random, officer: Actor, people: list[Employee], chosen: list[Account]
) -> int:
    year = city.day.year
    round_ = _round(
        city,
        officer,
        f"Pemetaan kompetensi manajerial {year}",
        "Dasar rencana pengembangan dan kelompok talenta.",
        ("MANAJERIAL", "SOSIAL_KULTURAL"),
        sources=list(RaterKind),
        starts_on=city.days_ago(150),
        ends_on=city.days_ago(122),
        double_percent=40,
    )
    tasks = _open(city, officer, round_, people, chosen)
    _answer(city, rng, round_, [task for task in tasks if rng.random() < 0.94])
    ids = assessment_closing.target_ids(city.session, round_.id)
    assessment_closing.write_results(city.session, target_ids=ids)
    assessment_closing.finish_round(city.session, round_=round_)
    round_.closed_at = city.at(city.days_ago(120), 9)
    return len(tasks)


def _running_round(
    city: City,
    rng: Random,
    officer: Actor,
    people: list[Employee],
    chosen: list[Account],
    known: Sequence[int | None],
) -> int:
    round_ = _round(
        city,
        officer,
        "Kompetensi digital semester ini",
        "Mengukur kesiapan digital sebelum rencana pelatihan disusun.",
        ("DIGITAL",),
        sources=[RaterKind.SELF, RaterKind.SUPERVISOR, RaterKind.ASSESSOR, RaterKind.PEER],
        starts_on=city.days_ago(9),
        ends_on=city.days_ago(-12),
        double_percent=30,
    )
    tasks = _open(city, officer, round_, people, chosen)
    # Those who can sign in find work of their own to do.
    sent = [
        task
        for task in tasks
        if task.rater_employee_id not in known
        and (task.rater_account_id != chosen[0].id or rng.random() < 0.4)
        and rng.random() < 0.6
    ]
    _answer(city, rng, round_, sent)
    return len(tasks)


def _answer(
    city: City, rng: Random, round_: AssessmentRound, tasks: Sequence[AssessmentTask]
) -> None:
    truth: dict[tuple[int, int], float] = {}
    talent: dict[int, float] = {}
    rows = []
    span = max(1, (min(round_.ends_on, city.day) - round_.starts_on).days)
    for task in tasks:
        base = talent.setdefault(task.target_id, rng.gauss(3.0, 0.7))
        task.state = "sent"
        begun = (city.day - round_.starts_on).days
        task.sent_at = city.at(city.days_ago(begun - rng.randrange(span)), 10)
        lift, spread = _NOISE[task.kind]
        for item in round_.competencies:
            key = task.target_id, item.id
            level = truth.setdefault(key, base + rng.gauss(0, 0.6)) + rng.gauss(lift, spread)
            unseen = rng.random() < 0.05
            rows.append(
                {
                    "task_id": task.id,
                    "competency_id": item.id,
                    "level": None if unseen else max(1, min(5, round(level))),
                    "note": "",
                }
            )
    city.session.flush()
    city.session.execute(insert(AssessmentAnswer), rows)
    city.session.expire_all()


def _centre(city: City, rng: Random, people: Sequence[Employee], officer: Actor) -> int:
    session = city.session
    batch = ResultBatch(
        file_name="hasil-asesmen-pejabat.xlsx",
        provider="Pusat asesmen contoh",
        band_index="JPM_BRIN",
        state="applied",
        created_by_id=officer.account_id,
        created_at=city.at(city.days_ago(80), 9),
        applied_at=city.at(city.days_ago(80), 10),
    )
    codes = [c.code for c in city.competencies.values() if c.kind == "MANAJERIAL"]
    day, bands = city.days_ago(95), bands_of(session, batch.band_index)
    for number, person in enumerate(rng.sample(list(people), min(_RESULTS, len(people))), start=2):
        match = round(min(100.0, max(55.0, rng.gauss(82, 9))), 1)
        batch.rows.append(
            ResultRow(
                number=number,
                employee_id=person.id,
                label=person.name,
                nip=person.nip,
                assessed_on=day,
                valid_until=months_after(day, 36),
                match=match,
                band=str((band_of(match, bands) or {"name": ""})["name"]),
                levels={code: rng.choice((2, 3, 3, 4)) for code in codes},
                state="new",
                problems=[],
            )
        )
    session.add(batch)
    session.flush()
    result_import.write_rows(session, row_ids=[row.id for row in batch.rows])
    return len(batch.rows)
