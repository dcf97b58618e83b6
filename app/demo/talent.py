"""Talent of the demonstration city: measured parts, boxes of two years, a pool, successors."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from matching.enums import Readiness
from matching.models import Placement, Seat, TalentAssessment, TalentInput, TalentPool
from matching.services.calibration import close_meeting, move_person, open_meeting, undo_move
from matching.services.pools import advance_pool, change_readiness, leave, nominate, open_pool
from matching.services.scenarios import ScenarioSettings, solve_scenario
from matching.services.succession import add_successor, suggestions
from matching.services.talent_box import compute_period, find_method
from skills.models import Employee

_MOVES = {
    5: ((8, "Memimpin pemulihan layanan selama dua bulan; asesmen potensi menyusul."),),
    7: ((9, "Hasil asesmen terakhir belum masuk ketika kotak dihitung."),),
    8: (
        (9, "Penghargaan tingkat nasional tahun ini belum tercatat."),
        (5, "Sebagian capaian adalah hasil tim; rapat menilai terlalu tinggi."),
    ),
}
_PARTS = (("potential", 0.7), ("feedback_360", 0.5), ("awards", 0.3), ("education_field", 0.6))
_ALL_PARTS = tuple((part, 1.0) for part in (*dict(_PARTS), "assignments"))
_STRUGGLING = 0.05
_SOURCE = "Data contoh"
_OTHER_METHODS = ("PREDIKAT-LANGSUNG", "LOKAL-90-70")


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
    for method in _OTHER_METHODS:
        compute_period(session, actor=SYSTEM, period=day.year - 1, method_code=method)
    counts["calibration move"] = _meetings(session, rng, day)
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
        struggles = rng.random() < _STRUGGLING
        ability = rng.gauss(27, 5) if struggles else rng.gauss(72, 11)
        for part, share in _ALL_PARTS if struggles else _PARTS:
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


def _meetings(session: Session, rng: Random, day: date) -> int:
    """Hold one closed and one open meeting; a move of the open one is undone."""
    method, moved = find_method(session, None), 0
    rows = session.scalars(
        select(TalentAssessment)
        .where(TalentAssessment.period == day.year - 1, TalentAssessment.box.in_((5, 7, 8)))
        .where(TalentAssessment.method_code == method.code)
        .order_by(TalentAssessment.potential.desc(), TalentAssessment.employee_id)
        .limit(60)
    ).all()
    for number, name in enumerate(("Rapat kalibrasi I", "Rapat kalibrasi II")):
        meeting = open_meeting(
            session,
            actor=SYSTEM,
            name=f"{name} {day.year}",
            period=day.year - 1,
            method_code=method.code,
            members="Sekretaris Daerah, Kepala BKPSDM, Inspektur, para Asisten",
            held_on=day - timedelta(days=40 - 30 * number),
        )
        for row in rng.sample(rows, min(4, len(rows))):
            to_box, reason = rng.choice(_MOVES[row.box or 5])
            if to_box == row.box_in_force:
                continue
            move = move_person(
                session,
                actor=SYSTEM,
                meeting=meeting,
                assessment=row,
                to_box=to_box,
                reason=reason,
            )
            moved += 1
        if number == 0:
            close_meeting(session, meeting=meeting)
        elif moved:
            undo_move(session, actor=SYSTEM, move=move, reason="Salah orang; nama depan sama.")
    return moved


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
        .where(TalentAssessment.method_code == find_method(session, None).code)
        .order_by(TalentAssessment.box.desc(), TalentAssessment.employee_id)
        .limit(26)
    ).all()
    members = [
        nominate(
            session,
            actor=SYSTEM,
            pool=pool,
            employee=row.employee,
            readiness=rng.choice(list(Readiness)),
            reason=f"Kotak {row.box} pada periode {row.period}",
            assessment=row,
        )
        for row in found
    ]
    for member in members[:3]:
        change_readiness(
            session, actor=SYSTEM, member=member, readiness="now", reason="Lulus asesmen lanjutan"
        )
    for member in members[-2:]:
        leave(session, actor=SYSTEM, member=member, reason="Meminta keluar untuk tugas belajar")
    _draft_pool(session, day)
    return len(members)


def _draft_pool(session: Session, day: date) -> None:
    """Open a pool that still waits for its first members."""
    open_pool(
        session,
        name=f"Talenta smart city {day.year + 1}",
        kind="smart_city",
        owner="Diskominfo",
        starts_on=date(day.year + 1, 1, 1),
        ends_on=date(day.year + 1, 12, 31),
    )


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
