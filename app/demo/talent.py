"""Talent of the demonstration city: measured parts, boxes of two years, a pool, successors."""

from datetime import date
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from matching.enums import Readiness
from matching.models import Placement, Seat, TalentAssessment, TalentInput, TalentPool
from matching.services.pools import advance_pool, nominate, open_pool
from matching.services.scenarios import ScenarioSettings, solve_scenario
from matching.services.succession import add_successor, suggestions
from matching.services.talent_box import compute_period
from skills.models import Employee

_PARTS = (("potential", 0.7), ("feedback_360", 0.5), ("awards", 0.3), ("education_field", 0.6))
_SOURCE = "Data contoh"


def write_talent(session: Session, *, seed: int, day: date | None = None) -> dict[str, int]:
    """Write measured parts, boxes, a pool, successors and two scenarios; nothing the second time.

    The people, their performance and their seats must be there already.
    """
    day = day or clock.today()
    if session.scalar(select(TalentPool.id).limit(1)):
        return {}
    rng = Random(f"{seed}/talent")
    counts = {"talent input": _inputs(session, rng, day.year - 1)}
    for year in (day.year - 2, day.year - 1):
        counts["assessment"] = compute_period(session, actor=SYSTEM, period=year)
    counts["pool member"] = _pool(session, rng, day)
    counts["successor"] = _successors(session, rng)
    for name, settings in (
        ("Tanpa batas perpindahan", ScenarioSettings()),
        ("Satu orang per OPD", ScenarioSettings(most_leavers=1, own_opd_bonus=5, backups=True)),
    ):
        solve_scenario(session, actor=SYSTEM, name=name, settings=settings)
    return counts


def _inputs(session: Session, rng: Random, last_year: int) -> int:
    people = session.scalars(
        select(Employee.id).where(Employee.employment_state == "active").order_by(Employee.id)
    ).all()
    rows = []
    for person in people:
        ability = rng.gauss(72, 11)
        for part, share in _PARTS:
            if rng.random() < share:
                rows += [
                    TalentInput(
                        employee_id=person,
                        period=year,
                        part=part,
                        points=round(min(100.0, max(20.0, rng.gauss(ability, 7))), 1),
                        source=_SOURCE,
                        recorded_at=clock.now(),
                    )
                    for year in (last_year - 1, last_year)
                ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _pool(session: Session, rng: Random, day: date) -> int:
    pool = open_pool(
        session,
        name=f"Kelompok rencana suksesi {day.year}",
        kind="succession",
        owner="BKPSDM",
        starts_on=date(day.year, 1, 1),
        ends_on=date(day.year, 12, 31),
    )
    advance_pool(session, pool=pool)
    found = session.scalars(
        select(TalentAssessment)
        .where(TalentAssessment.period == day.year - 1, TalentAssessment.box.in_((7, 8, 9)))
        .order_by(TalentAssessment.box.desc(), TalentAssessment.employee_id)
        .limit(18)
    ).all()
    for row in found:
        nominate(
            session,
            actor=SYSTEM,
            pool=pool,
            employee=row.employee,
            readiness=rng.choice(list(Readiness)),
            reason=f"Kotak {row.box} pada periode {row.period}",
            assessment=row,
        )
    return len(found)


def _successors(session: Session, rng: Random) -> int:
    seats = session.scalars(
        select(Seat)
        .where(Seat.is_key.is_(True))
        .where(Seat.id.in_(select(Placement.seat_id).where(Placement.until.is_(None))))
        .order_by(Seat.code)
        .limit(40)
    ).all()
    count = 0
    for seat in seats:
        for person in suggestions(session, seat=seat, top=rng.randint(1, 3)):
            add_successor(
                session,
                actor=SYSTEM,
                seat=seat,
                employee_id=person.person.id,
                readiness=rng.choice(list(Readiness)),
                reason="Kesesuaian tertinggi di luar pengisi",
            )
            count += 1
    return count
