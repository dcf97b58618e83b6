"""Levels in force of a whole city, the profile page of one person, and the shelf life of a day."""

import random
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM, RoleName
from app.core.db import db, transaction
from app.core.i18n import Message
from app.core.jobs.models import Job
from app.core.jobs.services import enqueue
from bench.city import application, page_ms, sign_in
from bench.run import Figure
from skills.enums import LevelSource
from skills.models import Competency, Employee, Framework, LevelRecord, Opd
from skills.queries.profile import find_employee, profile_of
from skills.queries.team import team_map
from skills.rules import LevelPolicy, PolicyMode, Requirement
from skills.services.level_policy import RECOMPUTE
from skills.services.levels import preview_levels, recompute_levels
from skills.services.shelf_life import run_daily

COMPETENCIES = 96
_SOURCES = [source.value for source in LevelSource]


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield the figures of 5,000 people and 500,000 rows (a tenth when quick)."""
    people, rows = (500, 50_000) if quick else (5_000, 500_000)
    with application():
        _fill(people, rows)
        yield from _figures(f"{people:,} people, {rows:,} rows")


def _figures(size: str) -> Iterator[Figure]:
    session: Session = db.session()
    ids = list(session.scalars(select(Employee.id).order_by(Employee.id)))
    yield Figure(f"first computation in one job, {size}", _seconds(_job), "s", limit=30)
    yield Figure(f"job without a change, {size}", _seconds(_job), "s", limit=30)
    _change_all_policies()
    yield Figure(f"job after every policy changed, {size}", _seconds(_job), "s", limit=30)
    competency = session.scalars(select(Competency.id).order_by(Competency.id)).first()
    policies = {competency or 0: _policy()}
    shown = _seconds(
        lambda: list(
            preview_levels(session, employee_ids=ids, policies=policies, day=clock.today())
        )
    )
    yield Figure(f"preview of one policy, {size}", shown, "s", limit=5)
    yield Figure(f"daily shelf life, {size}", _seconds(_daily), "s", limit=30)
    yield Figure(
        "profile of one person, server side", _profile_ms(session, ids[0]), "ms", limit=100
    )

    yield Figure("heat map of 500 x 40, data", _heat_map_ms(session), "ms", limit=300)
    yield from _page_figures()


def _page_figures() -> Iterator[Figure]:
    """Yield what a browser waits for: the whole answer of the server, signed in."""
    with transaction(SYSTEM) as session:
        owner = session.scalars(select(Employee).order_by(Employee.id)).first()
        if owner is None:
            raise LookupError("the bench has no people")
        _lengthen(session, owner.id)
        own = sign_in(session, RoleName.EMPLOYEE, owner.id)
        officer = sign_in(session, RoleName.OFFICER)
    yield Figure("profile page with 300 rows", page_ms("/profil", own), "ms", limit=100)
    yield Figure("team page of 100 people", page_ms("/tim?per=100", officer), "ms", limit=300)


def _lengthen(session: Session, employee_id: int) -> None:
    """Give a person 300 rows of history."""
    columns = list(session.scalars(select(Competency.id).order_by(Competency.id)))
    here = session.scalar(
        select(func.count()).select_from(LevelRecord).filter_by(employee_id=employee_id)
    )
    wanted = max(0, 300 - (here or 0))
    rows = list(_history([employee_id], columns, wanted))
    if rows:
        session.execute(insert(LevelRecord.__table__), rows)
    recompute_levels(session, employee_ids=[employee_id])


def _heat_map_ms(session: Session) -> float:
    people = list(session.scalars(select(Employee).order_by(Employee.id).limit(500)))
    columns = list(session.scalars(select(Competency.id).order_by(Competency.id).limit(40)))
    needs = [Requirement(column, 3) for column in columns]
    times = []
    for _round in range(5):
        start = time.perf_counter()
        team_map(session, people, day=clock.today(), standard=needs)
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]


def _policy() -> LevelPolicy:
    return LevelPolicy(PolicyMode.BEST_WITHIN, 2)


def _job() -> None:
    """Run the job that recomputes everybody, as it runs in production; inline, to its end."""
    with transaction(SYSTEM) as session:
        job = enqueue(session, kind=RECOMPUTE, title=Message("Bench"), actor=SYSTEM)
        job_id = job.id
    with transaction(SYSTEM) as session:
        state = session.get_one(Job, job_id).state
    if state != "done":
        raise RuntimeError(f"the job ended as {state}")


def _change_all_policies() -> None:
    """Let every competency follow another rule, so that nearly every level is written anew."""
    with transaction(SYSTEM) as session:
        for number, row in enumerate(session.scalars(select(Competency).order_by(Competency.id))):
            row.policy = ("latest", "best_within", "priority", "best")[number % 4]
            row.policy_years = 3 if row.policy == "best_within" else None
            row.policy_sources = ["assessment"] if row.policy == "priority" else []


def _daily() -> None:
    with transaction(SYSTEM) as session:
        run_daily(session, day=clock.today() + timedelta(days=20))


def _profile_ms(session: Session, employee_id: int) -> float:
    times = []
    for _round in range(20):
        session.rollback()
        start = time.perf_counter()
        employee = find_employee(session, employee_id)
        if employee is not None:
            profile_of(session, employee)
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]


def _seconds(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _fill(people: int, rows: int) -> None:
    with transaction(SYSTEM) as session:
        opd = Opd(code="B1", name="Dinas Bangku", short_name="DB", kind="Dinas")
        frame = Framework(
            code="B", name="Kamus", name_en="Dictionary", kind="TEKNIS", source="", confidence="x"
        )
        session.add_all([opd, frame])
        session.flush()
        session.execute(insert(Competency), list(_competencies(frame.id)))
        session.execute(insert(Employee), list(_people(people, opd.id)))
        employees = list(session.scalars(select(Employee.id).order_by(Employee.id)))
        competencies = list(session.scalars(select(Competency.id).order_by(Competency.id)))
        session.execute(
            insert(LevelRecord.__table__), list(_history(employees, competencies, rows))
        )


def _competencies(framework_id: int) -> Iterator[dict[str, Any]]:
    for number in range(COMPETENCIES):
        yield {
            "framework_id": framework_id,
            "code": f"B-{number:03}",
            "name": f"Kompetensi {number}",
            "name_en": f"Competency {number}",
            "kind": "TEKNIS",
            "state": "in_force",
            "policy": ("best", "latest", "best_within")[number % 3],
            "policy_years": 4 if number % 3 == 2 else None,
            "column": number,
            "position": number,
        }


def _people(count: int, opd_id: int) -> Iterator[dict[str, Any]]:
    moment = clock.now()
    for number in range(count):
        yield {
            "nip": f"1990010120150{number:05}",
            "name": f"Pegawai {number}",
            "employment_kind": "PNS",
            "employment_state": "active",
            "opd_id": opd_id,
            "created_at": moment,
            "updated_at": moment,
        }


def _history(people: list[int], competencies: list[int], rows: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    moment, today = clock.now(), clock.today()
    for number in range(rows):
        obtained: date = today - timedelta(days=chance.randrange(2500))
        yield {
            "employee_id": people[number % len(people)],
            "competency_id": chance.choice(competencies),
            "level": chance.randint(1, 5),
            "source": chance.choice(_SOURCES),
            "obtained_on": obtained,
            "valid_until": obtained + timedelta(days=1100) if chance.random() < 0.5 else None,
            "recorded_at": moment,
        }
